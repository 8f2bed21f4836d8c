package whatif

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// database is a database of a server of its own, with a shop in it.
func database(t *testing.T, mode string) *pgdb.DB {
	t.Helper()
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: mode, Trusted: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, sql := range shop {
		if _, err := db.ExecContext(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	return db
}

var shop = []string{
	`CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, born date)`,
	`CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, status text NOT NULL, total numeric NOT NULL, at timestamptz NOT NULL, tags text[])`,
	`CREATE SCHEMA "Odd schema"`,
	`CREATE TABLE "Odd schema"."Log entries" ("User" bigint, "What?" text)`,
	`CREATE TABLE events (id bigint, kind int, at timestamptz NOT NULL) PARTITION BY RANGE (at)`,
	`CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`,
	`CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')`,
	`CREATE VIEW open_orders AS SELECT o.user_id AS buyer, o.total FROM orders o WHERE o.status = 'open'`,
	`INSERT INTO users SELECT i, 'u' || i || '@x.org', '1990-01-01'::date + i FROM generate_series(1, 20000) i`,
	`INSERT INTO orders SELECT i, i % 20000, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END, i % 977, '2026-01-01'::timestamptz + i * interval '1 minute', ARRAY['t' || i % 500] FROM generate_series(1, 100000) i`,
	`INSERT INTO "Odd schema"."Log entries" SELECT i % 5000, 'x' || i FROM generate_series(1, 50000) i`,
	`INSERT INTO events SELECT i, i % 3000, '2026-01-01'::timestamptz + (i % 58) * interval '1 day' FROM generate_series(1, 60000) i`,
	`ANALYZE`,
}

// advice runs the whole search on a database.
func advice(t *testing.T, db *pgdb.DB, o Options, statements ...string) (*advise.Result, []string) {
	t.Helper()
	w := &workload.Workload{Source: "a test"}
	for i, s := range statements {
		w.Statements = append(w.Statements, &workload.Statement{ID: strconv.Itoa(i), SQL: s, Calls: 100})
	}
	p, err := Open(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := advise.Run(t.Context(), p, w, advise.Options{Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	var found []string
	for _, g := range r.Suggestions {
		_, rest, _ := strings.Cut(g.Index.ID(), " ON ")
		found = append(found, rest)
	}
	slices.Sort(found)
	return r, found
}

// planned are statements as pg_stat_statements has them: parameters wherever a
// constant was, whose types are not always plain.
var planned = []string{
	`SELECT * FROM orders WHERE user_id = $1`,
	`SELECT * FROM orders WHERE at > $1 - $2 AND user_id = $3`,
	`SELECT * FROM orders WHERE at > now() - interval $1 AND user_id = $2 LIMIT $3`,
	`SELECT $1, $2 + $3, u.* FROM users u WHERE u.email = $4 OR u.email = lower($5)`,
	`SELECT date_trunc($1, at), count(*) FROM orders WHERE user_id = $2 GROUP BY date_trunc($1, at)`,
	`SELECT * FROM orders WHERE total > $1 * $2 AND user_id = ANY ($3)`,
	`SELECT CASE WHEN $1 = $2 THEN $3 ELSE $4 END FROM orders WHERE user_id = $5`,
	`SELECT * FROM users WHERE born = date $1 AND email = $2`,
	`UPDATE orders SET total = total + $1 WHERE user_id = $2`,
	`DELETE FROM "Odd schema"."Log entries" WHERE "User" = $1`,
	`SELECT buyer FROM open_orders WHERE buyer = $1`,
	`SELECT * FROM events WHERE kind = $1`,
}

// wanted are the first columns that each way of planning must find an index for.
var wanted = []string{`"Odd schema"."Log entries" ("User"`, `public.events (kind`, `public.orders (user_id`, `public.users (email`}

func check(t *testing.T, r *advise.Result, found []string) {
	t.Helper()
	for _, refused := range r.Refused {
		t.Errorf("%s: %s", refused.Statement.SQL, refused.Reason)
	}
	for _, w := range wanted {
		if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, w) }) {
			t.Errorf("no index on %s…: %q", w, found)
		}
	}
	if r.After > r.Before/4 {
		t.Errorf("%v -> %v", r.Before, r.After)
	}
}

// TestHypoPG needs the extension: apt-get install postgresql-15-hypopg.
func TestHypoPG(t *testing.T) {
	db := database(t, scratch.Local)
	if _, err := db.ExecContext(t.Context(), "CREATE EXTENSION hypopg"); err != nil {
		t.Fatalf("%v (install HypoPG: apt-get install postgresql-15-hypopg)", err)
	}
	r, found := advice(t, db, Options{}, planned...)
	check(t, r, found)
	if !strings.Contains(r.Method, "HypoPG") {
		t.Error(r.Method)
	}
	for _, g := range r.Suggestions {
		var real int64
		name := g.Name
		if _, err := db.ExecContext(t.Context(), g.Index.Definition(name, false)); err != nil {
			t.Errorf("%s: %v", g.Index.ID(), err)
			continue
		}
		built, err := FindBuilt(t.Context(), db, g.Index.Table.Schema, name)
		if err != nil || built == nil {
			t.Fatal(built, err)
		}
		if real = built.Bytes; real > 4*g.Size || g.Size > 4*real {
			t.Errorf("%s takes %d bytes, the estimate was %d", g.Index.ID(), real, g.Size)
		}
		if s := g.Served[0]; !strings.Contains(s.PlanBefore, "Seq Scan") || !strings.Contains(s.PlanAfter, "(hypothetical)") {
			t.Errorf("plans:\n%s\n%s", s.PlanBefore, s.PlanAfter)
		}
	}
	// Once they are there, what is left to gain is little of what there was: an index
	// that saves a tenth of a query that became fast was not worth its place before.
	if _, err := db.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	if left, found := advice(t, db, Options{}, planned...); left.Before-left.After > .01*r.Before {
		t.Errorf("still: %q %v -> %v, of %v at first", found, left.Before, left.After, r.Before)
	}
}

// TestModelOfEveryVersion has no extension at all, and the versions' own ways to
// plan a statement with parameters.
func TestModelOfEveryVersion(t *testing.T) {
	modes := []string{scratch.Local}
	for _, major := range []int{13, 14, 16, 17, 18} {
		modes = append(modes, scratch.Embedded+":"+strconv.Itoa(major))
	}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			r, found := advice(t, database(t, mode), Options{NoHypoPG: true}, planned...)
			check(t, r, found)
			if !strings.Contains(r.Method, "model") {
				t.Error(r.Method)
			}
		})
	}
}
