// Package plan turns two catalogs into the ordered statements that bring a
// database from the one to the other.
//
// Migrate takes the changes from package diff, adds what must be replaced
// because something beneath it is, puts every statement in one graph of
// dependencies (drops in the reverse order of the old dependencies, creates in
// the order of the new ones) and cuts the result in segments: those that run
// in one transaction, and statements that PostgreSQL refuses inside of one.
// The rollback is Migrate with the arguments exchanged, never the statements
// turned round.
package plan

import (
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// Options say how to plan.
type Options struct {
	// NoConcurrently makes plain statements instead of online forms.
	NoConcurrently bool
	// Offline is for a database that nobody uses, such as a scratch one: plain
	// forms, no timeouts.
	Offline bool
	// StatementTimeout is for every statement, in place of one that fits the size
	// of its table; nil is none said.
	StatementTimeout *time.Duration
	// Using are the expressions that the user has given for columns whose types
	// change, by the columns' new names.
	Using map[catalog.ID]string
	// Backfills fill what is added to tables.
	Backfills []Backfill
	// Batch is how many rows of a table a backfill with BatchMark changes at once.
	Batch int
	// Only is what is looked at; both catalogs hold nothing else.
	Only catalog.Filter
	// NoOwners leaves owners out of comparison.
	NoOwners bool
	// NoGrants leaves privileges out of comparison.
	NoGrants bool
}

// Backfill is a statement of the user that fills what a migration adds to a
// table: it runs when the new columns are there, before old ones go and before
// NOT NULL and constraints hold.
type Backfill struct {
	Table catalog.ID
	SQL   string
}

// WayBack are the options for the rollback: what the user says of values is about
// the way there.
func (o Options) WayBack() Options {
	o.Using, o.Backfills = nil, nil
	return o
}

// Plan is what to run, in order.
type Plan struct {
	Segments  []Segment
	Changes   []Change
	Unmanaged []catalog.ID // in one of the databases, and not ours to manage
	Notes     []string     // what a reader of the file should know
}

// Segment is a run of statements that belong together.
type Segment struct {
	// Transactional statements run between BEGIN and COMMIT; the others each
	// on their own, outside of any transaction.
	Transactional bool
	Statements    []Statement
}

// Statement is one command.
type Statement struct {
	SQL     string // without a final semicolon
	Object  catalog.ID
	Comment string // why, where it is not plain
	Hazards []lint.Hazard
	// Loses are the tables, columns and attributes whose values are lost, where
	// that is not Object itself.
	Loses  []catalog.ID
	Lock   string // the strongest lock mode it takes: "ACCESS EXCLUSIVE"
	LockOn string // and on which table
	// The budgets; 0 means none.
	LockTimeout      time.Duration
	StatementTimeout time.Duration
	// Patient statements wait without making others wait (CREATE INDEX
	// CONCURRENTLY, VALIDATE CONSTRAINT): a lock timeout would only cut them off.
	Patient bool
	// Told are the columns whose values become what the user has said.
	Told []catalog.ID

	long bool // it reads or writes many rows
}

// Losses are the tables, columns and attributes whose values the statement
// loses, which a data-loss hazard says.
func (st *Statement) Losses() []catalog.ID {
	for _, h := range st.Hazards {
		if h.Kind != lint.DataLoss {
			continue
		}
		if len(st.Loses) > 0 {
			return st.Loses
		}
		return []catalog.ID{st.Object}
	}
	return nil
}

// Action is what happens to an object.
type Action string

// The actions.
const (
	Create  Action = "create"
	Alter   Action = "alter"
	Drop    Action = "drop"
	Replace Action = "replace" // dropped and created again
	Rename  Action = "rename"
)

// Change is one line of the report.
type Change struct {
	Action   Action
	ID       catalog.ID
	Table    string     // the table, view or type that the object is part of
	Part     bool       // the same happens to that as a whole
	Because  string     // why an object that is itself unchanged is replaced
	To       catalog.ID // of a rename: what it is called then
	Label    string     // of a rename of an enum's value: that
	NewLabel string
	What     string // what it is that comes or goes, in a few words
	Fields   []catalog.Difference
}

// Refusal is a plan that only says why it does nothing, and stops whoever runs it.
func Refusal(why string) *Plan {
	st := Statement{SQL: "DO $refusal$ BEGIN RAISE EXCEPTION USING MESSAGE = " + catalog.Literal(why) + "; END $refusal$"}
	return &Plan{Segments: []Segment{{Transactional: true, Statements: []Statement{st}}}}
}

// Clone is a copy whose statements can be changed without the other's.
func (p *Plan) Clone() *Plan {
	q := *p
	q.Segments = slices.Clone(p.Segments)
	for i := range q.Segments {
		q.Segments[i].Statements = slices.Clone(q.Segments[i].Statements)
		for j := range q.Segments[i].Statements {
			st := &q.Segments[i].Statements[j]
			st.Hazards = slices.Clone(st.Hazards)
		}
	}
	q.Notes = slices.Clone(p.Notes)
	return &q
}

// Empty tells that there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Segments) == 0 }
