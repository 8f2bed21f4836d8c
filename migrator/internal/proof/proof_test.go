package proof

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

var bench *Bench

func TestMain(m *testing.M) {
	code := m.Run()
	if bench != nil {
		bench.Close()
	}
	os.Exit(code)
}

func load(t *testing.T, sql string) *State {
	t.Helper()
	if bench == nil {
		b, err := NewBench(t.Context(), nil, scratch.Options{Mode: scratch.Local})
		if err != nil {
			t.Fatal(err)
		}
		bench = b
	}
	s, err := bench.Load(t.Context(), []schemafile.File{{Name: "schema.sql", Text: sql}})
	if err != nil {
		t.Fatal(err)
	}
	db := s.DB // a proof takes it away
	t.Cleanup(func() { db.Close() })
	return s
}

// statement is a plan of one statement, right or wrong.
func statement(sql string, hazards ...lint.Hazard) *plan.Plan {
	return &plan.Plan{Segments: []plan.Segment{{Transactional: true, Statements: []plan.Statement{{
		SQL: sql, Hazards: hazards, Object: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "t"},
	}}}}}
}

// dropU is a plan that says what it loses.
func dropU() *plan.Plan {
	p := statement("DROP TABLE u", lint.Hazard{Kind: lint.DataLoss})
	p.Segments[0].Statements[0].Object.Name = "u"
	return p
}

const one = "CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL);"

func TestProofOfAPlanThatDoesTooLittle(t *testing.T) {
	from, to := load(t, one), load(t, one+"CREATE TABLE u (id int); CREATE INDEX ON t (v);")
	r := &Result{Up: statement("CREATE TABLE u (id int)"), Down: dropU()}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil {
		t.Fatal(err)
	}
	if !r.Proved || r.Repaired != 2 || len(r.Up.Segments) != 2 || !strings.Contains(r.Up.Segments[1].Statements[0].SQL, "t_v_idx") {
		t.Errorf("the missing index was not repaired: %+v", r)
	}
}

func TestProofOfAStatementThatFails(t *testing.T) {
	from, to := load(t, one), load(t, one+"CREATE TABLE u (id int);")
	r := &Result{Up: statement("CREATE TABLE t (id int)"), Down: dropU()}
	var f *Failure
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); !errors.As(err, &f) || f.Direction != Up || !strings.Contains(f.Error(), "already exists") || r.Proved {
		t.Error(err)
	}
}

func TestProofOfAPlanThatLosesRows(t *testing.T) {
	for _, sql := range []string{
		"DELETE FROM t", "UPDATE t SET v = 'other'",
		"DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL)",
		"ALTER TABLE t DROP COLUMN v; ALTER TABLE t ADD COLUMN v text NOT NULL DEFAULT ''; ALTER TABLE t ALTER COLUMN v DROP DEFAULT",
	} {
		from, to := load(t, one), load(t, one+"CREATE TABLE u (id int);")
		r := &Result{Up: statement(sql + "; CREATE TABLE u (id int)"), Down: dropU()}
		var f *Failure
		if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); !errors.As(err, &f) || len(f.Lost) == 0 {
			t.Errorf("%s: %v", sql, err)
		}
		from, to = load(t, one), load(t, one+"CREATE TABLE u (id int);")
		r.Up = statement(sql+"; CREATE TABLE u (id int)", lint.Hazard{Kind: lint.DataLoss})
		if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil {
			t.Errorf("%s, and it says so: %v", sql, err)
		}
	}
}

// What was computed is lost, too, where the column stays as a plain one.
func TestProofOfComputedValuesThatGo(t *testing.T) {
	const old = "CREATE TABLE t (id int PRIMARY KEY, a int, d int GENERATED ALWAYS AS (a + 1) STORED);"
	for _, test := range []struct {
		sql  string
		lost bool
	}{
		{"ALTER TABLE t ALTER d DROP EXPRESSION", false},
		{"ALTER TABLE t DROP d; ALTER TABLE t ADD d int", true},
		{"ALTER TABLE t ALTER d DROP EXPRESSION; UPDATE t SET d = d + 1", true},
	} {
		from, to := load(t, old), load(t, "CREATE TABLE t (id int PRIMARY KEY, a int, d int);")
		down := statement("ALTER TABLE t DROP d; ALTER TABLE t ADD d int GENERATED ALWAYS AS (a + 1) STORED", lint.Hazard{Kind: lint.DataLoss})
		r := &Result{Up: statement(test.sql), Down: down}
		var f *Failure
		if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); errors.As(err, &f) != test.lost || test.lost && len(f.Lost) == 0 || err != nil && !test.lost {
			t.Errorf("%s: %v", test.sql, err)
		}
	}
}

// Values that move are lost, in a column whose type changes and at every depth.
func TestProofOfValuesThatMove(t *testing.T) {
	const old = "CREATE TYPE ad AS (street text, city text); CREATE TABLE t (id int PRIMARY KEY, n int, x text[], c ad, a ad[]);"
	const now = "CREATE TYPE ad AS (city text, street text); CREATE TABLE t (id int PRIMARY KEY, n bigint, x jsonb, c ad, a ad[]);"
	const good = "ALTER TYPE ad RENAME TO o; CREATE TYPE ad AS (city text, street text); CREATE FUNCTION f(o) RETURNS ad LANGUAGE sql AS 'SELECT CASE WHEN $1 IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW($1.city, $1.street)::ad END'; CREATE CAST (o AS ad) WITH FUNCTION f(o); "
	const end = "; DROP CAST (o AS ad); DROP FUNCTION f(o); DROP TYPE o"
	for _, test := range []struct {
		n, x, c, a string
		lost       string
	}{
		{"n", "to_jsonb(x)", "c::ad", "a::ad[]", ""},
		{"n + 1", "to_jsonb(x)", "c::ad", "a::ad[]", "values of public.t.n"},
		{"n", "to_jsonb(array_remove(x, NULL))", "c::ad", "a::ad[]", "values of public.t.x"},
		{"n", "to_jsonb(x)", "c::text::ad", "a::ad[]", "values of public.t.c"},
		{"n", "to_jsonb(x)", "c::ad", "a::text::ad[]", "values of public.t.a"},
		{"n", "to_jsonb(x)", "c::ad", "NULL", "values of public.t.a"},
	} {
		from, to := load(t, old), load(t, now)
		up := statement(good + "ALTER TABLE t ALTER n TYPE bigint USING " + test.n + ", ALTER x TYPE jsonb USING " + test.x +
			", ALTER c TYPE ad USING " + test.c + ", ALTER a TYPE ad[] USING " + test.a + end)
		down, err := plan.Migrate(to.Catalog, from.Catalog, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = bench.Prove(t.Context(), &Result{Up: up, Down: down}, from, to, plan.Options{})
		var f *Failure
		switch {
		case test.lost == "" && err != nil:
			t.Errorf("%+v: %v", test, err)
		case test.lost != "" && (!errors.As(err, &f) || len(f.Lost) != 1 || f.Lost[0] != test.lost):
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// What a migration loses, its rollback does not bring back, and says so in its
// first lines.
func TestRollbackSaysWhatIsGone(t *testing.T) {
	from, to := load(t, one+"CREATE TABLE u (id int);"), load(t, "CREATE TABLE t (id int PRIMARY KEY);")
	r, err := Plan(from.Catalog, to.Catalog, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := migfile.SQL(migfile.Header{Title: "down"}, r.Down)
	for _, want := range []string{
		"-- note: this does not bring back what the migration took: the rows of public.u are lost\n",
		"-- note: this does not bring back what the migration took: the values of public.t.v are lost\n",
	} {
		if head, _, _ := strings.Cut(text, "BEGIN;"); !strings.Contains(head, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if len(r.Up.Notes) > 0 {
		t.Errorf("the migration says %q", r.Up.Notes)
	}
}

// Our rows may stop a statement that other rows do not: it is marked, and the
// proof goes on.
func TestProofWithRowsThatStopAStatement(t *testing.T) {
	from, to := load(t, one), load(t, one+"ALTER TABLE t ADD CHECK (v = 'never seeded');")
	r := &Result{
		Up:   statement("ALTER TABLE t ADD CHECK (v = 'never seeded')"),
		Down: statement("ALTER TABLE t DROP CONSTRAINT t_v_check"),
	}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil {
		t.Fatal(err)
	}
	h := r.Up.Segments[0].Statements[0].Hazards
	if len(h) != 1 || h[0].Kind != lint.MayFail || !strings.Contains(h[0].Message, "t_v_check") {
		t.Errorf("%+v", h)
	}
}

func TestSeedSatisfiesConstraints(t *testing.T) {
	s := load(t, `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN big AS int CHECK (VALUE > 10);
CREATE DOMAIN mail AS text NOT NULL CHECK (VALUE LIKE '%@%');
CREATE TABLE p (id int PRIMARY KEY, k text CHECK (k IN ('x', 'y')), d big, m mood NOT NULL, u uuid UNIQUE, j jsonb, r tsrange,
 a int[], ts timestamptz DEFAULT now(), n numeric(3,2) CHECK (n < 5), v varchar(4) NOT NULL, c pair, x xml, i inet, b bytea, bits bit(3), g point,
 total int GENERATED ALWAYS AS (id * 2) STORED, EXCLUDE USING gist (r WITH &&));
CREATE TABLE c (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p int NOT NULL REFERENCES p, q bigint REFERENCES c, mail mail);
CREATE TABLE circle1 (id int PRIMARY KEY, other int);
CREATE TABLE circle2 (id int PRIMARY KEY, other int NOT NULL REFERENCES circle1);
ALTER TABLE circle1 ADD FOREIGN KEY (other) REFERENCES circle2;
CREATE TABLE part (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE "Odd ""Name""" ("Some Column" serial, price int CHECK (price BETWEEN 17 AND 19), code char(2) CHECK (code ~ '^[A-Z]{2}$' OR code = 'zz'));
CREATE TABLE nothing ();
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;
CREATE TRIGGER no BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION no();
`)
	conn, err := s.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tables, err := seedTables(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := seed(t.Context(), conn, s.DB.Runner(conn), tables); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"p", "c", "circle1", "circle2", "part1", `"Odd ""Name"""`, "nothing"} {
		var n int
		if err := s.DB.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n == 0 {
			t.Errorf("%s has %d rows (%v)", table, n, err)
		}
	}
}

// A rollback that PostgreSQL refuses in part withholds nothing: it does the rest,
// and says what it leaves.
func TestRollbackThatCannotUndoAll(t *testing.T) {
	const older, newer = "CREATE EXTENSION pg_trgm VERSION '1.5';", "CREATE EXTENSION pg_trgm VERSION '1.6';"
	from, to := load(t, one+older), load(t, one+newer+"CREATE TABLE u (id int);")
	r, err := Plan(from.Catalog, to.Catalog, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil {
		t.Fatal(err)
	}
	text := migfile.SQL(migfile.Header{}, r.Down)
	if !r.Proved || len(r.Irreversible) == 0 || !strings.Contains(text, "DROP TABLE public.u") || strings.Contains(text, "ALTER EXTENSION") || !strings.Contains(text, "-- note: not undone: extension pg_trgm: ") {
		t.Errorf("%+v\n%s", r, text)
	}
	// Where the planner finds another way, nothing is left.
	from, to = load(t, one), load(t, one+"CREATE TABLE u (id int); CREATE SEQUENCE s;")
	r = &Result{Up: statement("CREATE TABLE u (id int); CREATE SEQUENCE s"), Down: dropU()}
	r.Down.Segments = append(statement("DROP SEQUENCE s CASCADE NOW").Segments, r.Down.Segments...)
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil || !r.Proved || len(r.Irreversible) > 0 || r.Repaired != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A file that names no version of an extension asks for none.
func TestExtensionWithoutVersion(t *testing.T) {
	older, any := load(t, "CREATE EXTENSION pg_trgm VERSION '1.5';"), load(t, "CREATE EXTENSION IF NOT EXISTS pg_trgm;")
	for _, way := range [][2]*State{{older, any}, {any, older}} {
		if r, err := Plan(way[0].Catalog, way[1].Catalog, plan.Options{}); err != nil || !r.Up.Empty() {
			t.Errorf("%+v, %v", r, err)
		}
	}
	named := load(t, "CREATE EXTENSION pg_trgm WITH SCHEMA public VERSION '1.6';")
	if r, err := Plan(older.Catalog, named.Catalog, plan.Options{}); err != nil || r.Up.Empty() {
		t.Errorf("%+v, %v", r, err)
	}
}

// Two databases that Compare finds equal, and ATTACH PARTITION does not.
func TestUnlike(t *testing.T) {
	const parent = "CREATE TABLE p (a int, k int) PARTITION BY LIST (k); CREATE TABLE q (a int); CREATE TABLE c (a int, k int); "
	a := load(t, parent+"CREATE INDEX x ON c (a); CREATE INDEX y ON c (a); CREATE TABLE d () INHERITS (q); CREATE TABLE e (a int) INHERITS (q);")
	b := load(t, parent+"CREATE INDEX y ON c (a); CREATE INDEX x ON c (a); CREATE TABLE d () INHERITS (q); CREATE TABLE e (a int) INHERITS (q);")
	if ds := catalog.Compare(a.Catalog, b.Catalog, catalog.Ignore{}); len(ds) > 0 {
		t.Fatal(ds)
	}
	ds := catalog.Unlike(a.Catalog, b.Catalog)
	if len(ds) != 1 || ds[0].ID.Name != "c" || ds[0].Old != "x, y" || ds[0].New != "y, x" {
		t.Errorf("%v", ds)
	}
	if ds := catalog.Unlike(a.Catalog, a.Catalog); len(ds) > 0 {
		t.Errorf("unlike itself: %v", ds)
	}
	const older = "CREATE TABLE k (id int NOT NULL); CREATE INDEX i ON k (id); ALTER TABLE k ADD PRIMARY KEY (id); CREATE TABLE r (id int REFERENCES k);"
	states := []*State{b, load(t, older)}
	for _, keys := range []string{ // a foreign key takes the oldest index that fits, or the primary key when it names no columns
		"CREATE TABLE k (id int PRIMARY KEY); CREATE UNIQUE INDEX i ON k (id);",
		"CREATE TABLE k (id int NOT NULL UNIQUE); CREATE TABLE r (id int REFERENCES k (id)); ALTER TABLE k ADD PRIMARY KEY (id);",
		"CREATE TABLE k (id int NOT NULL); CREATE UNIQUE INDEX i ON k (id); ALTER TABLE k ADD PRIMARY KEY (id); CREATE TABLE r (id int REFERENCES k);",
		"CREATE TABLE k (id int CONSTRAINT z UNIQUE); ALTER TABLE k ADD CONSTRAINT a UNIQUE (id); CREATE TABLE r (id int REFERENCES k (id));",
		"CREATE TABLE k (id int); CREATE UNIQUE INDEX z ON k (id); ALTER TABLE k ADD CONSTRAINT a UNIQUE (id); CREATE TABLE r (id int REFERENCES k (id));",
		"CREATE TABLE k (a int, b int, UNIQUE (b, a)); ALTER TABLE k ADD PRIMARY KEY (a, b); CREATE TABLE r (b int, a int, FOREIGN KEY (b, a) REFERENCES k (b, a)); CREATE TABLE s (b int, a int, FOREIGN KEY (a, b) REFERENCES k);",
		"CREATE TABLE k (id int NOT NULL, UNIQUE (id) INCLUDE (id)); ALTER TABLE k ADD PRIMARY KEY (id); ALTER TABLE k ADD UNIQUE (id) DEFERRABLE; CREATE TABLE r (id int REFERENCES k (id));",
	} {
		states = append(states, load(t, keys))
	}
	for _, s := range states {
		copied, err := bench.Copy(t.Context(), s.Catalog)
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalog.Read(t.Context(), copied.DB, catalog.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if ds := catalog.Unlike(s.Catalog, c); len(ds) > 0 {
			t.Errorf("the copy is unlike: %v", ds)
		}
	}
}

// Triggers of the schema do not stop the proof from emptying its tables, and what
// an event trigger writes is no loss.
func TestProofBesideTriggers(t *testing.T) {
	const common = `CREATE TABLE audit (id int, what text);
CREATE FUNCTION no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append only'; END $$;
CREATE TRIGGER g BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION no_truncate();
CREATE TABLE ddl_log (at timestamptz, tag text);
CREATE FUNCTION note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ddl_log VALUES (now(), tg_tag); END $$;
CREATE EVENT TRIGGER note_ddl ON ddl_command_end EXECUTE FUNCTION note_ddl();
`
	from, to := load(t, common+"CREATE TABLE t (id int PRIMARY KEY, a text);"), load(t, common+"CREATE TABLE t (id int PRIMARY KEY, a text, b int NOT NULL);")
	r, err := Plan(from.Catalog, to.Catalog, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Prove(t.Context(), r, from, to, plan.Options{}); err != nil || !r.Proved {
		t.Error(err)
	}
}

// What PostgreSQL has no command for is said by name, while planning.
func TestNoCommand(t *testing.T) {
	from, to := load(t, "CREATE TABLE d (a int); CREATE TABLE h (id int, c d);"), load(t, "CREATE TABLE d (a bigint); CREATE TABLE h (id int, c d);")
	_, err := Plan(from.Catalog, to.Catalog, plan.Options{})
	var none *plan.NoCommand
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "the type of column public.d.a cannot change while column public.h.c holds rows of public.d") {
		t.Error(err)
	}
}
