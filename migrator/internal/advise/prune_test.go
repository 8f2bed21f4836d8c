package advise

import (
	"slices"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// An index that brings a hundredth of a percent beside another one goes; one that
// serves a query alone stays, however little time that takes.
func TestPrune(t *testing.T) {
	byBoth, byUser := "SELECT * FROM orders WHERE user_id = $1 AND shop_id = $2", "SELECT * FROM orders WHERE user_id = $1"
	byProduct := "SELECT * FROM lines WHERE product_id = $1"
	for _, c := range []struct {
		name       string
		statements []string
		want       []string
	}{
		{"one query", []string{byBoth}, []string{"public.orders (user_id, shop_id)"}},
		{"two queries", []string{byBoth, byUser}, []string{"public.orders (user_id, shop_id)"}},
		{"a quick one of another table", []string{byBoth, byProduct}, []string{"public.lines (product_id)", "public.orders (user_id, shop_id)"}},
	} {
		facts := described(t, shop)
		w := &workload.Workload{Timed: true}
		for _, sql := range c.statements {
			w.Statements = append(w.Statements, &workload.Statement{ID: sql, SQL: sql, Calls: 1, Exec: time.Second})
			if sql == byProduct {
				w.Statements[len(w.Statements)-1].Exec = time.Millisecond // less than MinGain of all
			}
		}
		orders := facts.Find("public", "orders")
		var used []*Index
		for _, keys := range [][]Key{{{Column: "user_id"}}, {{Column: "user_id"}, {Column: "shop_id"}}} {
			used = append(used, &Index{Table: orders, Method: "btree", Keys: keys})
		}
		used = append(used, &Index{Table: facts.Find("public", "lines"), Method: "btree", Keys: []Key{{Column: "product_id"}}})
		s := chosen(t, facts, w, used)
		if err := s.prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.definitions(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q stay, want %q", c.name, got, c.want)
		}
	}
}

// An index that brings next to nothing of the whole, but most of what is left, stays.
func TestPruneByWhatIsLeft(t *testing.T) {
	facts := described(t, shop)
	w := &workload.Workload{Timed: true}
	for _, sql := range []string{"SELECT * FROM orders WHERE user_id = $1", "SELECT * FROM orders WHERE user_id = $1 AND shop_id = $2"} {
		w.Statements = append(w.Statements, &workload.Statement{ID: sql, SQL: sql, Calls: 1, Exec: time.Second})
	}
	var list []*Index
	for _, keys := range [][]Key{{{Column: "user_id"}}, {{Column: "shop_id"}, {Column: "user_id"}}} {
		list = append(list, &Index{Table: facts.Find("public", "orders"), Method: "btree", Keys: keys})
	}
	for gain, want := range map[float64]int{DefaultMinGain: 2, 0.2: 1} {
		s := chosen(t, facts, w, list)
		s.options.MinGain = gain
		if err := s.prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(s.chosen) != want {
			t.Errorf("with a least gain of %v %q stay", gain, s.definitions())
		}
	}
}

// chosen is a search that has chosen some indexes.
func chosen(t *testing.T, facts *Facts, w *workload.Workload, list []*Index) *search {
	t.Helper()
	return chosenBy(t, &simple{facts: facts}, facts, w, list)
}

func chosenBy(t *testing.T, planner Planner, facts *Facts, w *workload.Workload, list []*Index) *search {
	t.Helper()
	statements, _ := parse(w)
	s := &search{planner: planner, options: Options{MinGain: DefaultMinGain, Log: func(int, int, string) {}}, facts: facts, timed: true,
		known: map[string]*Index{}, sizes: map[*Index]Sized{}, queries: resolve(statements, facts)}
	if err := s.before(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.makeable(t.Context(), s.ofTables(list))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range s.queries {
		q.bundle, q.best = list, 1
	}
	s.fillPool([][]*Index{list})
	s.chosen = slices.Clone(s.pool)
	if err := s.recount(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// definitions are the chosen indexes as CREATE INDEX ON has them.
func (s *search) definitions() (all []string) {
	for _, e := range s.chosen {
		all = append(all, e.id[len("CREATE INDEX ON "):])
	}
	return all
}
