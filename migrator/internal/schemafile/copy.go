package schemafile

import (
	"context"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// copyIn sends the rows of COPY … FROM stdin, which the driver wants as values.
// Only the text form, as pg_dump writes it, is read.
func (l *loader) copyIn(ctx context.Context, s statement) error {
	for _, w := range sqltext.Words(s.SQL, -1) {
		if w == "csv" || w == "binary" || w == "delimiter" {
			l.note(s, "data was left out: only COPY in PostgreSQL's text form is read")
			return nil
		}
	}
	tx, err := l.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	into, err := tx.PrepareContext(ctx, s.SQL)
	if err != nil {
		return s.problem(err)
	}
	defer into.Close()
	for line := range strings.Lines(s.Copy) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if _, err := into.ExecContext(ctx, values(line)...); err != nil {
			return s.problem(err)
		}
	}
	if _, err := into.ExecContext(ctx); err != nil {
		return s.problem(err)
	}
	if err := into.Close(); err != nil {
		return s.problem(err)
	}
	return tx.Commit()
}

// values are the columns of a line of COPY's text form.
func values(line string) []any {
	var all []any
	for _, field := range strings.Split(line, "\t") {
		if field == `\N` {
			all = append(all, nil)
			continue
		}
		all = append(all, unescape(field))
	}
	return all
}

// unescape undoes COPY's backslashes.
func unescape(field string) string {
	if !strings.Contains(field, `\`) {
		return field
	}
	var b strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] != '\\' || i+1 == len(field) {
			b.WriteByte(field[i])
			continue
		}
		i++
		if j := strings.IndexByte("bfnrtv", field[i]); j >= 0 {
			b.WriteByte("\b\f\n\r\t\v"[j])
		} else {
			b.WriteByte(field[i])
		}
	}
	return b.String()
}
