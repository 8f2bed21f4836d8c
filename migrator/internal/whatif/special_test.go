package whatif

import (
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// library has what GIN serves, and expressions of all kinds.
var library = []string{
	"CREATE EXTENSION pg_trgm",
	"CREATE TABLE pages (id int PRIMARY KEY, title text NOT NULL, body text NOT NULL, doc jsonb NOT NULL, tags text[] NOT NULL, at timestamptz NOT NULL, local timestamp NOT NULL)",
	`INSERT INTO pages SELECT i, md5(i::text) || ' title', 'word' || i % 3000 || ' and word' || i % 7, jsonb_build_object('kind', i % 2000, 'deep', jsonb_build_object('er', i % 3000)),
		ARRAY['t' || i % 2000, 'u' || i % 3], '2026-01-01'::timestamptz + i * interval '1 minute', '2026-01-01'::timestamp + i % 900 * interval '1 hour' FROM generate_series(1, 40000) i`,
	"VACUUM ANALYZE pages",
}

// special are queries that want an index of another kind, and the index.
var special = []struct{ query, index string }{
	{"SELECT id FROM pages WHERE title LIKE '%c81e728d9d%'", "USING gin (title gin_trgm_ops)"},
	{"SELECT id FROM pages WHERE tags @> ARRAY['t77']", "USING gin (tags)"},
	{"SELECT id FROM pages WHERE to_tsvector('english', body) @@ to_tsquery('english', 'word77')", "USING gin (to_tsvector('english', body))"},
	{`SELECT id FROM pages WHERE doc @> '{"kind": 77}'`, "USING gin (doc jsonb_path_ops)"},
	{"SELECT id FROM pages WHERE doc->>'kind' = '77'", "((doc ->> 'kind'))"},
	{"SELECT id FROM pages WHERE doc->'deep'->>'er' = '77'", "(((doc -> 'deep') ->> 'er'))"},
	{"SELECT id FROM pages WHERE lower(title) = 'x'", "(lower(title))"},
	{"SELECT id FROM pages WHERE date_trunc('hour', local) = '2026-01-02 03:00:00'", "(date_trunc('hour', local))"},
	// What is not immutable can be no key.
	{"SELECT id FROM pages WHERE date_trunc('hour', at) = '2026-01-02 03:00:00Z'", ""},
	{"SELECT id FROM pages WHERE at::date = '2026-01-02'", ""},
	{"SELECT id FROM pages WHERE to_tsvector(body) @@ to_tsquery('word77')", ""},
	{"SELECT id FROM pages WHERE to_tsvector(doc->>'kind') @@ to_tsquery('word77')", ""},
}

// TestSpecialIndexes asks for advice for each query alone, by HypoPG and by the
// model. What is advised can be made and is used, its size is about what was said,
// and where a model reckoned the suggestion says so.
func TestSpecialIndexes(t *testing.T) {
	db := database(t, scratch.Local)
	for _, sql := range append(library, "CREATE EXTENSION hypopg") {
		run(t, db, sql)
	}
	for _, c := range special {
		for _, o := range []Options{{}, {NoHypoPG: true}} {
			r, _ := advice(t, db, o, c.query)
			if c.index == "" {
				if len(r.Suggestions) > 0 {
					t.Errorf("%s, %+v: %s", c.query, o, r.Suggestions[0].Index.ID())
				}
				continue
			}
			if len(r.Suggestions) != 1 || !strings.HasSuffix(r.Suggestions[0].Index.ID(), c.index) {
				t.Errorf("%s, %+v: %+v", c.query, o, ids(r))
				continue
			}
			g := r.Suggestions[0]
			if modelled := o.NoHypoPG || g.Index.Method == "gin"; modelled != strings.Contains(g.Modelled, "estimated by a model") {
				t.Errorf("%s, %+v: modelled: %q", c.query, o, g.Modelled)
			}
			built(t, db, g, c.query)
		}
	}
}

func ids(r *advise.Result) []string {
	var all []string
	for _, g := range r.Suggestions {
		all = append(all, g.Index.ID())
	}
	return all
}

// built makes the index, and holds what was said of it against what is there.
func built(t *testing.T, db *pgdb.DB, g *advise.Suggestion, query string) {
	t.Helper()
	run(t, db, g.Index.Definition(g.Name, false))
	defer run(t, db, g.Rollback())
	run(t, db, "ANALYZE pages") // the statistics of an expression
	b, err := FindBuilt(t.Context(), db, g.Index.Table.Schema, g.Name)
	if err != nil || b == nil {
		t.Fatal(b, err)
	}
	// Of an expression nobody knows how many values it has: it may be less.
	column := g.Index.Keys[0].Column != ""
	if b.Bytes > 4*g.Size || g.Size > 4*b.Bytes && column {
		t.Errorf("%s takes %d bytes, the estimate was %d", g.Index.ID(), b.Bytes, g.Size)
	}
	var text string
	if err := db.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON) "+query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	top, err := readPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	top.walk(func(n *node) { used = append(used, n.Index) })
	after := g.Served[0].After
	if !slices.Contains(used, g.Name) || top.Total > 5*after || after > 5*top.Total && column {
		t.Errorf("%s: cost %.0f, the estimate was %.0f, before it %.0f; used: %q", g.Index.ID(), top.Total, after, g.Served[0].Before, used)
	}
}
