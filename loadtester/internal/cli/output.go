package cli

import (
	"bytes"
	"os"
	"strings"

	"github.com/google/renameio/v2"

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
	file   *renameio.PendingFile // nil: stdout
	name   string
}

func (f *outFlags) open(s *session) (*output, error) {
	format, err := report.ParseFormat(f.Format)
	if err != nil {
		return nil, problem.New("--format is one of "+formats(), "unknown format %q", f.Format)
	}
	o := &output{s: s, format: format, name: f.Output}
	if f.Output == "-" || f.Output == "" {
		return o, nil
	}
	if o.file, err = pending(f.Output); err != nil {
		return nil, err
	}
	return o, nil
}

// formats lists the forms of a report.
func formats() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

func pending(name string) (*renameio.PendingFile, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, problem.New("name a file in it", "%s is a directory", name)
	}
	file, err := renameio.NewPendingFile(name, renameio.WithPermissions(0o644))
	if err != nil {
		return nil, problem.Wrap(err, "does the folder exist, and may you write there?", "cannot write %s", name)
	}
	return file, nil
}

// discard removes what was not finished.
func (o *output) discard() {
	if o.file != nil {
		_ = o.file.Cleanup()
	}
}

// write writes the report. r is for the forms that are made of the result itself.
func (o *output) write(rep *report.Report, _ *result.Result) error {
	var text bytes.Buffer
	options := report.Options{Width: 80}
	if o.file == nil {
		options = report.Options{Width: terminal.Width(o.s.Out), Color: o.s.Color(o.s.Out, o.s.noColor)}
	}
	if err := report.Write(&text, rep, o.format, options); err != nil {
		return err
	}
	if o.file == nil {
		_, err := o.s.Out.Write(text.Bytes())
		return err
	}
	if _, err := o.file.Write(text.Bytes()); err != nil {
		return problem.Wrap(err, "is the disk full?", "cannot write %s: %v", o.name, err)
	}
	if err := o.file.CloseAtomicallyReplace(); err != nil {
		return problem.Wrap(err, "is the disk full?", "cannot write %s: %v", o.name, err)
	}
	return nil
}
