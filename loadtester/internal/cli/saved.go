package cli

import (
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/advice"
	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/shared/problem"
)

// reportCmd shows saved results again.
type reportCmd struct {
	Files []string `arg:"" name:"file" help:"Results written by --save or --format json; several of one run are merged. - is standard input."`
	formFlags
}

// Run reports.
func (c *reportCmd) Run(s *session) error {
	r, err := readMerged(s, c.Files)
	if err != nil {
		return err
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	defer footprint.Sparing()()
	rep := runreport.New(r, out.pictures())
	rep.Findings = advice.For(r, 0)
	return out.write(rep, r)
}

// mergeCmd makes one result file of several.
type mergeCmd struct {
	Files  []string `arg:"" name:"file" help:"Result files of generators that ran at the same time."`
	Output string   `short:"o" required:"" help:"The merged result file; - is standard output." placeholder:"FILE"`
}

// Run merges.
func (c *mergeCmd) Run(s *session) error {
	r, err := readMerged(s, c.Files)
	if err != nil {
		return err
	}
	text, err := r.Encode()
	if err != nil {
		return err
	}
	if c.Output == "-" {
		_, err := s.Out.Write(text)
		return err
	}
	file, err := pending(c.Output)
	if err != nil {
		return err
	}
	return file.commit(text)
}

func readMerged(s *session, names []string) (*result.Result, error) {
	var list []*result.Result
	for _, name := range names {
		r, err := result.ReadFile(name, s.In)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	if len(list) == 1 {
		return list[0], nil
	}
	r, err := result.Merge(list)
	if err != nil {
		return nil, problem.Wrap(err, "merge adds results of shards of one run; compare sets runs against each other", "%s: %v", strings.Join(names, ", "), err)
	}
	return r, nil
}
