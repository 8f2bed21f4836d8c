package migfile

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// Header is what a file says about itself.
type Header struct {
	Title string // "add_user_indexes: from postgres://… to schema/v2.sql"
	Lines []string
	// Planned is the schema that the file is for.
	Planned Planned
}

// SQL renders a plan as a file that psql and apply run alike.
func SQL(h Header, p *plan.Plan) string {
	var b strings.Builder
	writeHeader(&b, h, p)
	for _, s := range p.Segments {
		b.WriteByte('\n')
		if s.Transactional {
			b.WriteString("BEGIN;\n")
		}
		t := timeouts{b: &b, local: s.Transactional}
		if s.Transactional && needsUncheckedBodies(s) {
			b.WriteString("SET LOCAL check_function_bodies = off;\n")
		}
		for _, st := range s.Statements {
			writeStatement(&b, &t, st)
		}
		t.reset()
		if s.Transactional {
			b.WriteString("COMMIT;\n")
		}
	}
	return b.String()
}

func writeHeader(b *strings.Builder, h Header, p *plan.Plan) {
	fmt.Fprintf(b, "-- %s\n", oneLine(h.Title))
	for _, l := range h.Lines {
		fmt.Fprintf(b, "-- %s\n", oneLine(l))
	}
	if line := h.Planned.String(); line != "" {
		fmt.Fprintf(b, "-- %s\n", line)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(b, "-- note: %s\n", oneLine(n))
	}
}

func writeStatement(b *strings.Builder, t *timeouts, st plan.Statement) {
	t.set(st)
	writeComments(b, st)
	b.WriteString(st.SQL)
	b.WriteString(";\n")
}

// writeComments says why a statement is there, and what it can do.
func writeComments(b *strings.Builder, st plan.Statement) {
	if st.Comment != "" {
		fmt.Fprintf(b, "-- %s\n", oneLine(st.Comment))
	}
	for _, h := range st.Hazards {
		fmt.Fprintf(b, "-- hazard %s: %s\n", h.Kind, oneLine(h.Message))
	}
}

// timeouts writes SET where a statement's budget differs from what holds.
type timeouts struct {
	b               *strings.Builder
	local           bool
	lock, statement time.Duration
}

// forever marks that no lock timeout was set where the session may have one.
const forever = -1

func (t *timeouts) set(st plan.Statement) {
	word := "SET "
	if t.local {
		word = "SET LOCAL "
	}
	lock := st.LockTimeout
	if st.Patient {
		lock = forever
	}
	if lock != t.lock {
		fmt.Fprintf(t.b, "%slock_timeout = '%s';\n", word, milliseconds(st.LockTimeout))
	}
	if st.StatementTimeout != t.statement {
		fmt.Fprintf(t.b, "%sstatement_timeout = '%s';\n", word, milliseconds(st.StatementTimeout))
	}
	t.lock, t.statement = lock, st.StatementTimeout
}

// reset puts the session's own values back after a segment without transaction.
func (t *timeouts) reset() {
	if t.local {
		return
	}
	if t.lock != 0 {
		t.b.WriteString("RESET lock_timeout;\n")
	}
	if t.statement != 0 {
		t.b.WriteString("RESET statement_timeout;\n")
	}
}

func milliseconds(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dmin", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return fmt.Sprintf("%dms", d.Milliseconds())
}

var routine = regexp.MustCompile(`(?i)^\s*CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b`)

func needsUncheckedBodies(s plan.Segment) bool {
	for _, st := range s.Statements {
		if routine.MatchString(st.SQL) {
			return true
		}
	}
	return false
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
