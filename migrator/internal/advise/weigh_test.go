package advise

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// joiner plans by a table: what a query costs as things are, and with which index what,
// in another way than before where it says so.
type joiner struct {
	simple
	costs map[string]way
}

type way struct {
	before, after float64
	joins         string
	looped        float64
}

func (p *joiner) Plan(_ context.Context, q *Query, with []*Index) (*Plan, error) {
	w := p.costs[q.SQL]
	if len(with) == 0 || w.after == 0 {
		return &Plan{Cost: w.before}, nil
	}
	return &Plan{Cost: w.after, Used: with[:1], Joins: w.joins, Looped: w.looped}, nil
}

// An index that lets one query join otherwise for a little less is not worth the risk,
// nor one that others take for little; one that saves much more elsewhere is, and says
// which query may lose.
func TestWeigh(t *testing.T) {
	const much, little = "SELECT * FROM orders WHERE user_id = 1", "SELECT * FROM orders WHERE user_id = 2"
	for _, c := range []struct {
		name     string
		costs    map[string]way
		kept     int
		doubtful []string
	}{
		{"read in another way, for little", map[string]way{little: {100, 95, "", 0}}, 1, nil},
		{"joined in another way, for little", map[string]way{little: {100, 95, "loop", 0}}, 0, nil},
		{"joined in another way, for much", map[string]way{little: {100, 50, "loop", 0}}, 1, nil},
		{"looked up row by row, for half", map[string]way{little: {100, 55, "loop", 50}}, 0, nil},
		{"looked up row by row, for a third", map[string]way{little: {100, 33, "loop", 30}}, 1, nil},
		{"much here, a risk there", map[string]way{much: {100, 1, "", 0}, little: {100, 95, "loop", 0}}, 1, []string{little}},
		{"some here, a greater risk there", map[string]way{much: {100, 70, "", 0}, little: {100, 95, "loop", 0}}, 0, nil},
		{"some here, none there", map[string]way{much: {100, 70, "", 0}, little: {100, 100, "", 0}}, 1, nil},
	} {
		facts := described(t, shop)
		p := &joiner{simple{facts: facts}, c.costs}
		w := &workload.Workload{Timed: true}
		for _, sql := range []string{much, little} {
			if _, ok := c.costs[sql]; ok {
				w.Statements = append(w.Statements, &workload.Statement{ID: sql, SQL: sql, Calls: 1, Exec: time.Second})
			}
		}
		s := chosenBy(t, p, facts, w, []*Index{{Table: facts.Find("public", "orders"), Method: "btree", Keys: []Key{{Column: "user_id"}}}})
		if err := s.weigh(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := s.result(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var doubtful []string
		for _, q := range r.Doubtful {
			doubtful = append(doubtful, q.SQL)
		}
		if len(s.chosen) != c.kept || !slices.Equal(doubtful, c.doubtful) {
			t.Errorf("%s: %q stay, %q are doubtful", c.name, s.definitions(), doubtful)
		}
	}
}

// Without a budget indexes take no more than the tables; one that would have been worth
// more is counted.
func TestRoomOfItsOwn(t *testing.T) {
	statements := []*workload.Statement{
		{SQL: "SELECT * FROM orders WHERE user_id = $1", Calls: 10, Exec: time.Second},
		{SQL: "SELECT * FROM lines WHERE product_id = $1", Calls: 10, Exec: 3 * time.Second},
	}
	for budget, want := range map[int64]int{0: 1, 1 << 40: 2} {
		facts := described(t, shop)
		for _, table := range facts.Tables {
			table.Pages = 4270 // 70 MB in all; the two indexes take 80
		}
		for n, s := range statements {
			s.ID = string(rune('a' + n))
		}
		r, err := Run(t.Context(), &simple{facts: facts}, &workload.Workload{Statements: statements, Timed: true}, Options{Budget: budget})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Suggestions) != want || r.Crowded != (want == 1) {
			t.Errorf("budget %d: %d indexes, crowded %v", budget, len(r.Suggestions), r.Crowded)
		}
	}
}
