package lint

import (
	"strings"
	"testing"
)

// Every rule of squawk 2.70 and every check of strong_migrations for PostgreSQL is one
// here, or has a sentence.
func TestRulesOfOthers(t *testing.T) {
	var known strings.Builder
	for _, r := range Rules() {
		known.WriteString(r.Name + ", " + r.Also + "; ")
	}
	for _, n := range notOurs {
		known.WriteString(n[0] + "; ")
	}
	squawk := strings.Fields(`require-concurrent-index-creation require-concurrent-index-deletion constraint-missing-not-valid adding-field-with-default adding-foreign-key-constraint
		changing-column-type adding-not-nullable-field adding-serial-primary-key-field renaming-column renaming-table disallowed-unique-constraint ban-drop-database prefer-bigint-over-int
		prefer-bigint-over-smallint prefer-identity prefer-repack prefer-robust-stmts prefer-text-field prefer-timestamp-tz ban-char-field ban-drop-column ban-drop-table ban-drop-not-null
		transaction-nesting adding-required-field ban-concurrent-index-creation-in-transaction unused-ignore ban-create-domain-with-constraint ban-alter-domain-with-add-constraint
		ban-truncate-cascade require-timeout-settings ban-uncommitted-transaction require-enum-value-ordering require-table-schema identifier-too-long require-concurrent-partition-detach
		require-concurrent-reindex require-lock-timeout require-statement-timeout ban-duplicate-column-assignments ban-drop-view ban-drop-function ban-drop-type ban-drop-schema ban-drop-sequence
		ban-drop-domain ban-drop-constraint ban-drop-generated-expression renaming-object ban-set-schema ban-alter-identity ban-drop-extension ban-alter-generated-expression ban-drop-index
		ban-set-default ban-disable-trigger ban-replica-identity ban-drop-policy ban-revoke ban-replace-view-function ban-alter-policy-condition ban-alter-policy-roles ban-create-policy
		ban-alter-function-options ban-alter-view-options ban-alter-role-options ban-alter-database-options ban-alter-row-level-security ban-new-write-restriction ban-add-enum-value
		ban-add-composite-attribute ban-add-column ban-detach-inheritance ban-alter-sequence-values ban-alter-system-options ban-alter-extension ban-drop-default ban-drop-trigger`)
	strong := strings.Split("removing a column; changing the type of a column; renaming a column; renaming a table; creating a table with the force option; adding an auto-incrementing column; adding a stored generated column; "+
		"adding a foreign key; adding a check constraint; executing SQL directly; backfilling data; adding an index non-concurrently; adding a reference; adding a unique constraint; adding an exclusion constraint; "+
		"adding a json column; adding a column with a volatile default value; setting NOT NULL on an existing column; renaming an enum value; renaming a schema; using the COPY algorithm; using shared or exclusive locking; "+
		"adding a column with an expression default value; keeping non-unique indexes to three columns or less", "; ")
	for _, name := range append(squawk, strong...) {
		if !strings.Contains(known.String(), name) {
			t.Errorf("nothing is said of %s", name)
		}
	}
}
