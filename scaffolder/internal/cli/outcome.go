package cli

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/breaking"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/shared/report"
)

// outcome is what a run did, or would do.
type outcome struct {
	flags     *writeFlags
	command   string // "generate"
	from      string // "document", or what else it was made from
	framework string
	session   *session
	api       *api.API
	layout    layout
	made      generation
	plan      *tree.Plan
	// changes are what callers and handlers have to follow since the last run.
	changes []breaking.Change
}

// print writes the outcome on stdout in the form that was asked for.
func (o *outcome) print() error {
	return o.session.publish(o.session.Out, o.flags.Format, o.render)
}

// render writes the outcome in one form.
func (o *outcome) render(w io.Writer, form string, options report.Options) error {
	if form == string(report.Text) {
		_, err := io.WriteString(w, o.summary())
		return err
	}
	return report.Write(w, o.report(), report.Format(form), options)
}

// summary is the text form: one line for each thing made.
func (o *outcome) summary() string {
	var b strings.Builder
	generated, created := "Generated", "Created"
	if o.flags.dry() {
		generated, created = "Would generate", "Would create"
	}
	if len(o.made.handlers) > 0 {
		fmt.Fprintf(&b, "%s %s in %s\n", generated, report.Plural(len(o.made.handlers), "route handler", "route handlers"), o.layout.show(o.layout.routes()))
		for _, h := range o.made.handlers {
			fmt.Fprintf(&b, "- %s %s (%s)\n", h.Operation.Method, strings.Map(printable, h.Operation.Path), h.Symbol)
		}
	}
	for _, made := range []struct{ what, path string }{
		{"validation middleware", path.Join(o.layout.source, "middleware/validators.ts")},
		{"TypeScript types", path.Join(o.layout.source, "types/api.ts")},
	} {
		if o.has(made.path) {
			fmt.Fprintf(&b, "%s %s: %s\n", created, made.what, o.layout.show(made.path))
		}
	}
	b.WriteString(o.effects())
	return b.String()
}

func (o *outcome) has(path string) bool {
	for _, f := range o.made.files {
		if f.Path == path {
			return true
		}
	}
	return false
}

// effects says what a run over existing files did to them. A first run has
// nothing to say here.
func (o *outcome) effects() string {
	var b strings.Builder
	edited, appended, removed := "Edited", "Appended to", "Removed"
	if o.flags.dry() {
		edited, appended, removed = "Would edit", "Would append to", "Would remove"
	}
	for _, c := range o.plan.Changes {
		switch c.Action {
		case tree.Edit:
			fmt.Fprintf(&b, "%s %s\n", edited, o.layout.show(c.Path))
		case tree.Append:
			fmt.Fprintf(&b, "%s %s: %s\n", appended, o.layout.show(c.Path), strings.Join(c.Appended, ", "))
		case tree.Remove:
			fmt.Fprintf(&b, "%s %s\n", removed, o.layout.show(c.Path))
		}
	}
	for _, orphan := range o.plan.Orphans {
		if orphan.Symbol == "" {
			fmt.Fprintf(&b, "No operation needs %s any more; it is yours to delete\n", o.layout.show(orphan.Path))
		} else {
			fmt.Fprintf(&b, "No operation needs %s in %s any more; it is yours to delete\n", orphan.Symbol, o.layout.show(orphan.Path))
		}
	}
	for _, path := range o.plan.Edited {
		if o.flags.dry() {
			fmt.Fprintf(&b, "Edited since it was generated: %s\n", o.layout.show(path))
		}
	}
	b.WriteString(o.since(breaking.Callers, "Breaking changes of the API since the last run"))
	b.WriteString(o.since(breaking.Handlers, "Changes that handlers have to follow"))
	if o.again() {
		b.WriteString(o.counts() + "\n")
	}
	return b.String()
}

// since lists the changes that somebody has to follow, below a heading; "" where there
// are none.
func (o *outcome) since(who breaking.Audience, heading string) string {
	var lines []string
	for _, c := range o.changes {
		if c.For != who {
			continue
		}
		line := "- " + c.Where + ": " + c.What
		if at := strings.TrimSuffix(place(c.At), ": "); at != "" {
			line += " (" + at + ")"
		}
		lines = append(lines, strings.Map(printable, line)+"\n")
	}
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %d\n", heading, len(lines)) + strings.Join(lines, "")
}

// again says that files were there before.
func (o *outcome) again() bool {
	return o.plan.Count(tree.Create) < len(o.plan.Changes)
}

// counts is the fate of all files in one line.
func (o *outcome) counts() string {
	var parts []string
	for _, a := range []struct {
		action tree.Action
		word   string
	}{{tree.Create, "created"}, {tree.Update, "updated"}, {tree.Edit, "edited"}, {tree.Append, "appended to"}, {tree.Remove, "removed"}, {tree.Keep, "unchanged"}} {
		if n := o.plan.Count(a.action); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, a.word))
		}
	}
	return "Files: " + strings.Join(parts, ", ")
}
