package lint

import (
	"fmt"
	"strings"
)

// notOurs are the rules of others that there is no rule for here, and why.
var notOurs = [...][2]string{
	{"require-timeout-settings (squawk)", "the older name of require-lock-timeout and require-statement-timeout."},
	{"ban-drop-view, ban-drop-function, ban-drop-type, ban-drop-domain, ban-drop-extension (squawk)", "dropping-object, unless the same file makes it again."},
	{"ban-drop-sequence (squawk)", "ban-drop-table: the place of the sequence is lost."},
	{"ban-drop-constraint, ban-drop-index (squawk)", "dropping-constraint, require-concurrent-index-deletion."},
	{"ban-set-default, ban-drop-default (squawk)", "changing-default."},
	{"ban-disable-trigger (squawk)", "disabling-trigger."},
	{"ban-revoke, ban-create-policy, ban-drop-policy, ban-alter-policy-roles, ban-alter-policy-condition, ban-alter-row-level-security (squawk)", "changing-permissions."},
	{"ban-set-schema (squawk)", "renaming-object."},
	{"ban-new-write-restriction (squawk)", "adding the constraint is found by the rule of its kind; that it refuses rows is what it is for."},
	{"ban-add-column, ban-add-enum-value, ban-add-composite-attribute (squawk)", "code that breaks when something is added is mended in the code: name the columns."},
	{"ban-drop-trigger, ban-detach-inheritance (squawk)", "what the new code no longer needs; the lock is reported."},
	{"ban-replace-view-function (squawk)", "replacing is how both are kept in place."},
	{"ban-alter-identity, ban-alter-sequence-values, ban-replica-identity, ban-alter-generated-expression, ban-drop-generated-expression (squawk)", "an owner's choice that loses no rows and holds no lock for long."},
	{"ban-alter-function-options, ban-alter-view-options, ban-alter-role-options, ban-alter-database-options, ban-alter-system-options, ban-alter-extension (squawk)", "settings, which belong to review."},
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
