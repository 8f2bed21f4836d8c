package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// The migrations of real projects are run on a server, and what lint says of each
// statement is held against the locks and rewrites that the server shows. They are
// asked for: MIGRATOR_TEST_CORPUS is a folder with one folder of .sql files a project.
func TestLintOnRealMigrations(t *testing.T) {
	corpus := os.Getenv("MIGRATOR_TEST_CORPUS")
	if corpus == "" {
		t.Skip("MIGRATOR_TEST_CORPUS is not set")
	}
	projects, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	var sum realCount
	for _, p := range projects {
		t.Run(p.Name(), func(t *testing.T) {
			c := lintProject(t, filepath.Join(corpus, p.Name()))
			t.Logf("%+v", c)
			sum.add(c)
		})
	}
	t.Logf("all: %+v", sum)
}

// realCount is what came out of a project.
type realCount struct {
	Files, NotRun, Statements int
	Named, Contradicted       int // statements with a hazard of a lock, a rewrite or a scan
	Exclusive, Unnamed        int // ACCESS EXCLUSIVE locks on tables that were there before the file
}

func (c *realCount) add(o realCount) {
	c.Files, c.NotRun, c.Statements = c.Files+o.Files, c.NotRun+o.NotRun, c.Statements+o.Statements
	c.Named, c.Contradicted = c.Named+o.Named, c.Contradicted+o.Contradicted
	c.Exclusive, c.Unnamed = c.Exclusive+o.Exclusive, c.Unnamed+o.Unnamed
}

func lintProject(t *testing.T, folder string) (c realCount) {
	_, db := database(t)
	files, _, err := schemafile.Read(folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(files, func(a, b schemafile.File) int { return lint.Order(a.Name, b.Name) })
	judge := lint.New(lint.Options{})
	for _, f := range files {
		c.Files++
		r := judge.File(f.Name, f.Text)
		m, err := migfile.Parse(f.Name, f.Text)
		if err != nil {
			c.NotRun++
			continue
		}
		tables := namesOf(t, db, `SELECT $c, '' FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'm')`)
		parents := namesOf(t, db, `SELECT $c, $p FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class c ON c.oid = inhrelid JOIN pg_catalog.pg_class p ON p.oid = inhparent`)
		steps, err := apply.Rehearse(context.Background(), db, []*migfile.File{m}, nil)
		if err != nil || len(steps) > 0 && steps[len(steps)-1].Failed != nil {
			c.NotRun++
		}
		said, alone := saidOf(f.Text, r), outside(m)
		held := map[string][]string{} // modes by table, in this file
		for _, st := range steps {
			if st.Failed != nil || st.Skipped != "" {
				continue
			}
			c.Statements += st.Count
			s := said[fmt.Sprint(st.Line, st.SQL)]
			for _, l := range st.Locks {
				held[l.Relation] = append(held[l.Relation], l.Mode)
				if l.Mode != "ACCESS EXCLUSIVE" || !has(tables, l.Relation) {
					continue
				}
				c.Exclusive++
				named := false
				for name := l.Relation; name != ""; name = parents[name] { // a table is locked with its partitions
					named = named || s != nil && s.locks(name)
				}
				if !named {
					c.Unnamed++
					t.Logf("%s:%d: ACCESS EXCLUSIVE on %s is not named: %.200s", f.Name, st.Line, l.Relation, st.SQL)
				}
			}
			if s == nil || len(s.kinds) == 0 || alone[fmt.Sprint(st.Line, st.SQL)] || !s.about(tables) || len(st.Locks) == 0 && strings.Contains(s.kinds[lint.BlocksReads], " if ") {
				continue
			}
			if len(st.Locks) == 0 && !slices.ContainsFunc(s.tables, func(t string) bool { return !strings.Contains(t, "…") }) {
				continue // of a loop that has no round
			}
			c.Named++
			if why := s.contradicted(st, held); why != "" {
				c.Contradicted++
				t.Errorf("%s:%d: %s: %.200s", f.Name, st.Line, why, st.SQL)
			}
		}
	}
	return c
}

// said is what lint has said of a statement.
type said struct {
	kinds  map[lint.Kind]string
	tables []string // of its locks; "" is some table
}

// saidOf are the sayings by line and text of the statements.
func saidOf(text string, r lint.Result) map[string]*said {
	all := sqltext.Split(text)
	found := map[string]*said{}
	of := func(n int) *said {
		key := fmt.Sprint(all[n].Line, all[n].SQL)
		if found[key] == nil {
			found[key] = &said{kinds: map[lint.Kind]string{}}
		}
		return found[key]
	}
	for _, l := range r.Locks {
		s := of(l.Statement)
		s.tables = append(s.tables, l.Table)
	}
	for _, d := range r.Findings {
		for _, h := range d.Hazards {
			switch h.Kind {
			case lint.BlocksReads, lint.BlocksWrites, lint.Rewrite, lint.Scan:
				s := of(d.Statement)
				s.kinds[h.Kind] = h.Message
				s.tables = append(s.tables, d.Table)
			}
		}
	}
	return found
}

// locks says that a lock on a table is named.
func (s *said) locks(table string) bool {
	return slices.ContainsFunc(s.tables, func(named string) bool {
		return named == "" || strings.Contains(named, "…") || named == table || strings.TrimPrefix(strings.ReplaceAll(table, `"`, ""), "public.") == strings.TrimPrefix(named, "public.")
	})
}

// contradicted is what the server says to the contrary; "" is nothing.
func (s *said) contradicted(st apply.Step, held map[string][]string) string {
	has := func(modes ...string) bool {
		for _, all := range held {
			if slices.ContainsFunc(all, func(m string) bool { return slices.Contains(modes, m) }) {
				return true
			}
		}
		return false
	}
	if m, ok := s.kinds[lint.Rewrite]; ok && len(st.Rewritten) == 0 && !strings.Contains(m, " if ") {
		return "a rewrite is named, and there is none"
	}
	if _, ok := s.kinds[lint.BlocksReads]; ok && !has("ACCESS EXCLUSIVE") {
		return fmt.Sprintf("blocks-reads is named, and the locks are %v", st.Locks)
	}
	if _, ok := s.kinds[lint.BlocksWrites]; ok && !has("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE") {
		return fmt.Sprintf("blocks-writes is named, and the locks are %v", st.Locks)
	}
	return ""
}

func has(names map[string]string, name string) bool {
	_, ok := names[name]
	return ok
}

// about says that one of the tables that are spoken of was there before: what is dropped
// only if it exists may not have been.
func (s *said) about(tables map[string]string) bool {
	for name := range tables {
		if s.locks(name) {
			return true
		}
	}
	return false
}

// outside are the statements of a file that run outside of transactions: their locks
// are gone before anybody can look.
func outside(f *migfile.File) map[string]bool {
	found := map[string]bool{}
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			found[fmt.Sprint(st.Line, st.SQL)] = !s.Transactional
		}
	}
	return found
}

// namesOf asks for pairs of qualified names.
func namesOf(t *testing.T, db *pgdb.DB, query string) map[string]string {
	name := func(alias string) string {
		return "(SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(" + alias + ".relname) FROM pg_catalog.pg_namespace n WHERE n.oid = " + alias + ".relnamespace)"
	}
	rows, err := db.Query(strings.NewReplacer("$c", name("c"), "$p", name("p")).Replace(query))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var first, second string
		if err := rows.Scan(&first, &second); err != nil {
			t.Fatal(err)
		}
		all[first] = second
	}
	return all
}
