package traffic

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

const (
	clientPause = 5 * time.Millisecond // between two statements of a client
	longReader  = time.Second          // how long the session with a snapshot keeps it
	calm        = 200 * time.Millisecond
)

// Client is the statements of a reader or writer of a table: in the names before
// the migration and in those after it, where they differ.
type Client struct {
	Table      string // as Tables are named
	Write      bool
	Statements []string
}

// crowd is all clients while they run.
type crowd struct {
	stop    context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	begun  time.Time // of the migration; zero is the calm before
	out    *Outcome
	tables map[string]*Table
}

// gather starts those clients whose statements the server takes.
func gather(ctx context.Context, db *pgdb.DB, clients []Client, out *Outcome) (*crowd, error) {
	stopped, stop := context.WithCancel(ctx)
	c := &crowd{stop: stop, out: out, tables: map[string]*Table{}}
	for _, t := range out.Tables {
		c.tables[t.Name] = t
	}
	for _, cl := range clients {
		conn, err := db.Conn(ctx)
		if err != nil {
			c.end()
			return nil, err
		}
		if _, err := conn.ExecContext(ctx, cl.Statements[0]); err != nil {
			out.Idle = append(out.Idle, fmt.Sprintf("%s has no %s: %v", cl.Table, cl.word(), err))
			conn.Close()
			continue
		}
		c.running.Go(func() {
			defer conn.Close()
			c.work(stopped, conn, cl)
		})
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		c.end()
		return nil, err
	}
	c.running.Go(func() {
		defer conn.Close()
		c.keepSnapshots(stopped, conn)
	})
	pause(ctx, calm)
	c.mu.Lock()
	c.begun = time.Now()
	c.mu.Unlock()
	return c, ctx.Err()
}

// end stops all clients and waits for them.
func (c *crowd) end() {
	c.stop()
	c.running.Wait()
}

func (cl Client) word() string {
	if cl.Write {
		return "writer"
	}
	return "reader"
}

// work runs a client's statement again and again. Under a name that is no more
// it goes on with the other one. A statement that runs is not cut off at the end.
func (c *crowd) work(ctx context.Context, conn *sql.Conn, cl Client) {
	at := 0
	once := func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), cl.Statements[at])
		for try := 1; err != nil && unknownName(err) && try < len(cl.Statements)*2; try++ {
			at = (at + 1) % len(cl.Statements)
			_, err = conn.ExecContext(context.WithoutCancel(ctx), cl.Statements[at])
		}
		return err
	}
	for ctx.Err() == nil {
		began := time.Now()
		err := once()
		c.note(cl, began, time.Now(), err)
		pause(ctx, clientPause)
	}
	if err := once(); err != nil {
		c.wanted(cl, err)
	}
}

// wanted takes back a failure that is the wanted schema's own doing, since it is
// still there in the end.
func (c *crowd) wanted(cl Client, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := cl.failure(err)
	c.out.Failed = slices.DeleteFunc(c.out.Failed, func(f string) bool { return f == text })
	c.out.Idle = append(c.out.Idle, text+", in the wanted schema too")
}

func (cl Client) failure(err error) string {
	return fmt.Sprintf("the %s of %s: %s", cl.word(), cl.Table, oneLine(err))
}

// note keeps the longest waits, and each kind of failure once.
func (c *crowd) note(cl Client, began, ended time.Time, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tables[cl.Table]
	place := map[bool]*time.Duration{false: &t.Read, true: &t.Write}
	if c.begun.IsZero() {
		place = map[bool]*time.Duration{false: &t.CalmRead, true: &t.CalmWrite}
	}
	*place[cl.Write] = max(*place[cl.Write], ended.Sub(began))
	if err == nil {
		return
	}
	if text := cl.failure(err); !slices.Contains(c.out.Failed, text) {
		c.out.Failed = append(c.out.Failed, text)
	}
}

// keepSnapshots is a long report: it holds a snapshot, for which concurrent
// builds wait, and no lock on any table of the user.
func (c *crowd) keepSnapshots(ctx context.Context, conn *sql.Conn) {
	for ctx.Err() == nil {
		for _, q := range []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT count(*) FROM pg_catalog.pg_class"} {
			if _, err := conn.ExecContext(context.WithoutCancel(ctx), q); err != nil {
				return
			}
		}
		pause(ctx, longReader)
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
			return
		}
	}
}

// unknownName tells whether a name is not there: of a table, a column, a schema,
// or a value.
func unknownName(err error) bool {
	switch pgdb.Code(err) {
	case "42P01", "42703", "3F000":
		return true
	}
	return false
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// oneLine is what the server said, without places in a text that nobody sees.
func oneLine(err error) string {
	if e := pgdb.AsError(err); e != nil {
		return fmt.Sprintf("%s (SQLSTATE %s)", strings.Join(strings.Fields(e.Message), " "), e.Code)
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
