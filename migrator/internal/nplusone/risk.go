package nplusone

import (
	"cmp"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Confidence says how sure a finding is.
type Confidence int

const (
	// Confirmed: a log shows the loop, key by key.
	Confirmed Confidence = iota
	// Likely: the child's calls follow the parent's rows closer than requests of
	// their own would.
	Likely
	// Possible: the figures fit, and might by chance.
	Possible
)

// String is the word that users read.
func (c Confidence) String() string {
	return [...]string{Confirmed: "confirmed", Likely: "likely", Possible: "possible"}[c]
}

// Risk is a query that seems to run once for each row of another.
type Risk struct {
	Confidence    Confidence
	Link          Link
	ChildTable    string // as schema.table
	ParentTable   string
	Child, Parent *workload.Statement // in the window

	Calls       int64         // of the child
	ParentCalls int64         // of the parent
	ParentRows  int64         // -1: not known
	FanOut      float64       // runs of the child for one of the parent
	Time        time.Duration // of the child's runs; 0 where the source has no times
	Evidence    []string      // figures that show it, one a line

	score float64 // for choosing among the parents of a child: smaller is better
}

// Saved is about the time that one lookup for all rows of a parent would save: the
// round trips between application and server come on top.
func (r *Risk) Saved() time.Duration {
	if r.FanOut <= 1 {
		return 0
	}
	return time.Duration(float64(r.Time) * (1 - 1/r.FanOut))
}

// minFanOut is how often a child must run for one parent: fewer is no loop.
const minFanOut = 2

// pair is a child and a parent that a link joins.
type pair struct {
	child, parent *shape
	link          Link
}

// pairs are all that may be loops, by the child, and all statements that return
// rows of tables.
func (s *Schema) pairs(statements []*workload.Statement) (shapes []*shape, all map[*shape][]pair) {
	for _, st := range statements {
		if sh := s.read(st); sh != nil {
			shapes = append(shapes, sh)
		}
	}
	parents := map[int][]*shape{} // by the table that they return
	for _, sh := range shapes {
		for _, t := range sh.returns {
			if !sh.single && !slices.Contains(parents[t], sh) {
				parents[t] = append(parents[t], sh)
			}
		}
	}
	all = map[*shape][]pair{}
	for _, child := range shapes {
		for _, l := range child.lookups {
			for t, of := range parents {
				links := s.links(l, t)
				if t == l.table && s.key(t, l.columns) {
					links = append(links, Link{Kind: Reload, Child: child.joined(t), Parent: t, Columns: l.columns})
				}
				if len(links) == 0 {
					continue
				}
				for _, parent := range of {
					// Two that look up by the same key are children of one loop.
					sisters := links[0].Kind == Sibling && len(parent.lookups) > 0
					if parent != child && !sisters {
						all[child] = append(all[child], pair{child, parent, links[0]})
					}
				}
			}
		}
	}
	return shapes, all
}

// joined is the first table that a statement reads beside another, or that one.
func (sh *shape) joined(table int) int {
	for _, t := range sh.returns {
		if t != table {
			return t
		}
	}
	return table
}

// best is the risk of a child that says most, or nil: one that counts before one
// that is only possible, then the better link, then the surer figures.
func best(risks []*Risk) *Risk {
	if len(risks) == 0 {
		return nil
	}
	return slices.MinFunc(risks, func(a, b *Risk) int {
		return cmp.Or(cmp.Compare(a.Confidence/Possible, b.Confidence/Possible), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.score, b.score), cmp.Compare(a.Parent.SQL, b.Parent.SQL))
	})
}

// rank orders links by how much they say.
func (r *Risk) rank() int {
	rank := map[Kind]int{HasMany: 0, BelongsTo: 0, Reload: 0, Sibling: 2}[r.Link.Kind]
	if r.Link.Named {
		rank++
	}
	return rank
}

func (s *Schema) name(table int) string { return s.Tables[table].Schema + "." + s.Tables[table].Name }

// sorted puts the surest first, then what takes most time, then what runs most.
func sorted(risks []Risk) []Risk {
	slices.SortFunc(risks, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(b.Saved(), a.Saved()), cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Child.SQL, b.Child.SQL))
	})
	return risks
}
