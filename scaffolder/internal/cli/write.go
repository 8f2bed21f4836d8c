package cli

import (
	"fmt"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// writeFlags say where a generated project goes, and what is done there.
type writeFlags struct {
	Output string `short:"o" help:"The project's directory; or its routes folder, where the name ends in routes." default:"." placeholder:"DIR" group:"Where it goes:"`
	Check  bool   `xor:"check-force" help:"Write nothing; exit 1 where the files are not as they would be generated." group:"Where it goes:"`
	DryRun bool   `help:"Write nothing; say what would be written." group:"Where it goes:"`
	Diff   bool   `help:"Write nothing; show the changes as a unified diff." group:"Where it goes:"`
	Force  bool   `xor:"check-force" help:"Overwrite tool-owned files that were edited." group:"Where it goes:"`
	Format string `help:"Form of the report: text, json, markdown, html, junit, github." enum:"text,json,markdown,html,junit,github" default:"text" group:"Where it goes:"`
}

// dry says that nothing is written.
func (f *writeFlags) dry() bool { return f.Check || f.DryRun || f.Diff }

// finish writes or shows the plan, and reports.
func (o *outcome) finish() error {
	switch {
	case o.flags.Diff && o.flags.Format == string(report.Text):
		if err := o.plan.Diff(o.session.Out); err != nil {
			return fmt.Errorf("writing the diff: %w", err)
		}
		if err := o.session.writeReports(o.render); err != nil {
			return err
		}
	case !o.flags.dry():
		if err := o.plan.Write(); err != nil {
			return err
		}
		fallthrough
	default:
		if o.flags.Format == string(report.Text) {
			if err := o.plan.DiffEdits(o.session.Out); err != nil {
				return fmt.Errorf("writing the diff: %w", err)
			}
		}
		if err := o.print(); err != nil {
			return err
		}
	}
	if o.flags.Check && o.plan.Drift() {
		return problem.New("run scaffolder "+o.command+" again, and commit what it writes",
			"%s differs from what the %s generates", where(o.layout.project), o.from).Exit(problem.Failed)
	}
	return nil
}

func where(dir string) string {
	if dir == "." {
		return "this directory"
	}
	return dir
}
