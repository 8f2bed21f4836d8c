package migfile

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// marks are what runners find in a file without knowing of strings and bodies:
// their own annotations, and templates that they fill in. Flyway, and the JDBC
// driver for Liquibase, look for the end of each statement, and take the END of a
// CASE in a body of SQL for the body's.
var marks = map[Format]*regexp.Regexp{
	Goose:     regexp.MustCompile(`(?m)^\s*--\s*\+goose`),
	Dbmate:    regexp.MustCompile(`(?m)^\s*--\s*migrate:`),
	Flyway:    regexp.MustCompile(`\$\{|(?m)^BEGIN ATOMIC\s*$`),
	Liquibase: regexp.MustCompile(`(?mi)^\s*--\s*(changeset|rollback|liquibase|precondition|property|validCheckSum|ignoreLines|comment)|\$\{|^BEGIN ATOMIC\s*$`),
	Atlas:     regexp.MustCompile(`(?m)^\s*--\s*atlas:`),
}

// guarded are the pieces of a plan in which no statement holds a mark of the
// runner's: such a statement is executed from a string on one line.
func guarded(p *plan.Plan, f Format) *plan.Plan {
	mark := marks[f]
	if mark == nil {
		return p
	}
	copied := *p
	copied.Segments = nil
	for _, s := range p.Segments {
		statements := make([]plan.Statement, len(s.Statements))
		for i, st := range s.Statements {
			if s.Transactional && mark.MatchString(st.SQL) {
				st.SQL = "DO LANGUAGE plpgsql " + catalog.Literal("BEGIN EXECUTE E'"+escapes.Replace(st.SQL)+"'; END")
				st.Comment = strings.TrimSpace(st.Comment + " (written so that the runner does not read what is in it)")
			}
			statements[i] = st
		}
		s.Statements = statements
		copied.Segments = append(copied.Segments, s)
	}
	return &copied
}

// escapes write a text within E'…', inside of another string.
var escapes = strings.NewReplacer(`\`, `\\`, "'", `\x27`, "\n", `\n`, "\r", `\r`, "$", `\x24`)
