package cases

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/judge"
)

// tally collects what became of the cases, for one table at the end.
type tally struct {
	mu       sync.Mutex
	total    int
	failures []string
	outcomes []*judge.Outcome
}

func (a *tally) add(o *judge.Outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.outcomes = append(a.outcomes, o)
}

func (a *tally) fails(name, verdict, reason string) {
	reason = strings.Join(strings.Fields(reason), " ")
	if len(reason) > 150 {
		reason = reason[:150] + "…"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failures = append(a.failures, fmt.Sprintf("%-42s %-12s %s", name, verdict, reason))
}

// print logs the failures, and the figures as "figure | what | value".
func (a *tally) print(t *testing.T) {
	slices.Sort(a.failures)
	for _, f := range a.failures {
		t.Log(f)
	}
	t.Logf("%d cases, %d failures", a.total, len(a.failures))
	for _, f := range judge.Figures(a.outcomes) {
		t.Logf("figure | own cases: %s | %s", f.What, f.Value)
	}
	var took []time.Duration
	for _, o := range a.outcomes {
		took = append(took, o.Read+o.Up.Took+o.Down.Took)
	}
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	t.Logf("figure | own cases: reading both schemas and planning both ways, median and longest | %d ms, %d ms",
		took[len(took)/2].Milliseconds(), took[len(took)-1].Milliseconds())
}
