package cli

import (
	"bytes"
	"io"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/capacity"
	"github.com/seniorbackend/tools/loadtester/internal/export"
	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
	"github.com/seniorbackend/tools/shared/terminal"
)

// output is where a report goes. It is made before the run, so that a wrong path
// is an error before the load and not after it; a file appears only when all of
// it is there.
type output struct {
	s      *session
	format report.Format
	export func(io.Writer, *result.Result) error // instead of a report; nil: none
	file   *pendingFile                          // nil: stdout
	save   *pendingFile                          // nil: not saved
	piped  bool                                  // the result goes to stdout, and the report to stderr
}

func (f *formFlags) open(s *session) (*output, error) {
	o := &output{s: s}
	var err error
	for _, form := range export.Forms() {
		if form.Name == f.Format {
			o.export = form.Write
		}
	}
	if o.export == nil {
		if o.format, err = report.ParseFormat(f.Format); err != nil {
			return nil, problem.New("--format is one of "+formats(), "unknown format %q", f.Format)
		}
	}
	switch f.Save {
	case "":
	case "-":
		o.piped = true
	default:
		if o.save, err = pending(f.Save); err != nil {
			return nil, err
		}
	}
	if f.Output != "-" && f.Output != "" {
		if o.file, err = pending(f.Output); err != nil {
			o.discard()
			return nil, err
		}
	}
	return o, nil
}

// pictures says whether the form can show them.
func (o *output) pictures() bool { return o.export == nil && o.format == report.HTML }

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
	o.file.discard()
	o.save.discard()
}

// write writes the report of r, and saves r where that was asked.
func (o *output) write(rep *report.Report, r *result.Result) error {
	return o.writeAs(rep, r, r)
}

// writeSearch does the same for a search of the capacity; the forms of other tools
// have its last step. One that was interrupted in its first has nothing to save.
func (o *output) writeSearch(rep *report.Report, found *capacity.Outcome) error {
	if len(found.Steps) == 0 {
		if o.export != nil || o.save != nil || o.piped {
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
	return o.save.commit(packed)
}

func (o *output) print(rep *report.Report, r *result.Result) error {
	var text bytes.Buffer
	options, to := report.Options{Width: 80}, o.s.Out
	if o.piped {
		to = o.s.Err
	}
	if o.file == nil {
		options = report.Options{Width: terminal.Width(to), Color: o.s.Color(to, o.s.noColor)}
	}
	var err error
	if o.export != nil {
		err = o.export(&text, r)
	} else {
		err = report.Write(&text, rep, o.format, options)
	}
	if err != nil {
		return err
	}
	if o.file != nil {
		return o.file.commit(text.Bytes())
	}
	if _, err = to.Write(text.Bytes()); err != nil {
		return problem.Wrap(err, "is the disk full?", "cannot write the report: %v", err)
	}
	return nil
}
