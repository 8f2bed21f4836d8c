package schemafile

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// rows are what a COPY reads: the lines after it, or a file that \copy names.
type rows struct {
	text string
	name string // of the file that holds them
	line int    // that they begin in
}

// copies makes a statement of a COPY. What reads a file or a program of the server
// is left out, and said; what writes does nothing for a schema.
func (l *loader) copies(s statement) (_ statement, ok bool) {
	switch {
	case s.CopyLine > 0:
		s.rows = &rows{s.Copy, s.file.Name, s.CopyLine}
		return s, true
	case reads(sqltext.Words(s.SQL, -1)):
		l.note(s, "left out, since it reads a file or a program of the server: "+short(s.SQL))
	}
	return s, false
}

// reads tells COPY … FROM from COPY … TO and from COPY (SELECT … FROM …) TO.
func reads(words []string) bool {
	for i := len(words) - 1; i > 0; i-- {
		switch words[i] {
		case "to":
			return false
		case "from":
			return true
		}
	}
	return false
}

// target parts \copy's words: what rows go into, from where, and the options.
var target = regexp.MustCompile(`(?is)^\\copy\s+(.+?)\s+from\s+('(?:[^']|'')*'|\S+)(.*)$`)

// copiesOf makes a statement of \copy, which is COPY with rows of the client.
func (l *loader) copiesOf(s statement) (_ statement, ok bool, err error) {
	m := target.FindStringSubmatch(s.Meta)
	if m == nil || strings.HasPrefix(m[1], "(") { // it writes
		return s, false, nil
	}
	into, source, options := m[1], m[2], m[3]
	s.SQL, s.Meta, s.changed = "COPY "+into+" FROM STDIN"+options, "", true
	switch strings.ToLower(source) {
	case "stdin":
		s.rows = &rows{s.Copy, s.file.Name, s.CopyLine}
		return s, true, nil
	case "pstdin", "program":
		l.note(s, "left out, since its rows are not in a file: "+short(`\copy `+into+" from "+source+options))
		return s, false, nil
	}
	path := strings.ReplaceAll(strings.Trim(source, "'"), "''", "'")
	f, err := s.file.include(path)
	if err != nil {
		return s, false, s.fail(hintOf(err), err.Error(), 0)
	}
	s.rows = &rows{f.Text, f.Name, 1}
	return s, true, nil
}

var copyLine = regexp.MustCompile(`COPY [^\n]*?, line ([0-9]+)`)

// problem is an error of one of the rows: where that is, and in which column.
func (r *rows) problem(e *pgdb.Error) *problem.Problem {
	message, hint := e.Explain()
	line := r.line
	if m := copyLine.FindStringSubmatch(e.Where); m != nil {
		n, _ := strconv.Atoi(m[1])
		line += n - 1
	}
	return problem.New(hint, "%s", message).In(r.name, line, 0)
}

// exec runs a statement, or sends its rows.
func (l *loader) exec(ctx context.Context, s statement) error {
	if s.rows != nil {
		return pgdb.CopyIn(ctx, l.conn, s.SQL, s.rows.text)
	}
	_, err := l.runner.ExecContext(ctx, s.SQL)
	return err
}
