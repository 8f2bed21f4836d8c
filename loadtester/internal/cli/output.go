package cli

import (
	"io"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/capacity"
	"github.com/seniorbackend/tools/loadtester/internal/export"
	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// output is where a report goes. It is made before the run, so that a wrong path
// is an error before the load and not after it; a file appears only when all of
// it is there.
type output struct {
	s     *session
	form  string        // of a report, or another tool's
	file  *pending.File // nil: stdout
	save  *pending.File // nil: not saved
	piped bool          // the result goes to stdout, and the report to stderr
}

func (f *formFlags) open(s *session) (*output, error) {
	o := &output{s: s, form: f.Format}
	if _, ok := exporter(f.Format); !ok {
		if _, err := report.ParseFormat(f.Format); err != nil {
			return nil, problem.New("--format is one of "+formats(), "unknown format %q", f.Format)
		}
	}
	var err error
	switch f.Save {
	case "":
	case "-":
		o.piped = true
	default:
		if o.save, err = pending.Open(f.Save); err != nil {
			return nil, err
		}
	}
	if f.Output != "-" && f.Output != "" {
		if o.file, err = pending.Open(f.Output); err != nil {
			o.discard()
			return nil, err
		}
	}
	return o, nil
}

// exporter is another tool's form by its name.
func exporter(form string) (export.Form, bool) {
	for _, f := range export.Forms() {
		if f.Name == form {
			return f, true
		}
	}
	return export.Form{}, false
}

// pictures says whether a form that was asked for can show them.
func (o *output) pictures() bool { return o.form == string(report.HTML) || o.s.reportsIn(report.HTML) }

// formats lists the forms of a report.
func formats() string {
	names := []string{reports()}
	for _, f := range export.Forms() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// reports lists those that are not another tool's.
func reports() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// discard removes what was not finished.
func (o *output) discard() {
	o.file.Discard()
	o.save.Discard()
}

// write writes the report of r, and saves r where that was asked.
func (o *output) write(rep *report.Report, r *result.Result) error {
	return o.writeAs(rep, r, r)
}

// writeSearch does the same for a search of the capacity; the forms of other tools
// have its last step. One that was interrupted in its first has nothing to save.
func (o *output) writeSearch(rep *report.Report, found *capacity.Outcome) error {
	if len(found.Steps) == 0 {
		if _, other := exporter(o.form); other || o.save != nil || o.piped {
			return problem.New("", "interrupted before the first step had ended: there is nothing to write").Exit(problem.Interrupted)
		}
		return o.print(rep, nil)
	}
	return o.writeAs(rep, found.Steps[len(found.Steps)-1].Result, found)
}

// encoder is what can be saved.
type encoder interface{ Encode() ([]byte, error) }

func (o *output) writeAs(rep *report.Report, r *result.Result, kept encoder) error {
	footprint.GiveBack() // of what drew up the report
	// It comes out also when the result cannot be saved: the run is over.
	saved := o.keep(kept)
	if err := o.print(rep, r); err != nil {
		return err
	}
	return saved
}

// keep saves the result where that was asked.
func (o *output) keep(r encoder) error {
	if o.save == nil && !o.piped {
		return nil
	}
	packed, err := r.Encode()
	if err != nil {
		return err
	}
	if o.piped {
		_, err = o.s.Out.Write(packed)
		return err
	}
	return o.save.Commit(packed)
}

func (o *output) print(rep *report.Report, r *result.Result) error {
	render := rendering(rep, r)
	if o.file == nil {
		to := o.s.Out
		if o.piped {
			to = o.s.Err
		}
		return o.s.publish(to, o.form, render)
	}
	return o.s.publishIn(o.file, o.form, render)
}

// rendering renders a report, or the result in another tool's form.
func rendering(rep *report.Report, r *result.Result) render {
	return func(w io.Writer, form string, o report.Options) error {
		if e, ok := exporter(form); ok {
			if r == nil {
				return problem.New("", "there is nothing to write as %s", form)
			}
			return e.Write(w, r)
		}
		return report.Write(w, rep, report.Format(form), o)
	}
}
