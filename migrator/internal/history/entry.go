package history

import "time"

// Entry is a row of the history: one run of one file, or a word of a person about
// it.
type Entry struct {
	ID         int64      `json:"id"`
	Set        string     `json:"history"` // which of several histories in one database
	Name       string     `json:"name"`    // of the file: its base name
	Undoes     string     `json:"undoes"`  // the file that this one takes back, or ""
	Version    string     `json:"version"`
	Origin     Origin     `json:"origin"`
	SHA256     string     `json:"sha256"`
	Statements int        `json:"statements"`
	Done       int        `json:"done"`        // statements that are applied
	DoneSHA256 string     `json:"done_sha256"` // of those statements, see migfile.Prefix
	Running    int        `json:"running"`     // the statement that was begun outside of a transaction; 0 is none
	Skipped    []int      `json:"skipped"`     // statements that were passed over, from 1
	Started    time.Time  `json:"started"`
	Finished   *time.Time `json:"finished"` // nil while it is under way
	Tool       string     `json:"tool"`
	By         string     `json:"applied_by"`
	Kept       bool       `json:"kept"` // its text was kept
}

// Origin says why a row is there, where no run of ours wrote it.
type Origin string

// The origins.
const (
	Ran      Origin = ""         // we ran the file
	Baseline Origin = "baseline" // the schema was there before the history
	Resolved Origin = "resolved" // a person said so
	// Adopted is the beginning of an origin that names another runner: it ran the
	// file.
	Adopted Origin = "adopted from "
)

// State is what the history says of one migration.
type State int

// The states.
const (
	Absent       State = iota // never applied, or taken back
	Applied                   //
	HalfApplied               // a run was cut off
	HalfReverted              // the run of its rollback was cut off
)

// String is the state in a word or two.
func (s State) String() string {
	return [...]string{"absent", "applied", "half applied", "half rolled back"}[s]
}

// About is the newest entry about a migration, and what follows from it.
func About(entries []*Entry, name string) (State, *Entry) {
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Name != name && e.Undoes != name {
			continue
		}
		switch back := e.Undoes == name; {
		case !back && e.Finished != nil:
			return Applied, e
		case !back:
			return HalfApplied, e
		case e.Finished == nil:
			return HalfReverted, e
		}
		return Absent, e
	}
	return Absent, nil
}
