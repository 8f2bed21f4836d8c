package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/shared/report"
)

// report prints what a diff found and did. With -o - standard output is the
// migration's, and the report goes to standard error.
func (d *comparison) report() error {
	w := d.session.Out
	if d.Output == "-" {
		w = d.session.Err
	}
	if d.Format == string(report.Text) {
		for _, f := range d.written {
			fmt.Fprintf(w, "Generated %s: %s\n", f.Kind, f.Path)
		}
		if len(d.written) > 0 {
			fmt.Fprintln(w)
		}
	}
	return d.session.publish(w, d.Format, func(w io.Writer, form string, o report.Options) error {
		return report.Write(w, d.model(report.Format(form)), report.Format(form), o)
	})
}

// model is the report. Only the text form leaves out what was written to files.
func (d *comparison) model(format report.Format) *report.Report {
	up := d.result.Up
	r := &report.Report{
		Schema: "migrator.diff", Version: 1, Tool: d.session.info.Short(), Title: "Schema Diff Report",
		Head:    [][]report.Fact{{{Label: "From", Value: d.from.String()}}, {{Label: "To", Value: d.to.String()}}},
		Verdict: d.verdict(),
		Data:    d.data(),
	}
	r.FindingsTitle = "Hazard"
	for _, id := range d.left.whole {
		r.Findings = append(r.Findings, report.Finding{Rule: "not-covered", Severity: severity(lint.Correctness), Title: d.notCompared(id)})
	}
	if up.Empty() {
		return r
	}
	var rows [][]report.Cell
	for _, c := range up.Changes {
		rows = append(rows, report.Row(string(c.Action), c.ID.String(), detail(c)))
	}
	r.Sections = append(r.Sections, report.Section{
		Heading: "Changes", Note: report.Count(len(up.Changes)),
		Blocks: []report.Block{report.Table{Columns: []report.Column{{Title: "Action"}, {Title: "Object"}, {Title: "Detail"}}, Rows: rows}},
	})
	if !d.writes() || format != report.Text {
		r.Sections = append(r.Sections,
			report.Section{Heading: "Migration", Folded: true, Blocks: []report.Block{report.Code{Language: "sql", Text: body(up)}}},
			report.Section{Heading: "Rollback", Folded: true, Blocks: []report.Block{report.Code{Language: "sql", Text: body(d.result.Down)}}})
	}
	if d.traffic != nil {
		r.Sections = append(r.Sections, d.trafficSection())
	}
	r.Findings = append(r.Findings, d.trafficFindings()...)
	for _, why := range d.result.Irreversible {
		r.Findings = append(r.Findings, report.Finding{Rule: string(lint.Irreversible), Severity: severity(lint.Irreversible), Title: "irreversible: the rollback does not undo " + why})
	}
	for _, u := range d.result.Uncovered {
		r.Findings = append(r.Findings, report.Finding{Rule: "not-covered", Severity: severity(lint.Correctness), Title: "the proof does not cover: " + uncovered(u)})
	}
	for _, h := range hazards(up) {
		r.Findings = append(r.Findings, report.Finding{
			Rule: string(h.Kind), Severity: severity(h.Kind), Title: fmt.Sprintf("%s: %s", h.Kind, h.Message),
			Evidence: evidence(h), Command: shown(h.statement.SQL), Language: "sql",
		})
	}
	slices.SortStableFunc(r.Findings, func(a, b report.Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	return r
}

// verdict is what came of the planning; where only equality was asked for, a change is
// drift.
func (d *comparison) verdict() report.Verdict {
	v := d.planned()
	if d.ExitCode && !d.writes() && v.Status != report.Fail && !d.result.Up.Empty() {
		v.Status, v.Word = report.Fail, "DRIFT"
	}
	return v
}

func (d *comparison) planned() report.Verdict {
	up := d.result.Up
	n := report.Plural(len(up.Changes), "change", "changes")
	switch {
	case up.Empty() && len(d.left.differ) > 0:
		return report.Verdict{Status: report.Fail, Word: "NOT COMPARED", Text: "what could be compared is the same, and " + report.Plural(len(d.left.differ), "difference", "differences") + " could not; nothing was written"}
	case up.Empty() && len(d.left.whole) > 0:
		return report.Verdict{Status: report.Warn, Word: "EQUAL", Text: "the schemas are the same, but for what is not compared; nothing was written"}
	case up.Empty():
		return report.Verdict{Status: report.Pass, Word: "EQUAL", Text: "the schemas are the same; nothing was written"}
	case len(d.blocked) > 0 && d.writes():
		return report.Verdict{Status: report.Fail, Word: "REFUSED", Text: n + ", some of which lose data"}
	case d.oneWay:
		return report.Verdict{Status: report.Fail, Word: "REFUSED", Text: n + ", which the rollback does not undo whole"}
	case d.trafficFailure != nil:
		return report.Verdict{Status: report.Fail, Word: "REFUSED", Text: n + ", which hold alone and not beside traffic"}
	case d.result.Proved && len(d.result.Irreversible) > 0:
		return report.Verdict{Status: report.Warn, Word: "PROVED", Text: n + "; the migration was run on " + d.result.Server + " and gives what it should; its rollback does not undo all of it" + d.trafficVerdict()}
	case d.result.Proved && len(d.result.Refused) > 0:
		return report.Verdict{Status: report.Warn, Word: "PROVED", Text: n + "; migration and rollback were run on " + d.result.Server + " and give what they should, but not with the rows of " + d.from.String() + ", which stop the migration" + d.trafficVerdict()}
	case d.result.Proved:
		text := n + "; migration and rollback were run on " + d.result.Server + " and give what they should; Atlas's differ finds nothing left"
		if d.result.Repaired > 0 {
			text += fmt.Sprintf(" (after a repair of %s)", report.Plural(d.result.Repaired, "statement", "statements"))
		}
		return report.Verdict{Status: report.Pass, Word: "PROVED", Text: text + d.trafficVerdict()}
	}
	if d.result.Server != "" {
		n += "; both were run, on a copy that differs from the database in what they touch"
	}
	return report.Verdict{Status: report.Warn, Word: "NOT PROVED", Text: n}
}

// body is a plan's SQL without a header, as it may be printed.
func body(p *plan.Plan) string {
	text := migfile.SQL(migfile.Header{}, p)
	_, text, _ = strings.Cut(text, "\n")
	return shown(strings.TrimSpace(text)) + "\n"
}

// detail says what an object is that comes or goes, or what of it changes.
func detail(c plan.Change) string {
	if c.Because != "" {
		return c.Because
	}
	if c.What != "" {
		return short(shown(c.What), 80)
	}
	var parts []string
	for _, f := range c.Fields {
		if f.Field != catalog.FieldNone {
			parts = append(parts, fieldDetail(f))
		}
	}
	return strings.Join(parts, ", ")
}

// fieldDetail is what changes of one property, when that is short.
func fieldDetail(f catalog.Difference) string {
	if f.Field == catalog.FieldLabels {
		return strings.Join(append(missing(f.Old, f.New, "-"), missing(f.New, f.Old, "+")...), " ")
	}
	switch f.ID.Kind {
	case catalog.KindUserMapping, catalog.KindServer, catalog.KindSubscription, catalog.KindForeignWrapper, catalog.KindForeignTable:
		return f.Field.String() // may hold a password
	}
	if len(f.Old)+len(f.New) > 50 || strings.ContainsRune(f.Old+f.New, '\n') {
		return f.Field.String()
	}
	old, now := shown(f.Old), shown(f.New)
	if old == "" {
		old = "none"
	}
	if now == "" {
		now = "none"
	}
	return f.Field.String() + ": " + old + " -> " + now
}

// missing lists those of a list that another does not have, each with a sign.
func missing(list, other, sign string) []string {
	var out []string
	has := strings.Split(other, ", ")
	for item := range strings.SplitSeq(list, ", ") {
		if item != "" && !slices.Contains(has, item) {
			out = append(out, sign+" "+item)
		}
	}
	return out
}

// short cuts a text that would make a table too wide.
func short(s string, width int) string {
	if s = strings.Join(strings.Fields(s), " "); len([]rune(s)) > width {
		return string([]rune(s)[:width-1]) + "…"
	}
	return s
}

func severity(k lint.Kind) report.Severity {
	switch k {
	case lint.DataLoss:
		return report.Error
	case lint.IndexBuild, lint.Permissions:
		return report.Notice
	}
	return report.Warning
}

func evidence(h hazardOf) []string {
	var lines []string
	if h.statement.Lock != "" {
		lines = append(lines, strings.TrimSpace("lock: "+h.statement.Lock+" "+h.statement.LockOn))
	}
	if h.Rows > 0 {
		lines = append(lines, "rows: about "+report.Count(h.Rows))
	}
	if h.Bytes > 0 {
		lines = append(lines, "size: "+report.Bytes(uint64(h.Bytes)))
	}
	return lines
}
