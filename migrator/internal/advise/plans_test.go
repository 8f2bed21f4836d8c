package advise

import (
	"math/rand/v2"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// What is answered from memory is what the planner would have said.
func TestPlansAreRemembered(t *testing.T) {
	facts := described(t, shop)
	list, refused := parse(&workload.Workload{Statements: []*workload.Statement{
		{ID: "one", SQL: "SELECT * FROM orders WHERE user_id = $1 AND shop_id = $2 AND status = $3"},
		{ID: "two", SQL: "SELECT * FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.user_id = $1 AND l.product_id = $2"},
	}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, q := range resolve(list, facts) {
		all := candidates(q, facts, func(*Table, string) int { return 1 })
		asked, remembering := &simple{facts: facts}, &simple{facts: facts}
		s := &search{planner: remembering, facts: facts}
		var err error
		if q.Before, err = asked.Plan(t.Context(), q, nil); err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			var some []*Index
			for _, i := range all {
				if random.IntN(3) > 0 {
					some = append(some, i)
				}
			}
			want, err := asked.Plan(t.Context(), q, some)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.plan(t.Context(), q, some)
			if err != nil || got.Cost != want.Cost {
				t.Fatalf("%s with %d indexes: %+v, want %+v (%v)", q.SQL, len(some), got, want, err)
			}
		}
		if remembering.plans == 0 || remembering.plans > asked.plans/2 {
			t.Errorf("%s: %d of %d questions were asked", q.SQL, remembering.plans, asked.plans)
		}
	}
}

// Sets of more than a word's bits.
func TestSets(t *testing.T) {
	var p plans
	p.remember(&Query{}, nil, &Plan{})
	many := make([]*Index, 200)
	for n := range many {
		many[n] = &Index{}
	}
	whole := p.set(many)
	for _, c := range []struct {
		a, b set
		want bool
	}{
		{nil, nil, true}, {nil, whole, true}, {whole, nil, false}, {whole, whole, true},
		{p.set(many[150:]), whole, true}, {whole, p.set(many[:199]), false}, {p.set(many[:64]), p.set(many[:65]), true}, {p.set(many[64:65]), p.set(many[:64]), false},
	} {
		if c.a.within(c.b) != c.want {
			t.Errorf("%x within %x: %v", c.a, c.b, !c.want)
		}
	}
}
