package cli

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/breaking"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/shared/report"
)

// data is the JSON form of a report, beside what every report has.
type data struct {
	Document   string          `json:"document"`
	Title      string          `json:"title"`
	Framework  string          `json:"framework"`
	Output     string          `json:"output"`
	Written    bool            `json:"written"`
	Drift      bool            `json:"drift"`
	Operations []operationData `json:"operations"`
	Files      []fileData      `json:"files"`
	Orphans    []orphanData    `json:"orphans"`
	Edited     []string        `json:"edited"`
	Breaking   []changeData    `json:"breaking"`
	// Following is what handlers have to follow.
	Following []changeData `json:"handlers_follow"`
}

type changeData struct {
	Where  string `json:"where"`
	What   string `json:"what"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type operationData struct {
	ID      string `json:"id"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Handler string `json:"handler"`
	File    string `json:"file"`
}

type fileData struct {
	Path     string   `json:"path"`
	Owner    string   `json:"owner"`
	Action   string   `json:"action"`
	Appended []string `json:"appended,omitempty"`
}

type orphanData struct {
	Path   string `json:"path"`
	Symbol string `json:"symbol,omitempty"`
}

// report is the outcome in the form that all tools share.
func (o *outcome) report() *report.Report {
	r := &report.Report{
		Schema:  "scaffolder." + o.command,
		Version: 1,
		Tool:    o.session.info.Short(),
		Title:   "Scaffolding Report",
		Head: [][]report.Fact{
			{{Label: strings.ToUpper(o.from[:1]) + o.from[1:], Value: o.api.Source}, {Label: "API", Value: o.api.Title}},
			{{Label: "Framework", Value: o.framework}, {Label: "Output", Value: o.layout.show("")}},
		},
		Verdict: o.verdict(),
		Data:    o.data(),
	}
	for _, c := range o.changes {
		rule := "breaking-change"
		if c.For == breaking.Handlers {
			rule = "handler-change"
		}
		r.Findings = append(r.Findings, report.Finding{
			Rule: rule, Severity: report.Warning, Title: c.Where + ": " + c.What,
			At: report.Position{File: c.At.File, Line: c.At.Line, Column: c.At.Column},
		})
	}
	if o.flags.Check {
		for _, c := range o.plan.Drifted() {
			r.Findings = append(r.Findings, report.Finding{Rule: "drift", Severity: report.Error, Title: o.layout.show(c.Path) + " " + drifts[c.Action], At: report.Position{File: o.layout.show(c.Path)}})
		}
	}
	for _, path := range o.plan.Edited {
		r.Findings = append(r.Findings, report.Finding{
			Rule: "edited", Severity: report.Warning, Title: o.layout.show(path) + " was edited since it was generated",
			Advice: "move your code into a user-owned file; --force overwrites the edit",
		})
	}
	for _, n := range o.made.notices {
		r.Findings = append(r.Findings, finding(n))
	}
	r.Sections = []report.Section{o.operations(), o.files()}
	if len(o.plan.Orphans) > 0 {
		r.Sections = append(r.Sections, o.orphans())
	}
	return r
}

// drifts say how a file is not as it would be generated.
var drifts = map[tree.Action]string{
	tree.Create: "is missing", tree.Update: "is not as it would be generated", tree.Edit: "would be edited",
	tree.Append: "lacks handlers", tree.Remove: "is not generated any more",
}

func (o *outcome) verdict() report.Verdict {
	text := fmt.Sprintf("%s; %s", report.Plural(len(o.made.handlers), "route handler", "route handlers"), strings.ToLower(o.counts()))
	switch {
	case o.flags.Check && o.plan.Drift():
		return report.Verdict{Status: report.Fail, Word: "DRIFT", Text: text}
	case o.flags.Check:
		return report.Verdict{Status: report.Pass, Word: "UP TO DATE", Text: text}
	case o.flags.dry():
		return report.Verdict{Word: "DRY RUN", Text: text}
	}
	return report.Verdict{Status: report.Pass, Word: "GENERATED", Text: text}
}

func (o *outcome) operations() report.Section {
	t := report.Table{Columns: []report.Column{{Title: "Operation"}, {Title: "Handler"}, {Title: "File"}}}
	for _, h := range o.made.handlers {
		t.Rows = append(t.Rows, report.Row(h.Operation.Method+" "+h.Operation.Path, h.Symbol, o.layout.show(h.File)))
	}
	return report.Section{Heading: "Operations", Note: fmt.Sprint(len(t.Rows)), Blocks: []report.Block{t}}
}

func (o *outcome) files() report.Section {
	t := report.Table{Columns: []report.Column{{Title: "File"}, {Title: "Owner"}, {Title: "Action"}}}
	for _, c := range o.plan.Changes {
		t.Rows = append(t.Rows, report.Row(o.layout.show(c.Path), string(c.Owner), string(c.Action)))
	}
	return report.Section{Heading: "Files", Note: fmt.Sprint(len(t.Rows)), Blocks: []report.Block{t}, Folded: true}
}

func (o *outcome) orphans() report.Section {
	var items report.List
	for _, orphan := range o.plan.Orphans {
		item := o.layout.show(orphan.Path)
		if orphan.Symbol != "" {
			item += ": " + orphan.Symbol
		}
		items.Items = append(items.Items, item)
	}
	return report.Section{Heading: "No operation needs", Blocks: []report.Block{items}}
}

func (o *outcome) data() data {
	d := data{
		Document: o.api.Source, Title: o.api.Title, Framework: o.framework,
		Output: o.layout.show(""), Written: !o.flags.dry(), Drift: o.plan.Drift() && o.flags.dry(),
		Operations: []operationData{}, Files: []fileData{}, Orphans: []orphanData{},
		Edited: append([]string{}, o.plan.Edited...), Breaking: []changeData{}, Following: []changeData{},
	}
	for _, h := range o.made.handlers {
		d.Operations = append(d.Operations, operationData{h.Operation.ID, h.Operation.Method, h.Operation.Path, h.Symbol, h.File})
	}
	for _, c := range o.plan.Changes {
		d.Files = append(d.Files, fileData{c.Path, string(c.Owner), string(c.Action), c.Appended})
	}
	for _, c := range o.changes {
		told := changeData{c.Where, c.What, c.At.File, c.At.Line, c.At.Column}
		if c.For == breaking.Callers {
			d.Breaking = append(d.Breaking, told)
		} else {
			d.Following = append(d.Following, told)
		}
	}
	for _, orphan := range o.plan.Orphans {
		d.Orphans = append(d.Orphans, orphanData(orphan))
	}
	return d
}
