package apply

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// HistoryTable is where it is written down what was applied. Package catalog
// leaves a table of this name out of every schema.
const HistoryTable = catalog.HistoryTable

// Entry is a row of the history: one run of one file.
type Entry struct {
	ID         int64
	Name       string // the file's base name
	Undoes     string // the file that this one takes back, or ""
	SHA256     string
	Statements int
	Done       int    // statements that are applied
	DoneSHA256 string // of those statements, see migfile.Prefix
	Started    time.Time
	Finished   *time.Time // nil while it is under way
	Tool       string
	By         string
}

// history is the table in one database, through the connection that migrates.
type history struct {
	conn  *sql.Conn
	table string // qualified; "" when there is none yet
}

// createHistory makes the table in the first schema of the search path. The
// numbers are ours, so that no sequence is needed.
const createHistory = `CREATE TABLE IF NOT EXISTS ` + HistoryTable + ` (
	id          bigint PRIMARY KEY,
	name        text NOT NULL,
	undoes      text,
	sha256      text NOT NULL,
	statements  integer NOT NULL,
	done        integer NOT NULL,
	done_sha256 text NOT NULL,
	started     timestamptz NOT NULL,
	finished    timestamptz,
	duration_ms bigint GENERATED ALWAYS AS ((extract(epoch from finished - started) * 1000)::bigint) STORED,
	tool        text NOT NULL,
	applied_by  text NOT NULL
)`

// find looks for the table in any schema.
func (h *history) find(ctx context.Context) error {
	err := h.conn.QueryRowContext(ctx, `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relname = `+pgdb.QuoteLiteral(HistoryTable)+` AND c.relkind = 'r' AND n.nspname !~ '^pg_'
		ORDER BY n.nspname LIMIT 1`).Scan(&h.table)
	if errors.Is(err, sql.ErrNoRows) {
		h.table = "" // a transaction that was rolled back may have made it
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for the history: %w", err)
	}
	return nil
}

// ensure makes the table where there is none.
func (h *history) ensure(ctx context.Context) error {
	if h.table != "" {
		return nil
	}
	if _, err := h.conn.ExecContext(ctx, createHistory); err != nil {
		e := pgdb.AsError(err)
		if e == nil {
			return err
		}
		return problem.Wrap(err, "grant the role CREATE on a schema of its search path", "cannot make the table %s: %s", HistoryTable, e.Message)
	}
	return h.find(ctx)
}

const entryColumns = "id, name, coalesce(undoes, ''), sha256, statements, done, done_sha256, started, finished, tool, applied_by"

func scanEntry(row interface{ Scan(...any) error }) (*Entry, error) {
	var e Entry
	err := row.Scan(&e.ID, &e.Name, &e.Undoes, &e.SHA256, &e.Statements, &e.Done, &e.DoneSHA256, &e.Started, &e.Finished, &e.Tool, &e.By)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

// last is the newest entry about a file: it was applied, or taken back. nil
// means that nothing is known of it.
func (h *history) last(ctx context.Context, name string) (*Entry, error) {
	if h.table == "" {
		return nil, nil
	}
	n := pgdb.QuoteLiteral(name)
	return scanEntry(h.conn.QueryRowContext(ctx, "SELECT "+entryColumns+" FROM "+h.table+
		" WHERE name = "+n+" OR undoes = "+n+" ORDER BY id DESC LIMIT 1"))
}

// unfinished is another file whose run was cut off.
func (h *history) unfinished(ctx context.Context, name string) (*Entry, error) {
	if h.table == "" {
		return nil, nil
	}
	return scanEntry(h.conn.QueryRowContext(ctx, "SELECT "+entryColumns+" FROM "+h.table+
		" WHERE finished IS NULL AND name <> "+pgdb.QuoteLiteral(name)+" ORDER BY id DESC LIMIT 1"))
}

// begin adds a row for a run that starts.
func (h *history) begin(ctx context.Context, f *migfile.File, started time.Time, tool string) (int64, error) {
	q := pgdb.QuoteLiteral
	undoes := "NULL"
	if u := Undoes(f.Path); u != "" {
		undoes = q(u)
	}
	var id int64
	err := h.conn.QueryRowContext(ctx, fmt.Sprintf(`INSERT INTO %s (id, name, undoes, sha256, statements, done, done_sha256, started, tool, applied_by)
		SELECT coalesce(max(id), 0) + 1, %s, %s, %s, %d, 0, '', %s, %s, session_user FROM %s RETURNING id`,
		h.table, q(NameOf(f)), undoes, q(f.SHA256), f.Statements(), q(started.UTC().Format(time.RFC3339Nano)), q(tool), h.table)).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("writing the history: %w", err)
	}
	return id, nil
}

// progress records that the first done statements are applied.
func (h *history) progress(ctx context.Context, id int64, f *migfile.File, done int, finished bool) error {
	end := ""
	if finished {
		end = fmt.Sprintf(", finished = clock_timestamp(), sha256 = %s, statements = %d", pgdb.QuoteLiteral(f.SHA256), f.Statements())
	}
	_, err := h.conn.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET done = %d, done_sha256 = '%s'%s WHERE id = %d", h.table, done, f.Prefix(done), end, id))
	if err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}

// entry is one row by its number; nil when it is not there.
func (h *history) entry(ctx context.Context, id int64) (*Entry, error) {
	if h.table == "" {
		return nil, nil
	}
	return scanEntry(h.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE id = %d", entryColumns, h.table, id)))
}

// Name is a file's name in the history.
func Name(path string) string { return filepath.Base(path) }

// NameOf is what a file is called in the history. What came from standard input has
// no name, and is called by its content: two of them are two migrations.
func NameOf(f *migfile.File) string {
	if f.Path == migfile.Stdin {
		return "stdin-" + f.SHA256[:12]
	}
	return Name(f.Path)
}

// Undoes is the name of the migration that a rollback file takes back, or "".
func Undoes(path string) string {
	name := Name(path)
	for _, p := range [][2]string{{"_rollback.sql", ".sql"}, {".down.sql", ".up.sql"}} {
		if base, ok := strings.CutSuffix(name, p[0]); ok {
			return base + p[1]
		}
	}
	return ""
}
