package proof

import (
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// hands is the body of a schema that uses a type of an extension in all places.
const hands = `
CREATE TABLE t (id int PRIMARY KEY, c citext, d citext[] NOT NULL DEFAULT '{}', CHECK (c <> 'x'));
CREATE INDEX ON t (c);
CREATE VIEW v AS SELECT c FROM t;
CREATE DOMAIN dom AS citext CHECK (VALUE <> 'a');
CREATE TYPE pair AS (a citext, b int);
CREATE FUNCTION f(citext) RETURNS citext LANGUAGE sql AS 'SELECT $1';
`

// An extension that moves takes its types along: no value is written anew, and nothing
// that uses them is made again.
func TestExtensionMovesWithItsTypes(t *testing.T) {
	const here = "CREATE EXTENSION citext;" + hands
	for _, test := range []struct{ name, from, to string }{
		{"to a schema that is there", "CREATE SCHEMA x;" + here, "CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x; SET search_path = public, x;" + hands},
		{"to one that is new", here, "CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x; SET search_path = public, x;" + hands},
		{"from one that goes", "CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x; SET search_path = public, x;" + hands, here},
		{"two at once, to a new one", "CREATE EXTENSION hstore;" + here, "CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x; CREATE EXTENSION hstore SCHEMA x; SET search_path = public, x;" + hands},
	} {
		from, to := load(t, test.from), load(t, test.to+"ALTER TABLE t ADD k int;")
		r, err := bench.PlanRenamed(t.Context(), from, to, nil, plan.Options{})
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		for _, c := range slices.Concat(r.Up.Changes, r.Down.Changes) {
			if !slices.Contains([]catalog.Kind{catalog.KindExtension, catalog.KindSchema}, c.ID.Kind) && c.ID.Sub != "k" {
				t.Errorf("%s: %s %s", test.name, c.Action, c.ID)
			}
		}
		if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil || !r.Proved || r.Repaired > 0 {
			t.Errorf("%s: %v, %+v", test.name, err, r)
		}
	}
}

// Where the new schema has something of that name already, PostgreSQL refuses the move;
// then it is for the plan to find another order, and the copy is as it was.
func TestExtensionThatCannotMoveFirst(t *testing.T) {
	from := load(t, "CREATE SCHEMA x; CREATE EXTENSION citext; CREATE DOMAIN x.citext AS text;")
	to := load(t, "CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x;")
	r, err := bench.PlanRenamed(t.Context(), from, to, nil, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil || !r.Proved {
		t.Errorf("%v, %+v", err, r)
	}
	if sql := r.Up.Segments[0].Statements[0].SQL; !strings.HasPrefix(sql, "DROP DOMAIN") {
		t.Errorf("the plan begins with %s", sql)
	}
}
