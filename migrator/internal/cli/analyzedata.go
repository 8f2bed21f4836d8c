package cli

import (
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// analyzeData is an analysis for programs, and what --since reads back:
// docs/migrator/analyze.schema.json.
type analyzeData struct {
	Database        string         `json:"database"`
	Server          string         `json:"server"`
	At              time.Time      `json:"at"`
	StatisticsSince *time.Time     `json:"statistics_since"`
	Tables          int64          `json:"tables"`
	Rows            int64          `json:"rows"`
	Bytes           int64          `json:"bytes"`
	Largest         []tableData    `json:"largest_tables"`
	MissingIndexes  []missingData  `json:"missing_indexes"`
	Risks           []riskData     `json:"n_plus_one"`
	Findings        []healthData   `json:"findings"`
	Judged          []string       `json:"judged"`
	Unjudged        []unjudgedData `json:"unjudged"`
	Workload        *workloadData  `json:"workload"`
	Since           *sinceData     `json:"since,omitempty"`
}

type tableData struct {
	Table           string `json:"table"`
	Rows            int64  `json:"rows"`
	Bytes           int64  `json:"bytes"`
	SequentialScans int64  `json:"sequential_scans"`
	IndexScans      int64  `json:"index_scans"`
	DeadRows        int64  `json:"dead_rows"`
}

type missingData struct {
	Table      string   `json:"table"`
	Columns    []string `json:"columns"`
	SQL        string   `json:"sql"`
	Bytes      int64    `json:"bytes"`
	Calls      int64    `json:"calls"`
	MeanMS     float64  `json:"mean_ms"`
	TotalMS    float64  `json:"total_ms"`
	SavedMS    float64  `json:"saved_ms"`
	SavedShare float64  `json:"saved_share"`
	Modelled   string   `json:"modelled,omitempty"` // why a model reckoned, and not the server
	Queries    []string `json:"queries"`
}

type riskData struct {
	Confidence  string   `json:"confidence"`
	Parent      string   `json:"parent_table"`
	Child       string   `json:"child_table"`
	Columns     []string `json:"columns"`
	Kind        string   `json:"kind"`
	ForeignKey  bool     `json:"foreign_key"`
	ParentQuery string   `json:"parent_query"`
	ChildQuery  string   `json:"child_query"`
	ParentCalls int64    `json:"parent_calls"`
	ParentRows  *int64   `json:"parent_rows"`
	Calls       int64    `json:"calls"`
	FanOut      float64  `json:"fan_out"`
	TotalMS     float64  `json:"total_ms"`
	SavedMS     float64  `json:"saved_ms"`
	Evidence    []string `json:"evidence"`
	Advice      string   `json:"advice"`
}

type healthData struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Object   string   `json:"object"`
	Title    string   `json:"title"`
	Evidence []string `json:"evidence"`
	Why      string   `json:"why"`
	Advice   string   `json:"advice,omitempty"`
	SQL      string   `json:"sql,omitempty"`
	Queries  []string `json:"queries,omitempty"`
}

type unjudgedData struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// workloadData is what the database was asked. Counters are as they stand in the
// server, so that a later run can tell what came after this one.
type workloadData struct {
	Source   string        `json:"source"`
	Since    *time.Time    `json:"since"`
	Until    time.Time     `json:"until"`
	Windows  int           `json:"windows"`
	Resets   int           `json:"resets"`
	Queries  []queryData   `json:"queries"`
	Counters *countersData `json:"counters"`
}

type countersData struct {
	Since   *time.Time    `json:"since"`
	Until   time.Time     `json:"until"`
	Queries []counterData `json:"queries"`
}

type queryData struct {
	ID     string  `json:"id"`
	SQL    string  `json:"sql"`
	Calls  int64   `json:"calls"`
	Rows   int64   `json:"rows"`
	ExecMS float64 `json:"exec_ms"`
	PlanMS float64 `json:"plan_ms"`
}

type counterData struct {
	ID     string  `json:"id"`
	Calls  int64   `json:"calls"`
	Rows   int64   `json:"rows"`
	ExecMS float64 `json:"exec_ms"`
}

type sinceData struct {
	At      time.Time           `json:"at"`
	Reset   bool                `json:"statistics_reset"`
	Indexes []indexProgressData `json:"indexes"`
	Queries []queryProgressData `json:"queries"`
	Mended  []healthData        `json:"mended"`
	New     []healthData        `json:"new"`
	Unclear []unclearData       `json:"unclear"`
}

// unclearData is a finding of then that was not looked for again.
type unclearData struct {
	healthData
	Reason string `json:"reason"`
}

type indexProgressData struct {
	Table    string   `json:"table"`
	Columns  []string `json:"columns"`
	Verdict  string   `json:"verdict"`
	Index    string   `json:"index,omitempty"`
	Scans    int64    `json:"scans"`
	Bytes    int64    `json:"bytes"`
	BeforeMS float64  `json:"before_ms"`
	AfterMS  float64  `json:"after_ms"`
	Runs     int64    `json:"runs"`
}

type queryProgressData struct {
	ID       string  `json:"id"`
	SQL      string  `json:"sql"`
	BeforeMS float64 `json:"before_ms"`
	AfterMS  float64 `json:"after_ms"`
	Runs     int64   `json:"runs"`
}

func (a *analysis) data() analyzeData {
	d := analyzeData{
		Database: a.target, Largest: []tableData{}, MissingIndexes: []missingData{}, Risks: []riskData{},
		Findings: healths(a.health.Findings), Judged: append([]string{}, a.health.Judged...), Unjudged: []unjudgedData{}, Workload: a.workloadData(),
	}
	if a.seen != nil {
		d.Server, d.At, d.Tables, d.Rows, d.Bytes = a.seen.Server, a.seen.At, a.seen.Tables, a.seen.Rows, a.seen.Bytes
		d.StatisticsSince = moment(a.seen.Since)
		for _, t := range a.seen.Largest {
			d.Largest = append(d.Largest, tableData{t.Name, t.Rows, t.Bytes, t.SequentialScans, t.IndexScans, t.DeadRows})
		}
	} else if a.work.whole != nil {
		d.At = a.work.whole.Until
	}
	for _, g := range a.suggestions() {
		c := served(g)
		m := missingData{
			Table: g.Index.Table.Schema + "." + g.Index.Table.Name, Columns: keys(g), SQL: g.SQL() + ";", Bytes: g.Size,
			Calls: c.calls, MeanMS: c.mean(), TotalMS: c.ms, SavedMS: g.Saved, Modelled: g.Modelled, Queries: []string{},
		}
		if a.advice.Before > 0 {
			m.SavedShare = g.Saved / a.advice.Before
		}
		for _, s := range g.Served {
			m.Queries = append(m.Queries, s.Query.Statement.ID)
		}
		d.MissingIndexes = append(d.MissingIndexes, m)
	}
	for _, r := range a.risks {
		d.Risks = append(d.Risks, riskData{
			Confidence: r.Confidence.String(), Parent: r.ParentTable, Child: r.ChildTable, Columns: r.Link.Columns, Kind: string(r.Link.Kind), ForeignKey: !r.Link.Named,
			ParentQuery: shown(r.Parent.SQL), ChildQuery: shown(r.Child.SQL), ParentCalls: r.ParentCalls, ParentRows: known(r.ParentRows), Calls: r.Calls,
			FanOut: r.FanOut, TotalMS: ms(r.Time), SavedMS: ms(r.Saved()), Evidence: append([]string{}, r.Evidence...), Advice: eagerly(r),
		})
	}
	for _, u := range a.health.Unjudged {
		d.Unjudged = append(d.Unjudged, unjudgedData(u))
	}
	if a.progress != nil {
		d.Since = progressData(a.progress)
	}
	return d
}

func (a *analysis) workloadData() *workloadData {
	w := a.work.whole
	if w == nil {
		return nil
	}
	d := &workloadData{Source: w.Source, Since: moment(w.Since), Until: w.Until, Windows: len(a.work.windows), Resets: a.work.resets, Queries: []queryData{}}
	for _, s := range w.Statements {
		d.Queries = append(d.Queries, queryData{s.ID, shown(s.SQL), s.Calls, s.Rows, ms(s.Exec), ms(s.Plan)})
	}
	if l := a.work.latest; l != nil {
		d.Counters = &countersData{Since: moment(l.Since), Until: l.Until, Queries: []counterData{}}
		for _, s := range l.Statements {
			d.Counters.Queries = append(d.Counters.Queries, counterData{s.ID, s.Calls, s.Rows, ms(s.Exec)})
		}
	}
	return d
}

func healths(findings []analyze.Finding) []healthData {
	all := []healthData{}
	for _, f := range findings {
		all = append(all, healthData{f.Rule, f.Severity.String(), f.Object, f.Title, append([]string{}, f.Evidence...), f.Why, f.Advice, f.Mend, f.Queries})
	}
	return all
}

func progressData(p *analyze.Progress) *sinceData {
	d := &sinceData{At: p.Since, Reset: p.Reset, Indexes: []indexProgressData{}, Queries: []queryProgressData{}, Mended: healths(p.Mended), New: healths(p.New), Unclear: []unclearData{}}
	for _, u := range p.Unclear {
		d.Unclear = append(d.Unclear, unclearData{healths([]analyze.Finding{u.Finding})[0], u.Reason})
	}
	for _, i := range p.Indexes {
		x := indexProgressData{Table: i.Suggested.Table, Columns: i.Suggested.Columns, Verdict: i.Verdict(), BeforeMS: ms(i.Before), AfterMS: ms(i.After), Runs: i.Runs}
		if i.Index != nil {
			x.Index, x.Scans, x.Bytes = i.Index.Name, i.Index.Scans, i.Index.Bytes
		}
		d.Indexes = append(d.Indexes, x)
	}
	for _, q := range p.Queries {
		d.Queries = append(d.Queries, queryProgressData{q.Statement.ID, shown(q.Statement.SQL), ms(q.Before), ms(q.After), q.Runs})
	}
	return d
}

// moment is a time, or nil where it is not known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// past is an earlier analysis, as its file tells it.
func (d *analyzeData) past() *analyze.Past {
	p := &analyze.Past{At: d.At}
	for _, m := range d.MissingIndexes {
		p.Suggested = append(p.Suggested, analyze.SuggestedIndex{Table: m.Table, Columns: m.Columns, SQL: m.SQL, Queries: m.Queries})
	}
	for _, f := range d.Findings {
		severity, _ := analyze.ParseSeverity(f.Severity)
		p.Findings = append(p.Findings, analyze.Finding{Rule: f.Rule, Severity: severity, Object: f.Object, Title: f.Title, Evidence: f.Evidence, Why: f.Why, Advice: f.Advice, Mend: f.SQL, Queries: f.Queries})
	}
	if d.Workload == nil {
		return p
	}
	p.Source = d.Workload.Source
	for _, q := range d.Workload.Queries {
		p.Queries = append(p.Queries, &workload.Statement{ID: q.ID, SQL: q.SQL, Calls: q.Calls, Rows: q.Rows, Exec: duration(q.ExecMS), Plan: duration(q.PlanMS)})
	}
	if c := d.Workload.Counters; c != nil {
		p.Counters = &workload.Workload{Source: workload.Statistics, Until: c.Until, Timed: true}
		if c.Since != nil {
			p.Counters.Since = *c.Since
		}
		for _, q := range c.Queries {
			p.Counters.Statements = append(p.Counters.Statements, &workload.Statement{ID: q.ID, Calls: q.Calls, Rows: q.Rows, Exec: duration(q.ExecMS)})
		}
	}
	return p
}

func duration(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
