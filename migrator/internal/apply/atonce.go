package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// besides is what fails where another runner's history cannot be written.
const besides = "writing the other runner's history"

// mostAtOnce bounds the statements that are sent as one message, in bytes.
const mostAtOnce = 32 << 10

// message is a transaction that is sent at once: the server carries out one statement
// after the other, and nothing behind one that fails.
type message struct {
	text  strings.Builder
	parts []part
}

// part is one statement of a message.
type part struct {
	from      int                // in the text, in bytes
	statement *sqltext.Statement // of the file; nil where it is ours
	first     bool               // it begins the transaction, or comes before that
	about     string             // what it is, where it is none of those and no record
}

func (m *message) add(p part, sql string) {
	p.from = m.text.Len()
	m.parts = append(m.parts, p)
	m.text.WriteString(sql)
	m.text.WriteString(";\n")
}

// asks are words for which a statement is sent by itself: it changes how strings
// behind it are read, or it asks what was sent, or when. Where an error stands in a
// body, the server finds out by looking for the body in what was sent, and the record
// may hold it, too: bodies are sent by themselves as well.
var asks = []string{"standard_conforming_strings", "backslash_quote", "client_encoding", "set_config", "statement_timestamp"}

// standsAlone says whether a statement is sent by itself.
func standsAlone(sql, lower string) bool {
	if slices.ContainsFunc(asks, func(word string) bool { return strings.Contains(lower, word) }) {
		return true
	}
	switch w := sqltext.Words(sql, 3); {
	case len(w) == 0:
		return false
	case w[0] == "set":
		return slices.Contains(w, "names")
	case w[0] == "create":
		w = sqltext.Words(sql, 4) // CREATE OR REPLACE FUNCTION
		return slices.Contains(w, "function") || slices.Contains(w, "procedure")
	default:
		return slices.Contains([]string{"copy", "call", "do"}, w[0])
	}
}

// looks says whether a statement makes something that looks at the text of what is sent.
func looks(sql, lower string) bool {
	w := sqltext.Words(sql, 2)
	return len(w) == 2 && w[1] == "event" || strings.Contains(lower, "current_query")
}

// lookedAt says whether something in the database looks at the text of what is sent. Such
// a trigger is to see one statement, as if somebody had typed it.
func (s *Session) lookedAt(ctx context.Context) (bool, error) {
	body := "p.prosrc"
	if s.db.Major() >= 14 {
		body = "coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)"
	}
	var is bool
	err := s.conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D')
		OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace AND `+body+` ILIKE '%current_query%')`).Scan(&is)
	return is, err
}

// fitsOneMessage says whether a segment is sent at once. Where the answers cannot be
// read, nobody would know which statement failed.
func (r *run) fitsOneMessage(s migfile.Segment) bool {
	if r.answers == nil || r.oneByOneOnly || !r.History.Ready() || len(s.Statements) == 0 {
		return false
	}
	size := 0
	for _, st := range s.Statements {
		size += len(st.SQL)
		if size > mostAtOnce {
			return false
		}
		lower := strings.ToLower(st.SQL)
		r.oneByOneOnly = r.oneByOneOnly || looks(st.SQL, lower)
		if r.oneByOneOnly || standsAlone(st.SQL, lower) {
			return false
		}
	}
	return true
}

// atOnce runs a segment, its record and COMMIT as one message. It returns the number
// of the row.
func (r *run) atOnce(ctx context.Context, s migfile.Segment, done int, last bool) (int64, error) {
	m := &message{}
	if r.stale {
		for _, sql := range r.resets() {
			m.add(part{first: true}, sql)
		}
	}
	m.add(part{first: true}, begins(s))
	for i := range s.Statements {
		if st := &s.Statements[i]; !r.skipped[st.Offset] {
			m.add(part{statement: st}, st.SQL)
		}
	}
	if changesRole(r.file) {
		m.add(part{}, "SET LOCAL SESSION AUTHORIZATION DEFAULT")
		m.add(part{}, "SET LOCAL ROLE NONE")
	}
	if last {
		for _, sql := range r.job.Beside {
			m.add(part{about: besides}, sql)
		}
	}
	id, record := r.progress(done, last)
	m.add(part{}, record)
	m.parts = append(m.parts, part{from: m.text.Len()})
	m.text.WriteString("COMMIT")
	if err := ctx.Err(); err != nil {
		return id, err
	}
	r.eyes.open()
	defer r.eyes.shut()
	if _, err := r.conn.ExecContext(ctx, m.text.String()); err != nil {
		return id, r.refused(m, err)
	}
	return id, nil
}

// refused says which statement of a message failed. Without a word of the server about
// one of them, the COMMIT may have been carried out.
func (r *run) refused(m *message, err error) error {
	n, failed := r.answers.Ended()
	if !failed || n >= len(m.parts) {
		return &commitError{err}
	}
	e := pgdb.AsError(err)
	if e != nil && e.Position > 0 {
		// A text that does not parse fails as a whole, before its first statement.
		at := m.at(e.Position)
		if n == 0 {
			n = at
		}
		if at != n {
			err = unplaced(e)
		}
	}
	p := m.parts[n]
	switch {
	case p.statement != nil:
		return failedBehind(m.text.String()[:p.from], r.file, *p.statement, err)
	case p.first:
		return err
	case p.about != "":
		return fmt.Errorf("%s: %w", p.about, err)
	}
	return &commitError{err}
}

// unplaced is an error without its place, which is in another text.
func unplaced(e *pgdb.Error) error {
	copied := *e
	copied.Position = 0
	return &copied
}

// at is the part in which a character stands, from 1.
func (m *message) at(position int) int {
	text, offset := m.text.String(), 0
	for range position - 1 {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	n := 0
	for n+1 < len(m.parts) && m.parts[n+1].from <= offset {
		n++
	}
	return n
}

// cutOff is a message with a COMMIT in it that was interrupted, and whose answer never
// came.
func cutOff(err error) error {
	return problem.Wrap(errors.Join(errInDoubt, err), "apply it again: what is applied is not applied twice",
		"interrupted, and the server no longer answered: its history tells whether the file was applied").Exit(problem.Interrupted)
}
