package advise

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// simple is a planner of a few lines: a query costs the rows that it looks at, and
// a tenth more for each column that rides along.
type simple struct {
	facts *Facts
	plans int
}

func (p *simple) Facts(context.Context, []Name) (*Facts, error) { return p.facts, nil }
func (p *simple) Method() string                                { return "a planner of a few lines" }
func (p *simple) Workers() int                                  { return 1 }

func (p *simple) Sizes(_ context.Context, list []*Index) ([]Sized, error) {
	all := make([]Sized, len(list))
	for n, i := range list {
		all[n].Bytes = int64(i.Table.Rows) * int64(8+8*len(i.Columns()))
		if strings.Contains(i.ID(), "random") {
			all[n].Refused = &Refusal{Reason: "not immutable"}
		}
	}
	return all, nil
}

func (p *simple) Plan(_ context.Context, q *Query, with []*Index) (*Plan, error) {
	p.plans++
	if strings.Contains(q.SQL, "refuse_me") {
		return nil, &Refusal{Reason: "column refuse_me does not exist"}
	}
	plan := &Plan{}
	for _, m := range q.Mentions {
		best, used := math.Max(m.Table.Rows, 1), (*Index)(nil)
		for _, i := range with {
			rows := m.Table.Rows
			for _, k := range i.Keys {
				part := share(m, k)
				if part == 1 {
					break
				}
				rows *= part
			}
			if cost := rows*(1+float64(len(i.Include))/10) + 3; i.Table == m.Table && cost < best {
				best, used = cost, i
			}
		}
		plan.Cost += best
		if used != nil {
			plan.Used = append(plan.Used, used)
		}
	}
	return plan, nil
}

func share(m Mention, k Key) float64 {
	for _, p := range m.Predicates {
		if p.Column == k.Column && k.Column != "" && p.Class == pgsql.Equal && p.Constant {
			return 1 / m.Table.Column(k.Column).Distinct
		}
	}
	return 1
}

const shop = `orders 1000000 id:bigint:1000000 user_id:bigint:50000 shop_id:bigint:100 status:text:4 seen:timestamptz:900000
lines 4000000 id:bigint:4000000 order_id:bigint:1000000 product_id:bigint:5000
index orders orders_pkey id
`

func advised(t *testing.T, o Options, timed bool, statements ...*workload.Statement) (*Result, []string) {
	t.Helper()
	for n, s := range statements {
		s.ID = string(rune('a' + n))
	}
	r, err := Run(t.Context(), &simple{facts: described(t, shop)}, &workload.Workload{Statements: statements, Timed: timed}, o)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, g := range r.Suggestions {
		_, rest, _ := strings.Cut(g.Index.ID(), "public.")
		found = append(found, rest)
	}
	return r, found
}

func TestSearch(t *testing.T) {
	byUser := "SELECT * FROM orders WHERE user_id = $1"
	byUserAndShop := "SELECT * FROM orders WHERE user_id = $1 AND shop_id = $2"
	byProduct := "SELECT * FROM lines WHERE product_id = $1"
	seen := "UPDATE orders SET seen = now() WHERE id = $1"
	bySeen := "SELECT * FROM orders WHERE seen = $1"
	second := time.Second
	for _, c := range []struct {
		name       string
		options    Options
		statements []*workload.Statement
		want       []string
	}{
		{"one index", Options{}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}}, []string{"orders (user_id)"}},
		{"one index serves two queries", Options{}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byUserAndShop, Calls: 10, Exec: second}}, []string{"orders (user_id)"}},
		{"the most saving first", Options{}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byProduct, Calls: 10, Exec: 9 * second}}, []string{"lines (product_id)", "orders (user_id)"}},
		{"no more than max", Options{Max: 1}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byProduct, Calls: 10, Exec: 9 * second}}, []string{"lines (product_id)"}},
		{"within the budget", Options{Budget: 20_000_000}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byProduct, Calls: 10, Exec: 9 * second}}, []string{"orders (user_id)"}},
		{"of one table", Options{Tables: []string{"public.orders"}}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byProduct, Calls: 10, Exec: 9 * second}}, []string{"orders (user_id)"}},
		{"too little gain", Options{MinGain: 0.2}, []*workload.Statement{{SQL: byUser, Calls: 10, Exec: second}, {SQL: byProduct, Calls: 10, Exec: 9 * second}}, []string{"lines (product_id)", "orders (user_id)"}},
		{"writes cost more than reads gain", Options{}, []*workload.Statement{{SQL: bySeen, Calls: 1, Exec: 10 * time.Millisecond}, {SQL: seen, Calls: 100000, Rows: 100000, Exec: second}}, nil},
		{"the same reads without the writes", Options{}, []*workload.Statement{{SQL: bySeen, Calls: 1, Exec: 10 * time.Millisecond}}, []string{"orders (seen)"}},
		{"what the primary key does", Options{}, []*workload.Statement{{SQL: "SELECT * FROM orders WHERE id = $1 AND user_id = $2", Calls: 10, Exec: second}}, []string{"orders (user_id)"}},
		{"nothing to do", Options{}, []*workload.Statement{{SQL: "SELECT now()", Calls: 10, Exec: second}, {SQL: "SET x = 1", Calls: 1}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r, got := advised(t, c.options, true, c.statements...); !slices.Equal(got, c.want) || r.After > r.Before {
				t.Errorf("got %q (%v -> %v ms), want %q", got, r.Before, r.After, c.want)
			}
		})
	}
}

// A query that cannot be planned, or read, is listed; the others go on.
func TestRefusedQueries(t *testing.T) {
	r, got := advised(t, Options{}, true,
		&workload.Statement{SQL: "SELECT refuse_me FROM orders", Calls: 1, Exec: time.Second},
		&workload.Statement{SQL: "SELEC 1", Calls: 1, Exec: time.Second},
		&workload.Statement{SQL: "SELECT * FROM orders WHERE user_id = $1", Calls: 1, Exec: time.Second})
	if len(r.Refused) != 2 || len(got) != 1 || r.Before != 1000 {
		t.Errorf("%+v %q", r, got)
	}
}

// Every suggestion is used by a plan, serves a query, and is none that is there.
func TestNoSuggestionIsIdle(t *testing.T) {
	var statements []*workload.Statement
	columns := []string{"user_id", "shop_id", "status", "seen", "id"}
	for i, a := range columns {
		for j, b := range columns {
			if i != j {
				statements = append(statements, &workload.Statement{SQL: "SELECT * FROM orders o JOIN lines l ON l.order_id = o.id WHERE o." + a + " = $1 AND o." + b + " = $2", Calls: 5, Exec: time.Duration(1+i*j) * time.Second})
			}
		}
	}
	r, got := advised(t, Options{}, true, statements...)
	if len(got) == 0 {
		t.Fatal("nothing is suggested")
	}
	for _, g := range r.Suggestions {
		if len(g.Served) == 0 || g.Saved <= 0 || g.Name == "" || slices.ContainsFunc(g.Index.Table.Indexes, func(e *Existing) bool { return e.covers(g.Index) }) {
			t.Errorf("%+v", g)
		}
		for _, o := range r.Suggestions {
			if o != g && o.Index.ID() == g.Index.ID() {
				t.Error("twice:", g.Index.ID())
			}
		}
	}
}

func TestUntimedWorkloadsGoByCost(t *testing.T) {
	r, got := advised(t, Options{}, false, &workload.Statement{SQL: "SELECT * FROM orders WHERE user_id = 7", Calls: 3})
	if !slices.Equal(got, []string{"orders (user_id)"}) || r.Before != 3*1000000*costUnit {
		t.Errorf("%q %v", got, r.Before)
	}
}

func TestNames(t *testing.T) {
	table := &Table{Name: strings.Repeat("ä", 40)}
	i := &Index{Table: table, Keys: []Key{{Column: "a"}, {Expr: "lower(b)"}, {Expr: "c + 1"}}}
	if n := i.Name(nil); len(n) > 63 || !strings.HasSuffix(n, "_idx") {
		t.Error(n)
	}
	table.Name = "t"
	taken := map[string]bool{"t_a_lower_expr_idx": true, "t_a_lower_expr_idx1": true}
	if n := i.Name(taken); n != "t_a_lower_expr_idx2" {
		t.Error(n)
	}
}

func TestUnneeded(t *testing.T) {
	table := &Table{Schema: "public", Name: "t", Kind: Plain, Indexes: []*Existing{
		{Name: "a", Method: "btree", Keys: []string{"a"}, Valid: true},
		{Name: "a_again", Method: "btree", Keys: []string{"a"}, Valid: true},
		{Name: "ab", Method: "btree", Keys: []string{"a", "b"}, Valid: true},
		{Name: "b_key", Method: "btree", Keys: []string{"b"}, Valid: true, Unique: true, Constraint: true},
		{Name: "part", Method: "btree", Keys: []string{"a"}, Predicate: "b > 1", Valid: true},
		{Name: "broken", Method: "btree", Keys: []string{"a"}},
	}}
	var got []string
	for _, u := range (&Result{Facts: &Facts{Tables: []*Table{table}}}).Unneeded() {
		got = append(got, u.Index.Name)
	}
	if !slices.Equal(got, []string{"a", "a_again"}) {
		t.Error(got)
	}
}

// Of two indexes that save the same in every query, each seemed less than the other by
// the last digit of a sum, by turns, and the choice went on for ever.
func TestEqualIndexesEnd(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		facts := described(t, shop)
		w := &workload.Workload{Timed: true}
		for n := range 40 {
			sql := fmt.Sprintf("SELECT * FROM orders WHERE user_id = $1 AND shop_id = $2 AND %d = %d", n, n)
			w.Statements = append(w.Statements, &workload.Statement{ID: sql, SQL: sql, Calls: 1, Exec: time.Duration(1 + r.Int64N(int64(time.Second)))})
		}
		var both []*Index
		for _, keys := range [][]Key{{{Column: "user_id"}, {Column: "shop_id"}}, {{Column: "shop_id"}, {Column: "user_id"}}} {
			both = append(both, &Index{Table: facts.Find("public", "orders"), Method: "btree", Keys: keys})
		}
		s := chosen(t, facts, w, both)
		s.options.Max = DefaultMax
		s.chosen = nil
		for _, e := range s.pool {
			e.released, e.hope = true, e.most
		}
		for _, q := range s.queries { // what is expected is what comes
			cost, err := s.cost(t.Context(), q, both)
			if err != nil {
				t.Fatal(err)
			}
			q.floor, q.best = cost, cost
		}
		s.left, s.stored = s.total, 1e12
		if err := s.choose(t.Context()); err != nil || len(s.chosen) != 1 {
			t.Fatalf("seed %d: %q, %v", seed, s.definitions(), err)
		}
	}
}
