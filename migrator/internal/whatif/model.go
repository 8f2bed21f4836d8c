package whatif

import (
	"context"
	"math"
	"strings"
	"sync"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// model reckons costs where HypoPG is not installed: the server plans the query
// as it is, and for each table in that plan the model asks what an index would
// make of its part of the cost. It knows no join orders but the one of the plan.
type model struct {
	*pool
	mu    sync.Mutex
	plans map[string]*basis
}

// basis is a query's plan as things are.
type basis struct {
	top  *node
	text string
}

// Modelled implements Planner.
func (m *model) Modelled() bool { return true }

// Method implements advise.Planner.
func (m *model) Method() string {
	return "a model over the planner's estimates and pg_stats (install HypoPG to have the server plan with the indexes)"
}

// Plan implements advise.Planner.
func (m *model) Plan(ctx context.Context, q *advise.Query, with []*advise.Index) (*advise.Plan, error) {
	b, err := m.basis(ctx, q)
	if err != nil {
		return nil, err
	}
	e := estimate{q: q, top: b.top, cost: b.top.Total}
	e.with(with)
	return &advise.Plan{Cost: e.cost, Rows: b.top.Rows, Used: e.used, Text: e.text(b.text)}, nil
}

func (m *model) basis(ctx context.Context, q *advise.Query) (*basis, error) {
	m.mu.Lock()
	b := m.plans[q.SQL]
	m.mu.Unlock()
	if b != nil {
		return b, nil
	}
	s, err := m.take(ctx)
	if err != nil {
		return nil, err
	}
	defer m.give(s)
	top, err := s.explain(ctx, q)
	if err != nil {
		return nil, err
	}
	b = &basis{top, top.text(nil)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.plans == nil {
		m.plans = map[string]*basis{}
	}
	m.plans[q.SQL] = b
	return b, nil
}

// withoutHypoPG is why the model reckons, and not the server.
const withoutHypoPG = "estimated by a model: HypoPG is not installed"

// Sizes implements advise.Planner: PostgreSQL's own layout of leaf pages.
func (m *model) Sizes(ctx context.Context, list []*advise.Index) ([]advise.Sized, error) {
	all := make([]advise.Sized, len(list))
	for n, i := range list {
		all[n] = advise.Sized{Bytes: indexBytes(i), Modelled: withoutHypoPG}
		var err error
		if all[n].Refused, err = m.makeable(ctx, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// indexBytes is about what an index takes on disk.
func indexBytes(i *advise.Index) int64 {
	const page, fill, header = 8192, 0.9, 8 + 4 // bytes; share; tuple header and line pointer
	rows := math.Max(i.Table.Rows, 0) * partOf(i)
	width, distinct, once := 0.0, 1.0, true
	for _, name := range i.Columns() {
		if c := i.Table.Column(name); c != nil {
			width += math.Max(c.Width, 1)
			distinct *= math.Max(c.Distinct, 1)
			once = once && deduplicated(c)
		}
	}
	for _, k := range i.Keys {
		if k.Column == "" {
			width, distinct = width+exprWidth(i.Table, k.Expr), rows
		}
	}
	entry := header + math.Ceil(width/8)*8
	if same := rows / math.Max(math.Min(distinct, rows), 1); same > 2 && once && len(i.Include) == 0 && i.Method == "btree" {
		entry = 6 + (entry / same) // equal keys are kept once, with a list of places
	}
	switch i.Method {
	case "gin":
		entry = 12
		if i.Keys[0].Class == trigrams {
			entry = 3.2 * width // about as many trigrams as bytes, and few bytes for each row of a list
		}
	case "brin":
		return page * 3
	}
	return int64(math.Max(rows*entry/fill, page)) + page
}

// trigrams is the operator class of pg_trgm.
const trigrams = "gin_trgm_ops"

// exprWidth is about how wide an expression is: half of the columns that it names.
func exprWidth(t *advise.Table, expr string) float64 {
	const unknown = 16
	width := 0.0
	for _, c := range t.Columns {
		if strings.Contains(expr, catalog.Quote(c.Name)) {
			width += math.Max(c.Width, 1) / 2
		}
	}
	return math.Max(math.Min(width, 200), unknown)
}

// deduplicated says whether a btree keeps equal values of a type once: where equal
// values may look different it does not.
func deduplicated(c *advise.Column) bool {
	switch c.Type {
	case "double precision", "real", "jsonb":
		return false
	}
	return !strings.HasPrefix(c.Type, "numeric")
}

func partOf(i *advise.Index) float64 {
	if !i.Partial() {
		return 1
	}
	return 0.2
}
