package workload

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Database is a connection or a transaction.
type Database interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Why there are no statistics of statements.
var (
	// ErrNotInstalled: CREATE EXTENSION pg_stat_statements was never run here.
	ErrNotInstalled = errors.New("the extension pg_stat_statements is not installed in this database")
	// ErrNotLoaded: it was, but the server does not load its library.
	ErrNotLoaded = errors.New("the server does not load pg_stat_statements (shared_preload_libraries)")
)

const notInPrerequisiteState = "55000"

// Statistics is the name of the source that FromStatistics reads.
const Statistics = "pg_stat_statements"

// FromStatistics reads pg_stat_statements (version 1.8 and later, PostgreSQL 13
// and later; older views of an upgraded server too): the statements of the
// database that db is connected to, those of all roles added up. Read it before
// anything else is asked, so that the statistics are not about the reader.
func FromStatistics(ctx context.Context, db Database) (*Workload, error) {
	v, err := findView(ctx, db)
	if err != nil {
		return nil, err
	}
	w := &Workload{Source: Statistics, Timed: true}
	if err := v.window(ctx, db, w); err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, v.query())
	if err != nil {
		return nil, v.problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		s := &Statement{}
		var text sql.NullString
		var exec, plan float64
		var entries int
		if err := rows.Scan(&entries, &s.ID, &text, &s.Calls, &s.Rows, &exec, &plan, &s.Plans, &s.HitBlocks, &s.ReadBlocks, &s.TempBlocks, &s.Nested); err != nil {
			return nil, err
		}
		s.SQL, s.Exec, s.Plan = strings.TrimSpace(text.String), milliseconds(exec), milliseconds(plan)
		switch {
		case !text.Valid || s.SQL == "":
			w.Left.NoText += entries
		case s.SQL == "<insufficient privilege>": // all of them in one row: they have no identifier
			w.Left.Hidden += entries
		case strings.Contains(s.SQL, Tag):
			w.Left.Own++
		default:
			w.Statements = append(w.Statements, s)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, v.problem(err)
	}
	w.Sort()
	return w, nil
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// view is pg_stat_statements as it is in this database: its schema and columns
// differ from version to version.
type view struct {
	schema  string
	columns map[string]bool
	info    bool // pg_stat_statements_info is there
}

func findView(ctx context.Context, db Database) (*view, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+Tag+` n.nspname, c.relname, a.attname
		FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
		JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname IN ('pg_stat_statements', 'pg_stat_statements_info') AND c.relkind = 'v'
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE e.extname = 'pg_stat_statements'`)
	if err != nil {
		return nil, fmt.Errorf("looking for pg_stat_statements: %w", err)
	}
	defer rows.Close()
	v := &view{columns: map[string]bool{}}
	for rows.Next() {
		var relation, column string
		if err := rows.Scan(&v.schema, &relation, &column); err != nil {
			return nil, err
		}
		if relation == "pg_stat_statements_info" {
			v.info = true
		} else {
			v.columns[column] = true
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(v.columns) == 0 {
		return nil, ErrNotInstalled
	}
	return v, nil
}

// window asks since when there are statistics. Before version 1.9 nobody knows.
func (v *view) window(ctx context.Context, db Database, w *Workload) error {
	if !v.info {
		return v.problem(db.QueryRowContext(ctx, "SELECT "+Tag+" now()").Scan(&w.Until))
	}
	return v.problem(db.QueryRowContext(ctx, "SELECT "+Tag+" now(), stats_reset, dealloc FROM "+catalog.Quote(v.schema)+".pg_stat_statements_info").
		Scan(&w.Until, &w.Since, &w.Left.Evicted))
}

func (v *view) query() string {
	first := func(otherwise string, names ...string) string {
		for _, n := range names {
			if v.columns[n] {
				return "s." + n
			}
		}
		return otherwise
	}
	nested := "false"
	if v.columns["toplevel"] {
		nested = "NOT s.toplevel"
	}
	return fmt.Sprintf(`SELECT %s count(*), coalesce(s.queryid::text, '') || CASE WHEN %s THEN ' nested' ELSE '' END, min(s.query), sum(s.calls)::bigint, sum(s.rows)::bigint,
		sum(%s)::float8, sum(%s)::float8, sum(%s)::bigint,
		sum(s.shared_blks_hit)::bigint, sum(s.shared_blks_read)::bigint, sum(s.temp_blks_written)::bigint, %s
		FROM %s.pg_stat_statements s WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
		GROUP BY 2, 12`, Tag, nested,
		first("0", "total_exec_time", "total_time"), first("0", "total_plan_time"), first("0", "plans"), nested, catalog.Quote(v.schema))
}

// problem names the one failure that a reader can do something about.
func (v *view) problem(err error) error {
	switch {
	case err == nil:
		return nil
	case pgdb.Code(err) == notInPrerequisiteState:
		return ErrNotLoaded
	}
	return fmt.Errorf("reading pg_stat_statements: %w", err)
}
