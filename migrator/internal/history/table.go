package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// Table is the history in one database, through one connection.
type Table struct {
	conn *sql.Conn
	// Set tells several histories in one database apart: --history.
	Set string
	// Name is the table, qualified; "" while there is none.
	Name string
	old  bool  // it lacks columns that later versions added
	last int64 // the highest number of a row, of all histories: nobody else writes while we hold the lock
}

// On is the history behind a connection. Find looks for its table.
func On(conn *sql.Conn, set string) *Table { return &Table{conn: conn, Set: set} }

// Moved is the same table through another connection.
func (t *Table) Moved(conn *sql.Conn) *Table {
	return &Table{conn: conn, Set: t.Set, Name: t.Name, old: t.old, last: t.last}
}

// create makes the table in the first schema of the search path. The numbers are
// ours, so that no sequence is needed.
const create = `CREATE TABLE IF NOT EXISTS ` + catalog.HistoryTable + ` (
	id          bigint PRIMARY KEY,
	history     text NOT NULL DEFAULT '',
	name        text NOT NULL,
	undoes      text,
	version     text NOT NULL DEFAULT '',
	origin      text NOT NULL DEFAULT '',
	sha256      text NOT NULL,
	statements  integer NOT NULL,
	done        integer NOT NULL,
	done_sha256 text NOT NULL,
	running     integer NOT NULL DEFAULT 0,
	started     timestamptz NOT NULL,
	finished    timestamptz,
	duration_ms bigint GENERATED ALWAYS AS ((extract(epoch from finished - started) * 1000)::bigint) STORED,
	tool        text NOT NULL,
	applied_by  text NOT NULL,
	skipped     integer[],
	content     text
)`

// upgrade adds the columns that a table of an earlier version lacks.
const upgrade = `
	ADD COLUMN IF NOT EXISTS history text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS version text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS origin text NOT NULL DEFAULT '',
	ADD COLUMN IF NOT EXISTS running integer NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS skipped integer[],
	ADD COLUMN IF NOT EXISTS content text`

// Find looks for the table in any schema.
func (t *Table) Find(ctx context.Context) error {
	err := t.conn.QueryRowContext(ctx, `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
		NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'content')
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relname = `+pgdb.QuoteLiteral(catalog.HistoryTable)+` AND c.relkind = 'r' AND n.nspname !~ '^pg_'
		ORDER BY n.nspname LIMIT 1`).Scan(&t.Name, &t.old)
	if errors.Is(err, sql.ErrNoRows) {
		t.Name = "" // a transaction that was rolled back may have made it
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for the history: %w", err)
	}
	return nil
}

// Ensure makes the table where there is none, and brings an old one up to date.
// ready says that there is nothing to do.
func (t *Table) Ensure(ctx context.Context) error {
	if t.Ready() {
		return nil
	}
	if t.Name != "" {
		if _, err := t.conn.ExecContext(ctx, "ALTER TABLE "+t.Name+upgrade); err != nil {
			return unmade(err, "add columns to")
		}
		return t.Find(ctx)
	}
	if _, err := t.conn.ExecContext(ctx, create); err != nil {
		return unmade(err, "make")
	}
	return t.Find(ctx)
}

// Ready says that the table is there, with all of its columns.
func (t *Table) Ready() bool { return t.Name != "" && !t.old }

func unmade(err error, what string) error {
	e := pgdb.AsError(err)
	if e == nil {
		return err
	}
	hint := "grant the role CREATE on a schema of its search path"
	switch {
	case e.Code == pgdb.ReadOnlyTransaction:
		hint = "connect to the primary server, with a role that may write"
	case what != "make":
		hint = "the table's owner can do that: apply once with that role"
	}
	return problem.Wrap(err, hint, "cannot %s the table %s: %s", what, catalog.HistoryTable, e.Message)
}

// entries are read as JSON, so that a table of an earlier version can be read,
// too.
const rowAsJSON = `pg_catalog.to_jsonb(h) - 'content' || pg_catalog.jsonb_build_object('kept', (pg_catalog.to_jsonb(h) ->> 'content') IS NOT NULL)`

// Entries are all rows of this history, the oldest first.
func (t *Table) Entries(ctx context.Context) ([]*Entry, error) {
	if t.Name == "" {
		return nil, nil
	}
	kept := rowAsJSON
	if !t.old { // without reading every text
		kept = `pg_catalog.to_jsonb((SELECT r FROM (SELECT h.id, h.history, h.name, h.undoes, h.version, h.origin, h.sha256, h.statements, h.done, h.done_sha256, h.running, h.skipped, h.started, h.finished, h.tool, h.applied_by, h.content IS NOT NULL AS kept) r))`
	}
	rows, err := t.conn.QueryContext(ctx, "SELECT "+kept+" FROM "+t.Name+" h ORDER BY h.id")
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	defer rows.Close()
	var all []*Entry
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		e := &Entry{}
		if err := json.Unmarshal(text, e); err != nil {
			return nil, fmt.Errorf("reading the history: %w", err)
		}
		t.last = max(t.last, e.ID)
		if e.Set == t.Set {
			all = append(all, e)
		}
	}
	return all, rows.Err()
}

// Content is the text that was kept of a row; "" where none was.
func (t *Table) Content(ctx context.Context, id int64) (string, error) {
	if t.old || t.Name == "" {
		return "", nil
	}
	var text sql.NullString
	err := t.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT content FROM %s WHERE id = %d", t.Name, id)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return text.String, err
}

// Row is what a new row holds.
type Row struct {
	Name, Undoes, Version string
	Origin                Origin
	SHA256                string
	Statements, Done      int
	DoneSHA256            string
	Started               time.Time
	Finished              bool
	At                    *time.Time // when it was finished; nil is now
	Tool                  string
	Skipped               []int  // statements that are passed over, from 1
	Content               string // "" keeps none
}

// RowOf is a row of a file that starts.
func RowOf(f *migfile.File, version, tool, content string, started time.Time) Row {
	return Row{Name: f.Name, Undoes: f.Undoes, Version: version, SHA256: f.SHA256, Statements: f.Statements(), DoneSHA256: f.Prefix(0),
		Started: started, Tool: tool, Content: content}
}

// Insert is the statement that adds a row, with its number. Entries must have been
// read under the lock of migrations. A row that is rolled back leaves a gap, which
// does not matter.
func (t *Table) Insert(r Row) (id int64, statement string) {
	t.last++
	q, null := pgdb.QuoteLiteral, func(s string) string {
		if s == "" {
			return "NULL"
		}
		return pgdb.QuoteLiteral(s)
	}
	finished := "NULL"
	switch {
	case r.Finished && r.At != nil:
		finished = stamp(*r.At)
	case r.Finished:
		finished = "pg_catalog.clock_timestamp()"
	}
	values := []string{fmt.Sprint(t.last), q(t.Set), q(r.Name), null(r.Undoes), q(r.Version), q(string(r.Origin)), q(r.SHA256), fmt.Sprint(r.Statements), fmt.Sprint(r.Done),
		q(r.DoneSHA256), stamp(r.Started), finished, q(r.Tool), "session_user", array(r.Skipped), null(r.Content)}
	return t.last, fmt.Sprintf("INSERT INTO %s (id, history, name, undoes, version, origin, sha256, statements, done, done_sha256, started, finished, tool, applied_by, skipped, content) VALUES (%s)",
		t.Name, strings.Join(values, ", "))
}

func array(numbers []int) string {
	if len(numbers) == 0 {
		return "NULL"
	}
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return "ARRAY[" + strings.Join(words, ", ") + "]"
}

func stamp(at time.Time) string {
	return pgdb.QuoteLiteral(at.UTC().Format(time.RFC3339Nano)) + "::timestamptz"
}

// Add adds a row, as Insert says.
func (t *Table) Add(ctx context.Context, r Row) error {
	_, statement := t.Insert(r)
	return t.write(ctx, statement)
}

// Progress is the statement that records that the first done statements of a file are
// applied.
func (t *Table) Progress(id int64, f *migfile.File, done int, finished bool) string {
	end := ""
	if finished {
		end = fmt.Sprintf(", finished = pg_catalog.clock_timestamp(), sha256 = %s, statements = %d", pgdb.QuoteLiteral(f.SHA256), f.Statements())
	}
	return t.update(id, fmt.Sprintf("done = %d, done_sha256 = '%s', running = 0%s", done, f.Prefix(done), end))
}

// Begin records that a statement begins outside of a transaction; 0 that it has
// ended.
func (t *Table) Begin(ctx context.Context, id int64, statement int) error {
	return t.write(ctx, t.update(id, fmt.Sprintf("running = %d", statement)))
}

// Accept records another text of a file that is applied.
func (t *Table) Accept(ctx context.Context, id int64, f *migfile.File, content string) error {
	return t.write(ctx, t.update(id, fmt.Sprintf("sha256 = %s, statements = %d, done = %d, done_sha256 = '%s', content = nullif(%s, '')",
		pgdb.QuoteLiteral(f.SHA256), f.Statements(), f.Statements(), f.Prefix(f.Statements()), pgdb.QuoteLiteral(content))))
}

func (t *Table) update(id int64, set string) string {
	return fmt.Sprintf("UPDATE %s SET %s WHERE id = %d", t.Name, set, id)
}

func (t *Table) write(ctx context.Context, statement string) error {
	if _, err := t.conn.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}
