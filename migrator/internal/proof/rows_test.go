package proof

import (
	"errors"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// A table with more rows than are read is compared all the same, also when the
// rows have changed places.
func TestProofOfManyRows(t *testing.T) {
	const many = one + "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 5000) i;"
	for _, test := range []struct{ sql, lost string }{
		{"UPDATE t SET v = v WHERE id < 200", ""},
		{"DELETE FROM t WHERE id = 50", "rows of public.t"},
		{"UPDATE t SET v = 'other' WHERE id < 200", "values of public.t.v"},
	} {
		from, to := load(t, many), load(t, one+"CREATE TABLE u (id int);")
		r := &Result{Up: statement(test.sql + "; CREATE TABLE u (id int)"), Down: dropU()}
		err := bench.Prove(t.Context(), r, from, to, plan.Options{})
		var f *Failure
		switch {
		case test.lost == "" && err != nil:
			t.Errorf("%s: %v", test.sql, err)
		case test.lost != "" && (!errors.As(err, &f) || len(f.Lost) != 1 || f.Lost[0] != test.lost):
			t.Errorf("%s: %v", test.sql, err)
		}
	}
	from, to := load(t, strings.Replace(many, "5000", "25000", 1)), load(t, one+"CREATE TABLE u (id int);")
	r := &Result{Up: statement("UPDATE t SET v = v WHERE id < 200; CREATE TABLE u (id int)"), Down: dropU()}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil || len(r.Up.Notes) != 1 || !strings.Contains(r.Up.Notes[0], "does not compare the rows of public.t") {
		t.Errorf("%v: %q", err, r.Up.Notes)
	}
}

// Rows that stop a statement take only their table out of the proof; what those of
// others lose is seen.
func TestProofGoesOnWithOtherTables(t *testing.T) {
	const two = one + "CREATE TABLE other (id int PRIMARY KEY, v text NOT NULL);"
	for _, c := range []struct{ rows, said string }{
		{"", "it failed on rows that were made up for the proof: "},
		{"INSERT INTO t VALUES (1, 'x');", "it fails on rows of the schema's files: "},
	} {
		from, to := load(t, two+c.rows), load(t, two+"ALTER TABLE t ADD CHECK (v = 'never');")
		up := statement("ALTER TABLE t ADD CHECK (v = 'never')")
		up.Segments = append(up.Segments, statement("UPDATE other SET v = 'lost'").Segments...)
		r := &Result{Up: up, Down: statement("ALTER TABLE t DROP CONSTRAINT t_v_check")}
		var f *Failure
		if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); !errors.As(err, &f) || len(f.Lost) != 1 || f.Lost[0] != "values of public.other.v" {
			t.Errorf("%s: %v", c.rows, err)
		}
		h := up.Segments[0].Statements[0].Hazards
		if len(h) != 1 || h[0].Kind != lint.MayFail || !strings.HasPrefix(h[0].Message, c.said) {
			t.Errorf("%s: %+v", c.rows, h)
		}
	}
}
