package judge

import "fmt"

// Figure is one number of a run, for people.
type Figure struct{ What, Value string }

// Figures counts outcomes.
func Figures(outcomes []*Outcome) []Figure {
	var up, down, silent, named, same, empty, modelled, seen, doubts int
	for _, o := range outcomes {
		modelled, seen, doubts = modelled+o.Modelled, seen+o.Seen, doubts+o.Doubts
		for _, w := range []Way{o.Up, o.Down} {
			switch w.Verdict {
			case Silent:
				silent++
			case Named:
				named++
			}
		}
		if o.Up.Verdict.good() {
			up++
		}
		if o.Down.Verdict.good() {
			down++
		}
		if o.Same {
			same++
			if o.Up.SQL+o.Down.SQL == "" {
				empty++
			}
		}
	}
	of := func(n, all int) string { return fmt.Sprintf("%d of %d", n, all) }
	n := len(outcomes)
	return []Figure{
		{"equal after up", of(up, n)},
		{"equal after down", of(down, n)},
		{"silently wrong (either way)", of(silent, 2*n)},
		{"left out by name (either way)", of(named, 2*n)},
		{"nothing to do, and nothing planned", of(empty, same)},
		{"changes of tables, columns, defaults, constraints, indexes and enums that Atlas sees, too", of(seen, modelled)},
		{"what Atlas alone finds different", fmt.Sprint(doubts)},
	}
}
