package apply

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// watch compares what the server says about tables and locks before and after
// a statement.
type watch struct {
	steps  []Step
	group  string // what the last step has in common with a statement that joins it
	open   bool   // the last step was not looked at yet
	inside bool   // a transaction is open: its locks tell which tables to look at
	conn   *sql.Conn
	run    Runner           // on conn
	before map[uint32]table // at the start: sizes are lost when a table is rewritten
	now    map[uint32]table
	locks  []Lock
}

type table struct {
	name        string
	file        uint32
	rows, bytes int64
	scans       int64
}

func (w *watch) start(ctx context.Context) (err error) {
	if w.before, err = w.tables(ctx, false); err != nil {
		return err
	}
	w.now, w.open, w.group = maps.Clone(w.before), false, ""
	w.locks, err = w.held(ctx)
	return err
}

func (w *watch) last() *Step { return &w.steps[len(w.steps)-1] }

func (w *watch) failed() bool { return len(w.steps) > 0 && w.last().Failed != nil }

// pass notes a statement that is not run.
func (w *watch) pass(f *migfile.File, st sqltext.Statement, why string) {
	w.steps, w.group = append(w.steps, Step{File: f, SQL: st.SQL, Line: st.Line, Count: 1, Skipped: why}), ""
}

// step runs one statement and writes down what it did. One that changes rows as the
// one before it did joins that: what both did is looked at once, at the end.
func (w *watch) step(ctx context.Context, f *migfile.File, st sqltext.Statement) error {
	group := changes(st.SQL)
	if group == "" || group != w.group || w.last().File != f {
		if err := w.settle(ctx); err != nil {
			return err
		}
		w.steps = append(w.steps, Step{File: f, SQL: st.SQL, Line: st.Line})
	}
	w.group, w.open = group, true
	step := w.last()
	start := time.Now()
	result, err := w.run.ExecContext(ctx, st.SQL)
	step.Took += time.Since(start)
	if err != nil {
		if pgdb.AsError(err) == nil {
			return err
		}
		if step.Count > 0 { // those before it went well
			w.steps = append(w.steps, Step{File: f, SQL: st.SQL, Line: st.Line})
			step = w.last()
		}
		step.Count, step.Failed, step.SQLState, w.open = 1, Failed(f, st, err), pgdb.Code(err), false
		return nil
	}
	step.Count++
	if word := sqltext.Words(st.SQL, 1); len(word) > 0 && slices.Contains([]string{"insert", "update", "delete", "merge", "with"}, word[0]) {
		n, _ := result.RowsAffected()
		step.Affected += n
	}
	if group != "" {
		return nil
	}
	return w.settle(ctx)
}

// changes is what statements that change rows of one table have in common: the
// first words, with the table. "" is no such statement.
func changes(sql string) string {
	s := sqltext.NewScanner(sql)
	var words []string
	for len(words) < 6 {
		t, ok := s.Next()
		if !ok {
			break
		}
		word := sql[t.From:t.To]
		switch t.Kind {
		case sqltext.Space, sqltext.Comment:
			continue
		case sqltext.Word:
			word = strings.ToLower(word)
		case sqltext.Identifier:
		default:
			if word != "." {
				return group(words)
			}
		}
		if slices.Contains([]string{"set", "values", "where", "select", "as", "default", "using", "overriding"}, word) {
			return group(words)
		}
		words = append(words, word)
	}
	return group(words)
}

func group(words []string) string {
	if len(words) < 2 || !slices.Contains([]string{"insert", "update", "delete"}, words[0]) {
		return ""
	}
	return strings.Join(words, " ")
}

// settle looks at what the last step did, where that was put off.
func (w *watch) settle(ctx context.Context) error {
	if !w.open {
		return nil
	}
	w.open = false
	return w.compare(ctx, w.last())
}

func (w *watch) compare(ctx context.Context, step *Step) error {
	if len(w.before) == 0 {
		return nil // all that it can touch is new
	}
	locks, err := w.held(ctx)
	if err != nil {
		return err
	}
	for _, l := range locks {
		if !slices.Contains(w.locks, l) {
			step.Locks = append(step.Locks, l)
		}
	}
	w.locks = locks
	tables, err := w.tables(ctx, w.inside)
	if err != nil {
		return err
	}
	for oid, is := range tables {
		old, there := w.before[oid]
		was := w.now[oid]
		touched := Touched{old.name, old.rows, old.bytes}
		if there && is.file != was.file {
			step.Rewritten = append(step.Rewritten, touched)
		}
		if there && is.scans > was.scans {
			step.Scanned = append(step.Scanned, touched)
		}
	}
	for _, list := range [][]Touched{step.Rewritten, step.Scanned} {
		slices.SortFunc(list, func(a, b Touched) int { return strings.Compare(a.Relation, b.Relation) })
	}
	for oid, is := range tables {
		w.now[oid] = is
	}
	return nil
}

// tables are all tables and materialized views of users, by their numbers, or those
// that the transaction has locked: it cannot have done anything to the others.
func (w *watch) tables(ctx context.Context, locked bool) (map[uint32]table, error) {
	only := ""
	if locked {
		only = ` AND c.oid IN (SELECT l.relation FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation')`
	}
	rows, err := w.conn.QueryContext(ctx, `SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relfilenode,
		c.reltuples::bigint, c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint,
		coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'm', 'p', 'f', 'v', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`+only)
	if err != nil {
		return nil, fmt.Errorf("asking for the tables: %w", err)
	}
	defer rows.Close()
	found := map[uint32]table{}
	for rows.Next() {
		var oid uint32
		var t table
		if err := rows.Scan(&oid, &t.name, &t.file, &t.rows, &t.bytes, &t.scans); err != nil {
			return nil, err
		}
		found[oid] = t
	}
	return found, rows.Err()
}

// held are the locks that this transaction holds on what existed before it,
// without those that stop nobody.
func (w *watch) held(ctx context.Context) ([]Lock, error) {
	rows, err := w.conn.QueryContext(ctx, `SELECT relation, mode FROM pg_catalog.pg_locks
		WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted AND mode <> 'AccessShareLock' ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("asking for the locks: %w", err)
	}
	defer rows.Close()
	var found []Lock
	for rows.Next() {
		var oid uint32
		var mode string
		if err := rows.Scan(&oid, &mode); err != nil {
			return nil, err
		}
		if t, ok := w.before[oid]; ok {
			found = append(found, Lock{lockWords(mode), t.name})
		}
	}
	return found, rows.Err()
}

// lockWords writes AccessExclusiveLock as LOCK TABLE does: ACCESS EXCLUSIVE.
func lockWords(mode string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(mode, "Lock") {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}
