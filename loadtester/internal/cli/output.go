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
	save   *renameio.PendingFile // nil: not saved
	saveAs string
}

func (f *outFlags) open(s *session) (*output, error) {
	format, err := report.ParseFormat(f.Format)
	if err != nil {
		return nil, problem.New("--format is one of "+formats(), "unknown format %q", f.Format)
	}
	o := &output{s: s, format: format, name: f.Output, saveAs: f.Save}
	if f.Save != "" {
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
	for _, f := range []*renameio.PendingFile{o.file, o.save} {
		if f != nil {
			_ = f.Cleanup()
		}
	}
}

// write writes the report of r, and saves r where that was asked.
func (o *output) write(rep *report.Report, r *result.Result) error {
	if o.save != nil {
		packed, err := r.Encode()
		if err != nil {
			return err
		}
		if err := commit(o.save, o.saveAs, packed); err != nil {
			return err
		}
	}
	var text bytes.Buffer
	options := report.Options{Width: 80}
	if o.file == nil {
		options = report.Options{Width: terminal.Width(o.s.Out), Color: o.s.Color(o.s.Out, o.s.noColor)}
	}
	if err := report.Write(&text, rep, o.format, options); err != nil {
		return err
	}
	if o.file != nil {
		return commit(o.file, o.name, text.Bytes())
	}
	_, err := o.s.Out.Write(text.Bytes())
	return err
}
