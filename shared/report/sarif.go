package report

import (
	"encoding/json"
	"io"
)

// writeSARIF writes SARIF 2.1.0, which code scanning reads: a run with a result for
// each finding.
func writeSARIF(w io.Writer, r *Report) error {
	type text struct {
		Text string `json:"text"`
	}
	type region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	type artifact struct {
		URI string `json:"uri"`
	}
	type physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   *region  `json:"region,omitempty"`
	}
	type location struct {
		Physical physical `json:"physicalLocation"`
	}
	type result struct {
		RuleID    string     `json:"ruleId"`
		Level     string     `json:"level"`
		Message   text       `json:"message"`
		Locations []location `json:"locations,omitempty"`
	}
	type rule struct {
		ID   string `json:"id"`
		Help text   `json:"help"`
	}
	rules, results, seen := []rule{}, []result{}, map[string]bool{}
	for _, f := range r.Findings {
		if !seen[f.Rule] {
			seen[f.Rule] = true
			help := f.Advice
			if help == "" {
				help = f.Title
			}
			rules = append(rules, rule{f.Rule, text{help}})
		}
		one := result{RuleID: f.Rule, Level: [...]string{Error: "error", Warning: "warning", Notice: "note"}[f.Severity], Message: text{findingText(Finding{Title: f.Title, Evidence: f.Evidence, Advice: f.Advice, Command: f.Command})}}
		if f.At.File != "" {
			at := location{physical{Artifact: artifact{f.At.File}}}
			if f.At.Line > 0 {
				at.Physical.Region = &region{f.At.Line, f.At.Column}
			}
			one.Locations = []location{at}
		}
		results = append(results, one)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":    map[string]any{"driver": map[string]any{"name": r.Title, "fullName": r.Tool, "rules": rules}},
			"results": results,
		}},
	})
}
