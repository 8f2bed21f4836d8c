package workload

import (
	"testing"
	"time"
)

// Windows add up, statement by statement.
func TestSum(t *testing.T) {
	start := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	a := &Statement{ID: "1", SQL: "SELECT 1", Calls: 2, Rows: 3, Exec: time.Second, HitBlocks: 7}
	b := &Statement{ID: "1", SQL: "SELECT 1", Calls: 5, Rows: 1, Exec: 2 * time.Second}
	c := &Statement{ID: "2", SQL: "SELECT 2", Calls: 1, Exec: 5 * time.Second}
	sum := Sum([]*Workload{
		{Source: Statistics, Since: start, Until: start.Add(time.Second), Statements: []*Statement{a}},
		{Source: Statistics, Since: start.Add(time.Second), Until: start.Add(2 * time.Second), Reset: true, Statements: []*Statement{b, c}},
	})
	if len(sum.Statements) != 2 || sum.Statements[0].ID != "2" || sum.Statements[1].Calls != 7 || sum.Statements[1].Rows != 4 ||
		sum.Statements[1].Exec != 3*time.Second || sum.Statements[1].HitBlocks != 7 || !sum.Reset || sum.Since != start || sum.Until != start.Add(2*time.Second) {
		t.Errorf("%+v %+v", sum, sum.Statements[0])
	}
	if a.Calls != 2 || b.Calls != 5 {
		t.Error("the windows themselves changed")
	}
}
