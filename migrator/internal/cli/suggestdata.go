package cli

import (
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
)

// adviceData is the advice for programs, and what --verify reads again:
// docs/migrator/suggest-indexes.schema.json.
type adviceData struct {
	Connection  string           `json:"connection"`
	Source      string           `json:"workload_source"`
	Since       *time.Time       `json:"workload_since"`
	At          time.Time        `json:"at"`
	Statements  int              `json:"statements"`
	Method      string           `json:"method"`
	Modelled    bool             `json:"modelled"`
	Timed       bool             `json:"timed"`
	Before      float64          `json:"workload_before_ms"`
	After       float64          `json:"workload_after_ms"`
	Proved      bool             `json:"proved"`
	Suggestions []suggestionData `json:"suggestions"`
	Unneeded    []unneededData   `json:"unneeded"`
	NotLookedAt []refusedData    `json:"not_looked_at"`
	Notes       []string         `json:"notes"`
	Files       []fileData       `json:"files"`
}

type suggestionData struct {
	Name     string       `json:"name"`
	Schema   string       `json:"schema"`
	Table    string       `json:"table"`
	Method   string       `json:"method"`
	Keys     []string     `json:"keys"`
	Include  []string     `json:"include"`
	Where    string       `json:"where,omitempty"`
	SQL      string       `json:"sql"`
	Rollback string       `json:"rollback"`
	Bytes    int64        `json:"size_bytes"`
	Saved    float64      `json:"saved_ms"`
	Upkeep   float64      `json:"upkeep_ms"`
	Modelled string       `json:"modelled,omitempty"` // why a model reckoned, and not the server
	Replaces []string     `json:"replaces"`
	Queries  []servedData `json:"queries"`
}

type servedData struct {
	ID         string  `json:"id"`
	SQL        string  `json:"sql"`
	Calls      int64   `json:"calls"`
	Total      float64 `json:"total_ms"`
	Mean       float64 `json:"mean_ms"`
	CostBefore float64 `json:"cost_before"`
	CostAfter  float64 `json:"cost_after"`
	Saved      float64 `json:"saved_ms"`
	PlanBefore string  `json:"plan_before,omitempty"`
	PlanAfter  string  `json:"plan_after,omitempty"`
}

type unneededData struct {
	Schema string `json:"schema"`
	Table  string `json:"table"`
	Index  string `json:"index"`
	Reason string `json:"reason"`
	Bytes  int64  `json:"size_bytes"`
	SQL    string `json:"sql"`
}

type refusedData struct {
	SQL    string `json:"sql"`
	Reason string `json:"reason"`
}

func (a *advice) data() adviceData {
	r := a.result
	data := adviceData{
		Connection: a.db.Target.String(), Source: a.workload.Source, At: time.Now().UTC().Truncate(time.Second), Statements: len(a.workload.Statements),
		Method: r.Method, Modelled: a.modelled, Timed: r.Timed, Before: r.Before, After: r.After, Proved: a.proved != nil && a.proved.Proved,
		Suggestions: []suggestionData{}, Unneeded: []unneededData{}, NotLookedAt: []refusedData{}, Notes: append([]string{}, a.notes...), Files: []fileData{},
	}
	if !a.workload.Since.IsZero() {
		since := a.workload.Since.UTC()
		data.Since = &since
	}
	for _, g := range r.Suggestions {
		data.Suggestions = append(data.Suggestions, suggested(g))
	}
	for _, u := range a.unneeded() {
		data.Unneeded = append(data.Unneeded, unneededData{u.Table.Schema, u.Table.Name, u.Index.Name, u.Reason, u.Index.Bytes, u.SQL()})
	}
	for _, u := range r.Refused {
		data.NotLookedAt = append(data.NotLookedAt, refusedData{shown(u.Statement.SQL), u.Reason})
	}
	for _, f := range a.written {
		data.Files = append(data.Files, fileData(f))
	}
	return data
}

func suggested(g *advise.Suggestion) suggestionData {
	d := suggestionData{
		Name: g.Name, Schema: g.Index.Table.Schema, Table: g.Index.Table.Name, Method: g.Index.Method, Keys: []string{}, Include: append([]string{}, g.Index.Include...),
		Where: g.Index.Where(), SQL: g.SQL(), Rollback: g.Rollback(), Bytes: g.Size, Saved: g.Saved, Upkeep: g.Upkeep, Modelled: g.Modelled, Replaces: []string{}, Queries: []servedData{},
	}
	for _, k := range g.Index.Keys {
		d.Keys = append(d.Keys, k.SQL())
	}
	for _, e := range g.Replaces {
		d.Replaces = append(d.Replaces, e.Name)
	}
	for _, s := range g.Served {
		st := s.Query.Statement
		d.Queries = append(d.Queries, servedData{
			ID: st.ID, SQL: shown(st.SQL), Calls: st.Calls, Total: milliseconds(st.Exec), Mean: milliseconds(st.Mean()),
			CostBefore: s.Before, CostAfter: s.After, Saved: s.Saved, PlanBefore: s.PlanBefore, PlanAfter: s.PlanAfter,
		})
	}
	return d
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
