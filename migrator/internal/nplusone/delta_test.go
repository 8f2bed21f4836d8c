package nplusone

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// shop is authors with books, and publishers of books.
func shop() *Schema {
	return &Schema{
		Tables: []Table{
			{"public", "authors", []string{"id", "name"}, [][]string{{"id"}}},
			{"public", "books", []string{"id", "author_id", "title"}, [][]string{{"id"}}},
		},
		ForeignKeys: []ForeignKey{{From: 1, To: 0, FromColumns: []string{"author_id"}, ToColumns: []string{"id"}}},
	}
}

const (
	theList = "SELECT id, name FROM authors ORDER BY id LIMIT $1 OFFSET $2"
	theLoop = "SELECT id, title FROM books WHERE author_id = $1"
)

// traffic makes windows by chance: lists arrive at a rate that changes in the
// course of time, a share of them runs the loop, and lookups come by themselves.
func traffic(r *rand.Rand, windows int, lists, looping, lookups float64) []*workload.Workload {
	var all []*workload.Workload
	carry := int64(0) // of a request that goes over the end of its window
	for i := range windows {
		load := 1 + 0.8*math.Sin(float64(i)/float64(windows)*math.Pi*3)
		list := &workload.Statement{ID: "list", SQL: theList}
		loop := &workload.Statement{ID: "loop", SQL: theLoop, Calls: carry}
		carry = 0
		for range poisson(r, lists*load) {
			rows := int64(6 + r.IntN(9))
			list.Calls, list.Rows = list.Calls+1, list.Rows+rows
			if r.Float64() < looping {
				late := int64(0)
				if r.IntN(4) == 0 {
					late = r.Int64N(rows)
				}
				loop.Calls, carry = loop.Calls+rows-late, carry+late
			}
		}
		loop.Calls += int64(poisson(r, lookups*load))
		loop.Rows = loop.Calls * 7
		w := &workload.Workload{Source: workload.Statistics}
		for _, s := range []*workload.Statement{list, loop} {
			if s.Calls > 0 {
				w.Statements = append(w.Statements, s)
			}
		}
		all = append(all, w)
	}
	return all
}

func poisson(r *rand.Rand, mean float64) int {
	limit, n := math.Exp(-mean), 0
	for product := r.Float64(); product > limit; n++ {
		product *= r.Float64()
	}
	return n
}

// Loops are found, alone and among other requests; lookups that come as often as
// the rows of a list, and under the same load, are none.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		name                    string
		lists, looping, lookups float64
		least, most             float64 // share of the runs that find a loop that counts
	}{
		{"every list loops", 0.3, 1, 0, 0.98, 1},
		{"half of the lists loop", 0.3, 0.5, 0, 0.95, 1},
		{"one of four loops", 0.3, 0.25, 0, 0.9, 1},
		{"a loop and as many lookups", 0.3, 1, 3, 0.95, 1},
		{"a busy server", 5, 1, 0, 0.98, 1},
		{"lookups only", 0.3, 0, 3, 0, 0.01},
		{"as many lookups as rows, busy", 5, 0, 50, 0, 0.02},
		{"rare lists, many lookups", 0.05, 0, 5, 0, 0.01},
		{"many lists, rare lookups", 3, 0, 0.5, 0, 0.01},
	} {
		t.Run(c.name, func(t *testing.T) {
			const runs = 300
			found := 0
			for seed := range uint64(runs) {
				windows := traffic(rand.New(rand.NewPCG(seed, 7)), 300, c.lists, c.looping, c.lookups)
				for _, r := range FromWindows(shop(), windows) {
					if r.Confidence < Possible {
						found++
					}
				}
			}
			if share := float64(found) / runs; share < c.least || share > c.most {
				t.Errorf("%d of %d runs found a loop, want %.0f to %.0f%%", found, runs, 100*c.least, 100*c.most)
			}
		})
	}
}

// What is said of a loop is what happened.
func TestRisk(t *testing.T) {
	windows := traffic(rand.New(rand.NewPCG(1, 2)), 300, 0.5, 1, 0)
	risks := FromWindows(shop(), windows)
	if len(risks) != 1 {
		t.Fatalf("%+v", risks)
	}
	r := risks[0]
	if r.Confidence != Likely || r.ParentTable != "public.authors" || r.ChildTable != "public.books" || r.Link.Kind != HasMany || r.Link.Named ||
		fmt.Sprint(r.Link.Columns) != "[author_id]" || r.FanOut < 8 || r.FanOut > 12 {
		t.Errorf("%+v", r)
	}
	// One window, as pg_stat_statements has it by itself.
	risks = FromWindows(shop(), []*workload.Workload{workload.Sum(windows)})
	if len(risks) != 1 || risks[0].Confidence != Likely {
		t.Errorf("%+v", risks)
	}
}

// What comes by a clock is told from requests and from loops: a health check twice in
// each window, or once in three, now and then a window late.
func TestSteady(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		twice, third := make([]float64, 300), make([]float64, 300)
		for i := range twice {
			late := r.IntN(6) / 5
			twice[i] += 2
			if i+1 < len(twice) {
				twice[i], twice[i+1] = twice[i]-float64(late), twice[i+1]+float64(late)
			}
			if i%3 == 0 {
				third[i+late] = 1
			}
		}
		c := add(traffic(r, 300, 0.3, 1, 2))
		if !steady(twice) || !steady(third) || steady(c.calls["loop"]) || steady(c.rows["list"]) {
			t.Errorf("seed %d: %v %v %v %v", seed, steady(twice), steady(third), steady(c.calls["loop"]), steady(c.rows["list"]))
		}
	}
	if steady(make([]float64, 300)) || steady(nil) {
		t.Error("nothing is steady")
	}
}

// What a lookup may belong to.
func TestLinks(t *testing.T) {
	s := &Schema{
		Tables: []Table{
			{"public", "patients", []string{"id", "number"}, [][]string{{"id"}, {"number"}}},
			{"public", "visits", []string{"id", "patient_id"}, [][]string{{"id"}}},
			{"public", "notes", []string{"id", "subject_type", "subject_id"}, [][]string{{"id"}}},
			{"public", "bills", []string{"id", "patient_id"}, [][]string{{"id"}}}, // without a foreign key
		},
		ForeignKeys: []ForeignKey{{From: 1, To: 0, FromColumns: []string{"patient_id"}, ToColumns: []string{"id"}}},
	}
	visits, bills, onePatient := "SELECT * FROM visits LIMIT 10", "SELECT * FROM bills LIMIT 10", "SELECT * FROM patients WHERE id IN ($1)"
	for _, c := range []struct {
		parent, child string
		linked        bool
	}{
		{visits, "SELECT * FROM patients WHERE id = $1", true},
		{visits, "SELECT id FROM patients WHERE number = $1", false}, // its foreign key says how they belong together
		{bills, "SELECT * FROM patients WHERE id = $1", true},
		{bills, "SELECT id FROM patients WHERE number = $1", false},
		{visits, "SELECT * FROM notes WHERE subject_type = $1 AND subject_id = $2", true},
		{visits, "SELECT * FROM notes WHERE subject_id = $1", false},
		{"SELECT * FROM patients LIMIT 10", "SELECT id FROM patients WHERE number = $1", true},
		{onePatient, "SELECT id FROM patients WHERE number = $1", false}, // one row has no loop
		{onePatient, "SELECT * FROM bills WHERE patient_id = $1", false},
	} {
		_, by := s.pairs([]*workload.Statement{{ID: "p", SQL: c.parent}, {ID: "c", SQL: c.child}})
		linked := false
		for child, pairs := range by {
			for _, p := range pairs {
				linked = linked || child.statement.ID == "c" && p.parent.statement.ID == "p"
			}
		}
		if linked != c.linked {
			t.Errorf("%s after %s: %v", c.child, c.parent, linked)
		}
	}
}
