package cases

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

var hazardsEvery = flag.Int("hazards-every", 4, "measure the locks and rewrites of one in so many cases")

// TestHazardsAreWhatTheServerDoes runs each statement of the cases' migrations
// in a transaction of its own, and compares the locks, rewrites and scans that
// the server shows with what the plan says of the statement.
func TestHazardsAreWhatTheServerDoes(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	measured := 0
	t.Cleanup(func() {
		t.Logf("figure | statements whose locks, rewrites and scans were measured | %d", measured)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		if i%*hazardsEvery != 0 || strings.HasPrefix(path, "testdata/version/") {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(path, "testdata/")), ".txtar"), func(t *testing.T) {
			t.Parallel()
			c := &testCase{path: path, archive: read(t, path)}
			n := c.measure(t, server)
			mu.Lock()
			defer mu.Unlock()
			measured += n
		})
	}
}

// measure gives the number of statements that were measured.
func (c *testCase) measure(t *testing.T, server *judge.Server) int {
	ctx := context.WithoutCancel(t.Context())
	db, err := server.Database(ctx, c.file("old.sql")+"\n;"+c.file("rows.sql"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Release(ctx)
	wanted, err := server.Database(ctx, c.file("new.sql"))
	if err != nil {
		t.Fatal(err)
	}
	defer wanted.Release(ctx)
	from, err := catalog.Read(ctx, db.DB.DB, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	to, err := catalog.Read(ctx, wanted.DB.DB, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Migrate(from, to, plan.Options{})
	if err != nil {
		return 0 // TestCases says so
	}
	statements, f := apart(t, p)
	if _, err := db.ExecContext(ctx, "SET check_function_bodies = off"); err != nil {
		t.Fatal(err)
	}
	steps, err := apply.Rehearse(ctx, db.DB, []*migfile.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{} // that are there from before
	for _, id := range from.Order {
		if id.Kind == catalog.KindTable || id.Kind == catalog.KindMaterializedView {
			tables[id.SQL()] = true
		}
	}
	for i, step := range steps {
		if step.Failed != nil {
			return i // TestCases says so, or the rows stop it
		}
		for _, wrong := range compare(statements[i], step, tables) {
			t.Errorf("%s\n%s", wrong, step.SQL)
		}
		// What comes in the place of a table that goes, or is put aside, is new.
		if strings.HasPrefix(step.SQL, "DROP TABLE ") || strings.HasPrefix(step.SQL, "DROP MATERIALIZED VIEW ") || strings.HasPrefix(step.SQL, "ALTER TABLE "+statements[i].Object.SQL()+" RENAME TO ") {
			delete(tables, statements[i].Object.SQL())
		}
	}
	return len(steps)
}

// apart is a plan as a file in which each statement has its own transaction.
func apart(t *testing.T, p *plan.Plan) ([]plan.Statement, *migfile.File) {
	var all []plan.Statement
	var b strings.Builder
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			all = append(all, st)
			if s.Transactional {
				fmt.Fprintf(&b, "BEGIN;\n%s;\nCOMMIT;\n", st.SQL)
			} else {
				fmt.Fprintf(&b, "%s;\n", st.SQL)
			}
		}
	}
	f, err := migfile.Parse("plan.sql", b.String())
	if err != nil {
		t.Fatal(err)
	}
	return all, f
}

// lockModes are the modes from weak to strong.
var lockModes = []string{"", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"}

// compare says in what a statement's lock and hazards differ from what it did
// to the tables that were there before the migration.
func compare(st plan.Statement, step apply.Step, tables map[string]bool) (wrong []string) {
	strongest, on := "", ""
	for _, l := range step.Locks {
		if tables[l.Relation] && slices.Index(lockModes, l.Mode) > slices.Index(lockModes, strongest) {
			strongest, on = l.Mode, l.Relation
		}
	}
	stops := slices.Index(lockModes, strongest) > slices.Index(lockModes, "ROW EXCLUSIVE")
	if stops && slices.Index(lockModes, strongest) > slices.Index(lockModes, st.Lock) {
		wrong = append(wrong, fmt.Sprintf("it takes %s on %s, and says %q", strongest, on, st.Lock))
	}
	has := func(kinds ...lint.Kind) bool {
		return slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool { return slices.Contains(kinds, h.Kind) })
	}
	rewritten := false
	for _, r := range step.Rewritten {
		rewritten = rewritten || tables[r.Relation]
		if tables[r.Relation] && !has(lint.Rewrite) {
			wrong = append(wrong, "it rewrites "+r.Relation+", and does not say so")
		}
	}
	if !rewritten && slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool {
		return h.Kind == lint.Rewrite && !strings.Contains(h.Message, " if ") && tables[st.Object.SQL()]
	}) {
		wrong = append(wrong, "it says that it rewrites, and does not")
	}
	for _, s := range step.Scanned {
		if stops && tables[s.Relation] && !has(lint.Rewrite, lint.Scan, lint.IndexBuild, lint.MayFail) {
			wrong = append(wrong, "it reads "+s.Relation+", and does not say so")
		}
	}
	return wrong
}
