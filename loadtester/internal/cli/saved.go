package cli

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/advice"
	"github.com/seniorbackend/tools/loadtester/internal/capacity"
	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
)

// reportCmd shows saved results again.
type reportCmd struct {
	Force bool     `help:"Add up results also where one is there twice, or their targets are not the same." group:"Report:"`
	Files []string `arg:"" name:"file" help:"Results written by --save or --format json; several of one run are merged. - is standard input."`
	againFlags
	formFlags
}

// Help is shown below the flags.
func (*reportCmd) Help() string {
	return `A run is judged again by the expectations that it was saved with, or by these.

  loadtester report run.ltr
  loadtester report run.ltr --slo 'p99<200ms' --format junit --output junit.xml
  loadtester report search.ltr --format html --output capacity.html`
}

// Run reports.
func (c *reportCmd) Run(s *session) error {
	if len(c.Files) == 1 {
		text, err := result.Content(c.Files[0], s.In)
		if err != nil {
			return err
		}
		if found, ok, err := capacity.Decode(text); err != nil {
			return result.Unreadable(c.Files[0], err)
		} else if ok {
			return c.search(s, found)
		}
		r, err := result.Parse(c.Files[0], text)
		if err != nil {
			return err
		}
		return c.run(s, r)
	}
	r, err := readMerged(s, c.Files, c.Force)
	if err != nil {
		return err
	}
	return c.run(s, r)
}

// search shows a search for the capacity again.
func (c *reportCmd) search(s *session, found *capacity.Outcome) error {
	if len(c.SLO) > 0 || len(c.SLOFor) > 0 || c.ExpectStatus != "" {
		return problem.New("loadtester capacity URL --slo LIST searches for another", "a search for the capacity knows no objective but its own, %s", found.Objective)
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	rep := found.Report()
	rep.Tool = s.info.Short()
	return out.writeSearch(rep, found)
}

// run shows a run again.
func (c *reportCmd) run(s *session, r *result.Result) error {
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	defer footprint.Sparing()()
	goals, err := c.again(r)
	if err != nil {
		return err
	}
	r.Run.Wanted = goals.wanted
	rep := runreport.New(r, out.pictures())
	rep.Findings = advice.For(r, goals.p99())
	missed := goals.report(rep, r)
	if err := out.write(rep, r); err != nil {
		return err
	}
	return missedProblem(missed)
}

// mergeCmd makes one result file of several.
type mergeCmd struct {
	Files  []string `arg:"" name:"file" help:"Result files of generators that ran at the same time."`
	Force  bool     `help:"Merge also where a result is there twice, or the targets are not the same."`
	Output string   `short:"o" required:"" help:"The merged result file; - is standard output." placeholder:"FILE"`
}

// Run merges.
func (c *mergeCmd) Run(s *session) error {
	r, err := readMerged(s, c.Files, c.Force)
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
	file, err := pending.Open(c.Output)
	if err != nil {
		return err
	}
	return file.Commit(text)
}

// readMerged adds up saved results. The same one twice would count its requests
// twice, and runs of other targets are not parts of one run: both are refused
// unless force says so.
func readMerged(s *session, names []string, force bool) (*result.Result, error) {
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
	if !force {
		if err := together(list, names); err != nil {
			return nil, err
		}
	}
	r, err := result.Merge(list)
	if err != nil {
		return nil, problem.Wrap(err, "merge adds results of shards of one run; compare sets runs against each other", "%s: %v", strings.Join(names, ", "), err)
	}
	return r, nil
}

// together says whether results can be parts of one run.
func together(list []*result.Result, names []string) error {
	for i, r := range list {
		for j, other := range list[:i] {
			if r.Run.Started.Equal(other.Run.Started) && r.Run.Shard == other.Run.Shard && r.Record.Sent == other.Record.Sent && r.Generator == other.Generator {
				return problem.New("leave one out, or add it up twice with --force", "%s and %s are the same result", names[j], names[i])
			}
			if !slices.Equal(r.Run.Targets, other.Run.Targets) {
				return problem.New("loadtester compare sets runs against each other; --force adds them up", "%s and %s are runs of other targets: %s and %s",
					names[j], names[i], strings.Join(other.Run.Targets, ", "), strings.Join(r.Run.Targets, ", "))
			}
		}
	}
	return nil
}
