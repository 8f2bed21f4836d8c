package proof

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// apart is a plan of statements that each commit.
func apart(statements ...plan.Statement) *plan.Plan {
	p := &plan.Plan{}
	for _, st := range statements {
		p.Segments = append(p.Segments, plan.Segment{Transactional: true, Statements: []plan.Statement{st}})
	}
	return p
}

func alone(text string) plan.Statement {
	return plan.Statement{SQL: text, Object: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "t"}}
}

// Wrong plans, which come out right alone: what lapses between two commits, what
// clients fail on and what waits too long is seen.
func TestTrafficSeesWhatAPlanDoes(t *testing.T) {
	const old = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int CONSTRAINT c CHECK (b > 0)); CREATE UNIQUE INDEX u ON t (a); CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT a FROM t;" +
		"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true);"
	now := old + "CREATE TABLE z (id int);"
	done := alone("CREATE TABLE z (id int)")
	for _, test := range []struct {
		name string
		plan *plan.Plan
		want string // in a reason; "" is none
	}{
		{"nothing wrong", apart(done), ""},
		{"a unique index", apart(alone("DROP INDEX u"), alone("CREATE UNIQUE INDEX u ON t (a)"), done), "index public.u is not there for a while after DROP INDEX u"},
		{"a unique index under another name", apart(alone("CREATE UNIQUE INDEX x ON t (a)"), alone("DROP INDEX u"), alone("ALTER INDEX x RENAME TO u"), done), ""},
		{"an index that is not unique meanwhile", apart(alone("CREATE INDEX x ON t (a)"), alone("DROP INDEX u"), alone("CREATE UNIQUE INDEX u ON t (a)"), alone("DROP INDEX x"), done), "index public.u"},
		{"a plain index", apart(alone("DROP INDEX i"), alone("CREATE INDEX i ON t (b)"), done), "index public.i"},
		{"a check", apart(alone("ALTER TABLE t DROP CONSTRAINT c"), alone("ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)"), done), "constraint public.t.c"},
		{"a check that is not valid meanwhile", apart(alone("ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID"), alone("ALTER TABLE t VALIDATE CONSTRAINT c"), done), ""},
		{"NOT NULL", apart(alone("ALTER TABLE t ALTER a DROP NOT NULL"), alone("ALTER TABLE t ALTER a SET NOT NULL"), done), "NOT NULL of column public.t.a"},
		{"a primary key", apart(alone("ALTER TABLE t DROP CONSTRAINT t_pkey"), alone("ALTER TABLE t ADD PRIMARY KEY (id)"), done), "constraint public.t.t_pkey"},
		{"a view", apart(alone("DROP VIEW v"), alone("CREATE VIEW v AS SELECT a FROM t"), done), "view public.v"},
		{"a trigger", apart(alone("DROP TRIGGER r ON t"), alone("CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"), done), "trigger public.t.r"},
		{"a policy", apart(alone("DROP POLICY p ON t"), alone("CREATE POLICY p ON t USING (true)"), done), "policy public.t.p"},
		{"row security", apart(alone("ALTER TABLE t DISABLE ROW LEVEL SECURITY"), alone("ALTER TABLE t ENABLE ROW LEVEL SECURITY"), done), "row security of table public.t"},
		{"a table away for a while", apart(alone("ALTER TABLE t RENAME TO x"), alone("SELECT pg_sleep(0.1)"), alone("ALTER TABLE x RENAME TO t"), done), "the reader of public.t: relation"},
		{"a lapse that is said", apart(plan.Statement{SQL: "DROP INDEX u", Object: catalog.ID{Kind: catalog.KindIndex, Schema: "public", Name: "u"}, Hazards: []lint.Hazard{{Kind: lint.Correctness}}},
			alone("CREATE UNIQUE INDEX u ON t (a)"), done), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			from, to := load(t, old), load(t, now)
			out, err := bench.Traffic(t.Context(), &Result{Up: test.plan, noWayBack: true}, from, to, 100, plan.Options{})
			var f *TrafficFailure
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &f) || !slices.ContainsFunc(f.Reasons, func(r string) bool { return strings.Contains(r, test.want) })):
				t.Errorf("%v; %+v", err, out.Up)
			}
		})
	}
}

// A lock is measured from when it is asked for to the end of its transaction.
func TestTrafficMeasuresLocks(t *testing.T) {
	const old = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE k (id int PRIMARY KEY);"
	from, to := load(t, old), load(t, old+"CREATE TABLE z (id int);")
	up := apart(plan.Statement{SQL: "CREATE TABLE z (id int); ALTER TABLE t ALTER a SET STATISTICS 10; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; LOCK TABLE k IN SHARE MODE; SELECT pg_sleep(0.2)",
		Object: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "t"}})
	up.Changes = []plan.Change{{Action: plan.Alter, ID: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "t"}}, {Action: plan.Alter, ID: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "k"}}}
	out, err := bench.Traffic(t.Context(), &Result{Up: up, noWayBack: true}, from, to, 50, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const slept = 150_000_000 // of 200 ms: a bound that a busy machine only moves away from
	for _, table := range out.Up.Tables {
		switch table.Name {
		case "public.t":
			if table.Unreadable.Longest < slept || table.Read < slept || table.Write < slept || table.Rows != 52 {
				t.Errorf("%+v", table)
			}
		case "public.k":
			if table.Unreadable.Longest != 0 || table.Unwritable.Longest < slept || table.Write < slept || table.Read > table.Write {
				t.Errorf("%+v", table)
			}
		}
	}
	if len(out.Up.Tables) != 2 {
		t.Errorf("%d tables", len(out.Up.Tables))
	}
}
