package workload

// Sum is what was asked in several windows together, in their order.
func Sum(windows []*Workload) *Workload {
	sum := &Workload{}
	at := map[string]*Statement{}
	for i, w := range windows {
		if i == 0 {
			sum.Source, sum.Since = w.Source, w.Since
		}
		sum.Until, sum.Timed, sum.Reset, sum.Left = w.Until, sum.Timed || w.Timed, sum.Reset || w.Reset, w.Left
		for _, s := range w.Statements {
			t := at[s.ID]
			if t == nil {
				t = &Statement{ID: s.ID, SQL: s.SQL, Nested: s.Nested, Samples: s.Samples}
				at[s.ID] = t
				sum.Statements = append(sum.Statements, t)
			}
			t.Calls, t.Rows, t.Plans = t.Calls+s.Calls, t.Rows+s.Rows, t.Plans+s.Plans
			t.Exec, t.Plan = t.Exec+s.Exec, t.Plan+s.Plan
			t.HitBlocks, t.ReadBlocks, t.TempBlocks = t.HitBlocks+s.HitBlocks, t.ReadBlocks+s.ReadBlocks, t.TempBlocks+s.TempBlocks
		}
	}
	sum.Sort()
	return sum
}
