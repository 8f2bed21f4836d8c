package apply

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// concurrent says that a statement goes on beside others, and waits for old
// transactions.
func concurrent(sql string) bool {
	return migfile.ConcurrentIndex(sql).Name != "" || migfile.ConcurrentDetach(sql).Partition != "" || migfile.ConcurrentReindex(sql).Kind != ""
}

// leftover looks at what an interrupted try of a statement left, and clears it
// away. done says that the try had succeeded after all.
func (r *run) leftover(ctx context.Context, st sqltext.Statement) (done bool, err error) {
	if d := migfile.ConcurrentDetach(st.SQL); d.Partition != "" {
		return r.detached(ctx, st, d)
	}
	if what := migfile.ConcurrentReindex(st.SQL); what.Kind != "" {
		return false, r.sweep(ctx, r.conn, what)
	}
	index := migfile.ConcurrentIndex(st.SQL)
	switch {
	case index.Name == "":
		return false, nil
	case index.Drop:
		there, _, err := indexState(ctx, r.conn, index.Name)
		return !there, err
	}
	name := indexName(index)
	there, valid, err := indexState(ctx, r.conn, name)
	if err != nil || !there || valid {
		return valid, err
	}
	r.options.Say("the index %s was left invalid; it is dropped and built again", name)
	if _, err := r.conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY "+name); err != nil {
		return false, Failed(r.file, st, err)
	}
	return false, nil
}

// Clear removes what the statement behind the first done ones of a file has left
// when it failed: an invalid index, which is no part of what was applied.
func (s *Session) Clear(ctx context.Context, f *migfile.File, done int) error {
	n := 0
	for _, segment := range f.Segments {
		for _, st := range segment.Statements {
			index := migfile.ConcurrentIndex(st.SQL)
			if n++; n != done+1 || index.Name == "" || index.Drop {
				continue
			}
			name := indexName(index)
			if there, valid, err := indexState(ctx, s.conn, name); err != nil || !there || valid {
				return err
			}
			s.options.Say("the index %s was left invalid; it is dropped", name)
			for _, sql := range []string{"SET lock_timeout = 0", "DROP INDEX CONCURRENTLY " + name, s.lockTimeout()} {
				if _, err := s.conn.ExecContext(ctx, sql); err != nil {
					return Failed(f, st, err)
				}
			}
			return nil
		}
	}
	return nil
}

// detached ends a DETACH PARTITION CONCURRENTLY that was cut off.
func (r *run) detached(ctx context.Context, st sqltext.Statement, d migfile.Detach) (done bool, err error) {
	var pending bool
	err = r.conn.QueryRowContext(ctx, `SELECT pg_catalog.to_jsonb(i) ->> 'inhdetachpending' = 'true' FROM pg_catalog.pg_inherits i
		WHERE i.inhrelid = pg_catalog.to_regclass(`+pgdb.QuoteLiteral(d.Partition)+`)`).Scan(&pending)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return true, nil
	case err != nil || !pending:
		return false, err
	}
	r.options.Say("the partition %s was left half detached; that is finished", d.Partition)
	if _, err := r.conn.ExecContext(ctx, "ALTER TABLE "+d.Table+" DETACH PARTITION "+d.Partition+" FINALIZE"); err != nil {
		return false, Failed(r.file, st, err)
	}
	return true, nil
}

// clear removes the index that an interrupted build has left invalid, or says
// how. There is little time for it: somebody waits for the program to end.
func (r *run) clear(ctx context.Context, st sqltext.Statement) {
	index := migfile.ConcurrentIndex(st.SQL)
	if what := migfile.ConcurrentReindex(st.SQL); what.Kind != "" {
		r.clearReindex(ctx, what)
		return
	}
	if index.Name == "" || index.Drop {
		return
	}
	ctx, cancel := ending(ctx)
	defer cancel()
	name := indexName(index)
	how := func() {
		r.options.Say("the index %s is left invalid; applying the file again builds it anew, and DROP INDEX CONCURRENTLY %s removes it", name, name)
	}
	conn, err := r.db.Conn(ctx) // the one before is spent
	if err != nil {
		how()
		return
	}
	defer conn.Close()
	there, valid, err := indexState(ctx, conn, name)
	if err == nil && (!there || valid) {
		return
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY "+name)
	}
	if err != nil {
		how()
		return
	}
	r.options.Say("the index %s, which was half built, is removed", name)
}

// indexName is an index as its statement names it: it lies in its table's schema.
func indexName(i migfile.Index) string {
	if i.Table != "" && i.Schema != "" {
		return i.Schema + "." + i.Name
	}
	return i.Name
}

// indexState says whether an index of a name (as in SQL) exists and is valid.
func indexState(ctx context.Context, conn *sql.Conn, name string) (there, valid bool, err error) {
	err = conn.QueryRowContext(ctx, `SELECT i.indisvalid FROM pg_catalog.pg_index i
		WHERE i.indexrelid = pg_catalog.to_regclass(`+pgdb.QuoteLiteral(name)+`)`).Scan(&valid)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, valid, err
}

func itoa(n int) string { return strconv.Itoa(n) }
