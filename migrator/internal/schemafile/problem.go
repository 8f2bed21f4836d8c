package schemafile

import (
	"errors"
	"regexp"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// maxShown bounds how many failed statements are reported.
const maxShown = 5

// unresolved reports what could not be run, in the order of the files.
func (l *loader) unresolved(left []attempt) error {
	var all []error
	for _, a := range left[:min(len(left), maxShown)] {
		all = append(all, a.problem(a.err))
	}
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}

// problem is a failed statement: where, and PostgreSQL's message and hint.
func (s statement) problem(err error) error {
	e := pgdb.AsError(err)
	if e == nil {
		return err
	}
	if s.rows != nil && e.Where != "" {
		p := s.rows.problem(e)
		p.Err = err
		return p
	}
	message, hint := e.ExplainIn(s.SQL)
	if own := hintFor(e); own != "" {
		hint = own
	}
	offset := 0
	if e.Position > 0 && !s.changed {
		offset = byteOffset(s.SQL, e.Position-1)
	}
	p := s.fail(hint, message, offset)
	p.Err = err
	return p
}

// fail is a problem at an offset of the statement.
func (s statement) fail(hint, message string, offset int) *problem.Problem {
	line, column := sqltext.Position(s.file.Text, s.Offset+offset)
	return problem.New(hint, "%s", message).In(s.file.Name, line, column)
}

// byteOffset is the offset in bytes of a character.
func byteOffset(text string, characters int) int {
	at := 0
	for ; characters > 0 && at < len(text); characters-- {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

var missingExtension = regexp.MustCompile(`extension "([^"]+)" is not available|extension control file ".*/([^"/]+)\.control"`)

// hintFor says what to do about what is missing on the scratch server.
func hintFor(e *pgdb.Error) string {
	if m := missingRole.FindStringSubmatch(e.Message); m != nil {
		return "CREATE ROLE " + pgdb.QuoteIdent(m[1]) + " on the server first"
	}
	if m := missingExtension.FindStringSubmatch(e.Message); m != nil {
		return "install the extension " + m[1] + m[2] + " where the scratch server runs (a package such as postgresql-contrib), or use --scratch server; diff leaves it alone with --exclude " + m[1] + m[2]
	}
	if e.Code == pgdb.InsufficientRights && e.Hint == "" {
		return "a schema is loaded by a role that can do nothing to the server; leave out what is about roles, files and the server itself" +
			" (with --scratch local roles can be made)"
	}
	return ""
}
