package lint

import (
	"fmt"
	"strings"
)

// notOurs are the rules of others that there is no rule for here, and why.
var notOurs = [...][2]string{
	{"require-timeout-settings (squawk)", "the older name of require-lock-timeout and require-statement-timeout."},
	{"creating a table with the force option (strong_migrations)", "it is DROP TABLE and CREATE TABLE in SQL: ban-drop-table."},
	{"executing SQL directly (strong_migrations)", "SQL is what is judged, also in the bodies of DO and of functions that a file calls; not-looked-into says what is not."},
	{"using the COPY algorithm (strong_migrations)", "MySQL only."},
	{"using shared or exclusive locking (strong_migrations)", "MySQL only."},
	{"adding a column with an expression default value (strong_migrations)", "MySQL only; PostgreSQL's volatile defaults are adding-field-with-default."},
}

// Page is docs/migrator/lint-rules.md.
func Page() string {
	var b strings.Builder
	b.WriteString(`# Rules of migrator lint

This page is made from the rules themselves (` + "`go test ./internal/lint -run Page -update`" + `). Names are those of squawk where it has the rule. Rules of taste speak with ` + "`--all`" + `, ` + "`--only`" + ` or a ` + "`--severity`" + ` of theirs.

| Rule | Severity | Why | Instead | Covers of strong_migrations |
|---|---|---|---|---|
`)
	for _, r := range Rules() {
		severity := [...]string{"error", "warning", "notice"}[r.Severity]
		if r.Optional {
			severity += ", a matter of taste"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.Name, severity, r.Why, r.Instead, r.Also)
	}
	b.WriteString("\nRules of others that have none of their own here:\n\n")
	for _, n := range notOurs {
		fmt.Fprintf(&b, "- %s: %s\n", n[0], n[1])
	}
	return b.String()
}
