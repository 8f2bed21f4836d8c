package whatif

import "testing"

// What is read in new indexes for each row of another table, and how tables are joined.
func TestLooped(t *testing.T) {
	const scan = `{"Node Type": "Index Scan", "Index Name": "new", "Relation Name": "b", "Alias": "b", "Total Cost": 3}`
	const only = `{"Node Type": "Index Only Scan", "Index Name": "new", "Relation Name": "b", "Alias": "b", "Total Cost": 3}`
	const bitmap = `{"Node Type": "Bitmap Heap Scan", "Relation Name": "b", "Alias": "b", "Total Cost": 5, "Plans": [{"Node Type": "Bitmap Index Scan", "Index Name": "new", "Total Cost": 1}]}`
	const outer = `{"Node Type": "Seq Scan", "Relation Name": "a", "Alias": "x", "Total Cost": 10, "Plan Rows": 20}`
	join := func(kind, inner string) string {
		return `{"Node Type": "` + kind + `", "Total Cost": 500, "Plans": [` + outer + `, ` + inner + `]}`
	}
	for _, c := range []struct {
		plan   string
		looped float64
		joins  string
	}{
		{scan, 0, "b,"},
		{join("Nested Loop", only), 60, "Nested Loop(x,b,"},
		{join("Nested Loop", scan), 120, "Nested Loop(x,b,"},
		{join("Nested Loop", bitmap), 200, "Nested Loop(x,b,"},
		{join("Nested Loop", `{"Node Type": "Materialize", "Plans": [`+scan+`]}`), 0, "Nested Loop(x,b,"},
		{join("Nested Loop", join("Nested Loop", scan)), 1000, "Nested Loop(x,Nested Loop(x,b,"}, // no more than twice all
		{join("Nested Loop", join("Hash Join", `{"Node Type": "Hash", "Plans": [`+scan+`]}`)), 0, "Nested Loop(x,Hash Join(x,b,"},
		{join("Hash Join", `{"Node Type": "Hash", "Plans": [`+scan+`]}`), 0, "Hash Join(x,b,"},
		{join("Nested Loop", `{"Node Type": "Index Scan", "Index Name": "old", "Relation Name": "b", "Alias": "b", "Total Cost": 3}`), 0, "Nested Loop(x,b,"},
	} {
		top, err := readPlan(`[{"Plan": ` + c.plan + `}]`)
		if err != nil {
			t.Fatal(err)
		}
		if got := top.looped(map[string]bool{"new": true}); got != c.looped || top.joins() != c.joins {
			t.Errorf("%s: looped %v, joins %q", c.plan, got, top.joins())
		}
	}
}
