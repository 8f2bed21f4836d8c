package traffic

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Options say what is run, and beside whom.
type Options struct {
	File     *migfile.File
	From, To *catalog.Catalog
	Names    Names // of the objects of From in To; nil renames nothing
	Clients  []Client
	// Look reads the catalog as it is now.
	Look func(context.Context) (*catalog.Catalog, error)
}

// A transaction that does not get its lock, or that the server cancels because of
// a deadlock, is tried again, as apply does.
const (
	tries     = 10
	firstWait = 20 * time.Millisecond
	sampling  = 10 * time.Millisecond
)

// Run runs the file and says what came of it. An error is one of the migration
// or of the connection; what clients met is in the Outcome.
func Run(ctx context.Context, db *pgdb.DB, o Options) (*Outcome, error) {
	if o.Names == nil {
		o.Names = func(id catalog.ID) catalog.ID { return id }
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r := &run{ctx: ctx, db: db, conn: conn, runner: db.Runner(conn), o: o, promises: promises(o.From, o.To, o.Names), open: map[string]*Lapse{}}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	crowd, err := gather(ctx, db, o.Clients, &r.out)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	err = r.segments() //nolint:contextcheck // a ROLLBACK goes on where ctx has ended
	r.out.Took = time.Since(began)
	crowd.end()
	r.out.settle()
	return &r.out, err
}

// run is one way of a migration while it runs.
type run struct {
	ctx      context.Context
	db       *pgdb.DB
	conn     *sql.Conn
	runner   *pgdb.Runner
	o        Options
	w        watcher
	promises []promise
	open     map[string]*Lapse // that go on
	since    time.Time         // of the last look
	out      Outcome
}

// prepare finds out what the session is called and which tables are there.
func (r *run) prepare() error {
	if err := r.conn.QueryRowContext(r.ctx, "SELECT pg_catalog.pg_backend_pid()::text").Scan(&r.w.pid); err != nil {
		return err
	}
	rows, err := pgdb.TextRows(r.ctx, r.conn, `SELECT ARRAY[c.oid::text, n.nspname || '.' || c.relname, greatest(c.reltuples, 0)::int8::text]
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.oid >= 16384 AND n.nspname NOT LIKE 'pg\_%'`)
	if err != nil {
		return err
	}
	r.w.tables = map[string]*Table{}
	for _, row := range rows {
		t := &Table{Name: row[1]}
		fmt.Sscan(row[2], &t.Rows)
		r.w.tables[row[0]] = t
		r.out.Tables = append(r.out.Tables, t)
	}
	return nil
}

func (r *run) segments() error {
	r.since = time.Now()
	for _, s := range r.o.File.Segments {
		var err error
		if s.Transactional {
			err = r.together(s)
		} else {
			err = r.oneByOne(s)
		}
		if err != nil {
			return err
		}
	}
	for _, l := range r.open { // for good: that would be a difference, which the other proof finds
		r.out.Lapses = append(r.out.Lapses, *l)
	}
	return nil
}

// together runs a transaction, again where it did not get its locks.
func (r *run) together(s migfile.Segment) error {
	for try := 1; ; try++ {
		last, err := r.once(s)
		if err == nil {
			return r.look(last)
		}
		if _, e := r.runner.ExecContext(context.WithoutCancel(r.ctx), "ROLLBACK"); e != nil {
			return errors.Join(err, e)
		}
		if code := pgdb.Code(err); try == tries || code != "55P03" && code != "40P01" {
			return err
		}
		r.out.Retries++
		pause(r.ctx, firstWait*time.Duration(try)+rand.N(firstWait))
	}
}

// once runs a transaction and measures its locks; it gives the last statement.
func (r *run) once(s migfile.Segment) (last string, err error) {
	ss := r.w.begin()
	defer ss.end()
	if _, err := r.runner.ExecContext(r.ctx, "BEGIN"); err != nil {
		return "", err
	}
	for _, st := range s.Statements {
		start := r.w.start(st.SQL)
		if _, err := r.runner.ExecContext(r.ctx, st.SQL); err != nil {
			// It stopped others while it waited.
			return st.SQL, &StatementError{st.SQL, err}
		}
		if migfile.Setting(st.SQL) {
			continue
		}
		last = st.SQL
		found, err := r.w.held(r.ctx, r.conn)
		if err != nil {
			return last, err
		}
		ss.see(found, start)
	}
	if _, err = r.runner.ExecContext(r.ctx, "COMMIT"); err != nil {
		return last, &StatementError{"COMMIT", err}
	}
	return last, nil
}

// oneByOne runs statements outside of transactions, while another session looks
// at their locks.
func (r *run) oneByOne(s migfile.Segment) error {
	for _, st := range s.Statements {
		stop, err := r.sample(st.SQL)
		if err != nil {
			return err
		}
		_, err = r.runner.ExecContext(r.ctx, st.SQL)
		stop()
		if err != nil {
			return &StatementError{st.SQL, err}
		}
		if !migfile.Setting(st.SQL) {
			if err := r.look(st.SQL); err != nil {
				return err
			}
		}
	}
	return nil
}

// sample looks at the locks of a statement that runs, until stop.
func (r *run) sample(statement string) (stop func(), err error) {
	if migfile.Setting(statement) {
		return func() {}, nil
	}
	conn, err := r.db.Conn(r.ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer conn.Close()
		ss := r.w.begin()
		for ctx.Err() == nil {
			start := r.w.start(statement)
			found, err := r.w.held(context.WithoutCancel(ctx), conn)
			if err != nil {
				break
			}
			if len(found) == 0 { // between two of its transactions
				ss.end()
				ss = r.w.begin()
			}
			ss.see(found, start)
			pause(ctx, sampling)
		}
		ss.end()
	}()
	return func() { cancel(); <-done }, nil
}

// look looks whether what both schemas have is there, after a commit.
func (r *run) look(statement string) error {
	began := time.Now()
	now, err := r.o.Look(r.ctx)
	if err != nil {
		return err
	}
	missing := broken(r.promises, now)
	for what, l := range r.open {
		l.For += began.Sub(r.since)
		if _, still := missing[what]; !still {
			r.out.Lapses = append(r.out.Lapses, *l)
			delete(r.open, what)
		}
	}
	for what, id := range missing {
		if r.open[what] == nil {
			r.open[what] = &Lapse{ID: id, What: what, After: strings.TrimSpace(statement)}
		}
	}
	r.since = began
	return nil
}

// StatementError says which statement the server refused.
type StatementError struct {
	SQL string
	Err error
}

// Error is the server's message.
func (e *StatementError) Error() string { return oneLine(e.Err) }

func (e *StatementError) Unwrap() error { return e.Err }
