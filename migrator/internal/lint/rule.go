package lint

// Severity orders findings, worst first.
type Severity int

// The severities, by the words of --fail-on.
const (
	Error Severity = iota
	Warning
	Notice
)

// Rule is what a migration is judged by. Names are those of squawk where it has the
// rule: they are the field's vocabulary.
type Rule struct {
	Name     string
	Severity Severity
	// Optional rules are matters of taste: they speak when they are asked for.
	Optional bool
	Why      string // one sentence
	Instead  string // the safe way
	// Also is the check of strong_migrations that it covers, or "".
	Also string
}

// Rules are all rules, in the order of the documentation.
func Rules() []Rule {
	return []Rule{
		{"require-concurrent-index-creation", Warning, false, "Writes to the table wait until the index is built.", "CREATE INDEX CONCURRENTLY, outside of a transaction", "adding an index non-concurrently"},
		{"require-concurrent-index-deletion", Warning, false, "Reads and writes of the table wait for the lock, and queue behind it.", "DROP INDEX CONCURRENTLY, outside of a transaction", ""},
		{"require-concurrent-reindex", Warning, false, "Writes wait until the index is built again.", "REINDEX … CONCURRENTLY, outside of a transaction", ""},
		{"require-concurrent-partition-detach", Warning, false, "The parent and the partition are locked against reads and writes.", "DETACH PARTITION … CONCURRENTLY, outside of a transaction", ""},
		{"require-concurrent-refresh", Warning, false, "Reads of the materialized view wait until it is filled.", "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index", ""},
		{"ban-concurrent-index-creation-in-transaction", Error, false, "PostgreSQL refuses CONCURRENTLY, VACUUM and the like in a transaction.", "put it outside of BEGIN and COMMIT, and ask the runner for no transaction", ""},
		{"index-if-not-exists", Warning, false, "IF NOT EXISTS passes over an index that has the name only, or that is INVALID after a build that failed.", "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY", ""},
		{"constraint-missing-not-valid", Warning, false, "The table is locked against reads and writes while all of its rows are checked.", "add it NOT VALID, then VALIDATE CONSTRAINT in another transaction", "adding a check constraint"},
		{"adding-foreign-key-constraint", Warning, false, "Writes to both tables wait while all rows are checked.", "add it NOT VALID, then VALIDATE CONSTRAINT in another transaction", "adding a foreign key; adding a reference"},
		{"disallowed-unique-constraint", Warning, false, "Reads and writes wait until the index is built.", "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX", "adding a unique constraint"},
		{"adding-serial-primary-key-field", Warning, false, "Reads and writes wait until the index of the primary key is built.", "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … PRIMARY KEY USING INDEX", ""},
		{"adding-exclusion-constraint", Warning, false, "Reads and writes wait until the index is built; PostgreSQL has no other way.", "add it while the table is small, or in a quiet hour with a lock_timeout", "adding an exclusion constraint"},
		{"adding-field-with-default", Warning, false, "A volatile default, an identity or a stored generated column writes the whole table anew while nobody can read it.", "add the column without it, SET DEFAULT, and fill the rows in batches", "adding a column with a volatile default value; adding an auto-incrementing column; adding a stored generated column"},
		{"adding-required-field", Error, false, "A NOT NULL column without a default fails on a table that has rows.", "give it a constant default, or add it nullable", ""},
		{"adding-not-nullable-field", Warning, false, "All rows are read while nobody can read or write the table.", "ADD CONSTRAINT … CHECK (c IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, then SET NOT NULL", "setting NOT NULL on an existing column"},
		{"changing-column-type", Warning, false, "Most changes of a type write the table and its indexes anew while nobody can read it.", "add a new column, fill it in batches, and change over", "changing the type of a column"},
		{"rewriting-table", Warning, false, "The whole table is written anew while nobody can read it.", "do it in a quiet hour, with a lock_timeout", ""},
		{"prefer-repack", Warning, false, "VACUUM FULL and CLUSTER write the table anew while nobody can read it.", "pg_repack, or REPACK (CONCURRENTLY) of PostgreSQL 19", ""},
		{"attaching-partition", Notice, false, "The partition is read under a lock, unless a validated check says that its rows are within the bounds.", "add a validated CHECK with the bounds first", ""},
		{"locking-table", Warning, false, "The lock is held until the transaction ends.", "the weakest mode that is enough, as late as possible, with a lock_timeout", ""},
		{"renaming-column", Warning, false, "What still uses the old name fails.", "add a column, write both, change the readers, then drop the old one", "renaming a column"},
		{"renaming-table", Warning, false, "What still uses the old name fails.", "leave a view with the old name until nobody uses it", "renaming a table"},
		{"renaming-object", Warning, false, "What still uses the old name fails.", "make the new one beside it, and drop the old one later", "renaming an enum value; renaming a schema"},
		{"dropping-object", Warning, false, "What still uses the view, function, type or extension fails. One that the same file makes again is left alone.", "release code that does not use it first", ""},
		{"ban-drop-column", Warning, false, "The values are lost, and running code that names the column fails.", "release code that does not use the column first", "removing a column"},
		{"ban-drop-table", Warning, false, "The rows are lost, and running code that names the table fails.", "rename it first, and drop it when nobody has missed it", "creating a table with the force option"},
		{"ban-drop-database", Error, false, "Everything in the database is lost.", "do it by hand", ""},
		{"ban-drop-schema", Warning, false, "What the schema holds is lost.", "drop the objects one by one", ""},
		{"ban-drop-cascade", Warning, false, "CASCADE drops whatever depends on it, without a list.", "drop what depends on it by name", ""},
		{"ban-drop-not-null", Warning, false, "Code that relies on a value meets NULL.", "look at the readers first", ""},
		{"dropping-constraint", Notice, false, "What it enforced is no longer enforced.", "look at the writers first", ""},
		{"disabling-trigger", Notice, false, "What the trigger enforces or writes is not, until it is enabled again.", "enable it again in the same transaction", ""},
		{"changing-default", Notice, true, "Running code that leaves the column out writes another value from now on.", "look at the writers first", ""},
		{"ban-truncate-cascade", Error, false, "CASCADE empties every table with a foreign key to this one as well.", "name the tables", ""},
		{"truncating-table", Warning, false, "All rows are lost, and the table is locked against reads.", "DELETE in batches, if the rows are not wanted", ""},
		{"delete-without-where", Warning, false, "All rows are deleted.", "say which rows, in batches", ""},
		{"deleting-rows", Notice, false, "Rows are deleted; the rollback does not bring them back.", "keep a copy if they may be wanted", ""},
		{"update-without-where", Warning, false, "Every row is overwritten, and stays locked until the transaction ends.", "fill in batches, each in its own transaction", "backfilling data"},
		{"mixing-ddl-and-dml", Warning, false, "The lock of the change before is held while the rows are changed.", "change the rows in a migration of their own", "backfilling data"},
		{"ban-duplicate-column-assignments", Error, false, "PostgreSQL refuses a column that is assigned twice.", "assign it once", ""},
		{"enum-value-in-transaction", Error, false, "A new value of an enum cannot be used in the transaction that adds it.", "use it in the next migration", ""},
		{"ban-alter-domain-with-add-constraint", Warning, false, "Every table with a column of the domain is read while writes wait.", "ADD CONSTRAINT … NOT VALID, then ALTER DOMAIN … VALIDATE CONSTRAINT", ""},
		{"ban-create-domain-with-constraint", Notice, true, "A domain's constraint is hard to change online.", "a check on the column", ""},
		{"transaction-nesting", Warning, false, "BEGIN within a transaction does nothing, and COMMIT ends the runner's own.", "leave BEGIN and COMMIT to the runner", ""},
		{"ban-uncommitted-transaction", Error, false, "The transaction is never committed.", "end it with COMMIT", ""},
		{"require-lock-timeout", Notice, false, "While the statement waits for its lock, everybody else queues behind it.", "SET lock_timeout = '2s' at the start (migrator apply sets one)", ""},
		{"require-statement-timeout", Notice, true, "A statement that takes longer than thought holds its locks that long.", "SET statement_timeout at the start", ""},
		{"prefer-bigint-key", Notice, false, "An integer key ends at 2,147,483,647.", "bigint", ""},
		{"prefer-bigint-over-int", Notice, true, "An integer ends at 2,147,483,647.", "bigint", ""},
		{"prefer-bigint-over-smallint", Notice, true, "A smallint ends at 32,767.", "bigint", ""},
		{"prefer-identity", Notice, true, "A serial's sequence has rights and an owner of its own.", "GENERATED BY DEFAULT AS IDENTITY", ""},
		{"prefer-text-field", Notice, true, "A shorter limit of varchar needs a scan of the table.", "text with a CHECK", ""},
		{"prefer-timestamp-tz", Notice, false, "timestamp drops the zone of what is stored.", "timestamptz", ""},
		{"prefer-jsonb", Notice, false, "json has no equality: DISTINCT and GROUP BY fail.", "jsonb", "adding a json column"},
		{"ban-char-field", Notice, false, "char(n) pads with blanks.", "text", ""},
		{"prefer-robust-stmts", Notice, true, "Outside of a transaction, a file that failed half way fails at its first statement when it is run again.", "IF EXISTS and IF NOT EXISTS, or one transaction", ""},
		{"require-enum-value-ordering", Notice, true, "The place of the new value is the end by chance.", "ADD VALUE … BEFORE or AFTER", ""},
		{"require-table-schema", Notice, true, "The schema is that of the search_path of whoever runs it.", "schema.table", ""},
		{"wide-index", Notice, true, "An index of more than three columns rarely pays.", "the first columns that select enough", "keeping non-unique indexes to three columns or less"},
		{"identifier-too-long", Warning, false, "PostgreSQL cuts names after 63 bytes.", "a shorter name", ""},
		{"changing-permissions", Notice, true, "Somebody may do more or less than before.", "", ""},
		{"building-index", Notice, true, "Building an index costs time and input/output.", "", ""},
		{"syntax-error", Error, false, "PostgreSQL's grammar refuses it; nothing else was judged of the statement.", "", ""},
		{"nested-too-deeply", Error, false, "A statement that is nested more deeply than the parser can read is not judged.", "several statements", ""},
		{"not-looked-into", Notice, false, "What is made or filled in at run time, a body in another language, or a file with a mark of the way back only cannot be judged.", "plain statements, and a mark of the way forward", "executing SQL directly"},
		{"unused-ignore", Notice, false, "The comment ignores a rule that finds nothing there.", "take it out", ""},
	}
}

// named finds a rule.
func named(name string) (Rule, bool) {
	for _, r := range Rules() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}
