// Package lint tells what a statement can do to a database in use: lose data,
// rewrite or scan a table, take a lock that stops others.
//
// A Hazard is data on a statement. Package plan puts hazards on the statements
// that it makes. A Judge finds them in files of any origin, by rules on PostgreSQL's own
// parse tree: text in, findings out; it knows no database, only what Options say of one.
package lint

// Kind names a hazard; these words are what --allow takes.
type Kind string

// The kinds of hazard.
const (
	// DataLoss: rows or values that are there before are not there afterwards.
	DataLoss Kind = "data-loss"
	// Rewrite: the whole table is written anew under a lock.
	Rewrite Kind = "rewrite"
	// Scan: the whole table is read under a lock.
	Scan Kind = "scan"
	// BlocksReads: the lock stops even SELECT for as long as the statement runs.
	BlocksReads Kind = "blocks-reads"
	// BlocksWrites: the lock stops INSERT, UPDATE and DELETE.
	BlocksWrites Kind = "blocks-writes"
	// IndexBuild: an index is built, which costs time and input/output.
	IndexBuild Kind = "index-build"
	// Correctness: something that was enforced is not, or means another thing.
	Correctness Kind = "correctness"
	// Permissions: somebody may do more or less than before.
	Permissions Kind = "permissions"
	// MayFail: the statement can fail on the rows that are there.
	MayFail Kind = "may-fail"
	// Irreversible: the rollback does not undo all of it.
	Irreversible Kind = "irreversible"
)

// Hazard is one danger of one statement.
type Hazard struct {
	Kind    Kind
	Message string
	Rows    int64 // estimated rows touched, -1 when not known
	Bytes   int64 // their size, -1 when not known
}
