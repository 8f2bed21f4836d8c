package runner

import (
	"context"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Status is a directory beside what the database knows of it.
type Status struct {
	Dir     *migdir.Dir
	Rows    []Row // in the directory's order; what is missing there comes last
	Entries []*history.Entry
	// Foreign is the history of the runner whose files they are, where the database
	// has one.
	Foreign *history.Foreign
}

// Row is one migration.
type Row struct {
	Name      string
	Version   string
	Migration *migdir.Migration // nil: its file is missing
	State     history.State
	Entry     *history.Entry // the newest about it, or nil
	Changed   bool           // its file is not what was applied
	Late      bool           // pending, though later ones are applied
	Covered   bool           // another one stands for it
	// Ahead: the other runner has applied it since its history was taken over.
	// Behind: it has taken it back.
	Ahead, Behind bool
}

// Pending says that the migration is to be run.
func (r Row) Pending() bool {
	if r.Migration == nil || r.Covered {
		return false
	}
	return r.State == history.Absent || r.State == history.HalfApplied || r.Migration.Repeatable && r.Changed
}

// Missing says that it was applied, and its file is not there.
func (r Row) Missing() bool { return r.Migration == nil }

// Look compares.
func Look(dir *migdir.Dir, entries []*history.Entry, foreign *history.Foreign) *Status {
	s := &Status{Dir: dir, Entries: entries, Foreign: foreign}
	known := map[string]bool{}
	newest := -1
	for i, m := range dir.Migrations {
		known[m.Name] = true
		r := Row{Name: m.Name, Version: m.Version, Migration: m}
		r.State, r.Entry = history.About(entries, m.Name)
		r.Changed = r.State == history.Applied && m.Up != nil && r.Entry.Origin != history.Baseline && r.Entry.SHA256 != m.Up.SHA256
		if r.State == history.Applied && !m.Repeatable {
			newest = i
		}
		s.Rows = append(s.Rows, r)
	}
	s.cover(newest)
	for i := range s.Rows {
		r := &s.Rows[i]
		r.Late = i < newest && r.Pending() && r.State == history.Absent && !r.Migration.Repeatable
	}
	s.abreast()
	s.missing(known)
	return s
}

// abreast holds the other runner's history against ours: it may have gone on.
func (s *Status) abreast() {
	if s.Foreign == nil || len(s.Foreign.Done) == 0 || s.Unadopted() {
		return
	}
	theirs := map[int]bool{}
	for _, v := range s.Foreign.Done {
		for _, i := range s.named(v) {
			theirs[i] = true
		}
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		if r.Migration.Repeatable || r.Covered {
			continue
		}
		r.Ahead = theirs[i] && r.State == history.Absent
		r.Behind = !theirs[i] && r.State == history.Applied && r.Entry.Version != "" && (r.Entry.Origin == history.Ran || strings.HasPrefix(string(r.Entry.Origin), string(history.Adopted)))
		if r.Ahead {
			r.Late = false
		}
	}
}

// cover leaves out what a migration that stands for all before it makes needless:
// on an empty database these are not run, and on any other it is not.
func (s *Status) cover(newest int) {
	at := -1
	for i, r := range s.Rows {
		if r.Migration.Covers && (newest < 0 || r.State == history.Applied) {
			at = i
		}
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		absent := r.State == history.Absent && !r.Migration.Repeatable
		r.Covered = absent && (i < at || r.Migration.Covers && i != at)
	}
}

// missing adds what the history has and the directory has not. Files that were
// applied on their own have no version, and need not lie in any directory.
func (s *Status) missing(known map[string]bool) {
	for _, e := range s.Entries {
		name := e.Name
		if e.Undoes != "" {
			name = e.Undoes
		}
		if known[name] || slices.Contains(s.Dir.Passed, name) {
			continue
		}
		known[name] = true
		if state, last := history.About(s.Entries, name); state != history.Absent && last.Version != "" {
			s.Rows = append(s.Rows, Row{Name: name, Version: last.Version, State: state, Entry: last})
		}
	}
}

// Count counts the rows of which something holds.
func (s *Status) Count(holds func(Row) bool) int {
	n := 0
	for _, r := range s.Rows {
		if holds(r) {
			n++
		}
	}
	return n
}

// Unadopted says that the runner whose files these are has applied some, and that
// our history knows nothing of it.
func (s *Status) Unadopted() bool {
	return s.Foreign != nil && len(s.Foreign.Done) > 0 && len(s.Entries) == 0
}

// newestBefore is the version that is the newest one applied without the row at a
// place.
func (s *Status) newestBefore(at int) string {
	for i := len(s.Rows) - 1; i >= 0; i-- {
		r := s.Rows[i]
		if i != at && r.Migration != nil && r.State == history.Applied && !r.Migration.Repeatable {
			return r.Version
		}
	}
	return ""
}

// beside is what the other runner's history is to be told of a migration.
func (s *Status) beside(at int, back bool) []string {
	if s.Foreign == nil {
		return nil
	}
	m := s.Rows[at].Migration
	c := history.Change{Version: m.Version, Before: s.newestBefore(at), Title: m.Title, Script: m.Name, Repeatable: m.Repeatable}
	if m.Up != nil {
		c.Statements = m.Up.Statements()
	}
	switch s.Dir.Format {
	case migfile.Flyway:
		c.Checksum = migdir.FlywayChecksum(m.Up.Raw)
	case migfile.Atlas:
		c.Hash = m.Hash
	}
	if back {
		return s.Foreign.Reverted(c)
	}
	if s.Foreign.Runner == migfile.GolangMigrate && s.Dir.Compare(c.Before, c.Version) > 0 {
		return nil // it knows the newest version only
	}
	return s.Foreign.Applied(c)
}

// Ask reads what a database knows of a directory, without the lock: others may be
// at work.
func Ask(ctx context.Context, db *pgdb.DB, dir *migdir.Dir, set string) (*Status, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	table := history.On(conn, set)
	if err := table.Find(ctx); err != nil {
		return nil, err
	}
	entries, err := table.Entries(ctx)
	if err != nil {
		return nil, err
	}
	foreign, err := history.FindForeign(ctx, conn, dir.Format)
	if err != nil {
		return nil, err
	}
	return Look(dir, entries, foreign), nil
}
