package cli

import (
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
)

// analyzeData is an analysis for programs: docs/migrator/analyze.schema.json.
type analyzeData struct {
	Database        string         `json:"database"`
	Server          string         `json:"server"`
	At              time.Time      `json:"at"`
	StatisticsSince *time.Time     `json:"statistics_since"`
	Tables          int64          `json:"tables"`
	Rows            int64          `json:"rows"`
	Bytes           int64          `json:"bytes"`
	Largest         []tableData    `json:"largest_tables"`
	Findings        []healthData   `json:"findings"`
	Unjudged        []unjudgedData `json:"unjudged"`
}

type tableData struct {
	Table           string `json:"table"`
	Rows            int64  `json:"rows"`
	Bytes           int64  `json:"bytes"`
	SequentialScans int64  `json:"sequential_scans"`
	IndexScans      int64  `json:"index_scans"`
	DeadRows        int64  `json:"dead_rows"`
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
}

type unjudgedData struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

func (a *analysis) data() analyzeData {
	d := analyzeData{
		Database: a.target, Server: a.seen.Server, At: a.seen.At, Tables: a.seen.Tables, Rows: a.seen.Rows, Bytes: a.seen.Bytes,
		Largest: []tableData{}, Findings: []healthData{}, Unjudged: []unjudgedData{},
	}
	if !a.seen.Since.IsZero() {
		d.StatisticsSince = &a.seen.Since
	}
	for _, t := range a.seen.Largest {
		d.Largest = append(d.Largest, tableData{t.Name, t.Rows, t.Bytes, t.SequentialScans, t.IndexScans, t.DeadRows})
	}
	for _, f := range a.health.Findings {
		d.Findings = append(d.Findings, finding(f))
	}
	for _, u := range a.health.Unjudged {
		d.Unjudged = append(d.Unjudged, unjudgedData(u))
	}
	return d
}

func finding(f analyze.Finding) healthData {
	return healthData{f.Rule, f.Severity.String(), f.Object, f.Title, append([]string{}, f.Evidence...), f.Why, f.Advice, f.Mend}
}
