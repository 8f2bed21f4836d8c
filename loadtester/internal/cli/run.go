package cli

import (
	"fmt"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type runCmd struct {
	URL string `arg:"" help:"What to test, with http:// or https://."`
	whatFlags
	whenFlags
	howFlags
	expectFlags
	outFlags
}

// Run makes the run, reports it, and fails when it must.
func (c *runCmd) Run(s *session) error {
	if c.ExpectRateLimit {
		return problem.New("", "--expect-rate-limit is not there yet")
	}
	spec, err := c.spec(s, c.URL)
	if err != nil {
		return err
	}
	set, err := target.Compile([]target.Spec{spec}, target.Options{
		Seed: c.Seed, UserAgent: s.info.Tool + "/" + s.info.Version, Close: !c.KeepAlive,
		Env: func(name string) (string, bool) { v := s.Getenv(name); return v, v != "" },
	})
	if err != nil {
		return err
	}
	o := engine.Options{Tool: s.info.String()}
	if err := c.whenFlags.apply(&o, c.Seed); err != nil {
		return err
	}
	if err := c.howFlags.apply(&o); err != nil {
		return err
	}
	goals, err := c.parse(&o)
	if err != nil {
		return err
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	shown := newProgress(s, c.Quiet)
	if shown != nil {
		o.Progress = shown.show
	}
	results, err := engine.Run(s.ctx, set, o)
	shown.done()
	if err != nil {
		return err
	}
	return c.finish(s, out, results[0], goals)
}

// finish writes the report of a run and makes its exit code.
func (c *runCmd) finish(s *session, out *output, r *result.Result, goals *goals) error {
	rep := runreport.New(r)
	checks := goals.judge(r)
	if len(checks) > 0 {
		rep.Sections = append([]report.Section{{Heading: "Expectations", Blocks: []report.Block{expect.Table(checks)}}}, rep.Sections...)
	}
	missed := expect.Failed(checks)
	if missed > 0 {
		rep.Verdict.Status = report.Fail
	}
	if err := out.write(rep, r); err != nil {
		return err
	}
	switch verdict := runreport.Judge(r); {
	case r.Run.Interrupted:
		return problem.New("", "interrupted: the report is of the run so far").Exit(problem.Interrupted)
	case missed > 0:
		return problem.New("", "%s of %s missed", fmt.Sprint(missed), report.Plural(len(checks), "expectation", "expectations")).Exit(problem.Failed)
	case !verdict.Valid && !c.AllowGeneratorLimited:
		return problem.New("lower the rate, use more machines (--shard), or accept it with --allow-generator-limited",
			"the generator was the limit: %s", verdict.Reasons[0]).Exit(problem.Failed)
	case r.Record.Answered == 0:
		return problem.New("the causes are listed under ERRORS", "no request was answered").Exit(problem.Failed)
	}
	return nil
}

// goals are the expectations of a run.
type goals struct {
	statuses  *expect.Statuses
	objective *expect.Objective
}

// parse reads the expectations and puts what the engine has to know into o.
func (f *expectFlags) parse(o *engine.Options) (*goals, error) {
	var g goals
	var err error
	if f.ExpectStatus != "" {
		if g.statuses, err = expect.ParseStatuses(f.ExpectStatus); err != nil {
			return nil, err
		}
		o.Success = g.statuses.Has
	}
	if f.SLO != "" {
		if g.objective, err = expect.ParseObjective(f.SLO); err != nil {
			return nil, err
		}
	}
	if f.ExpectBody != "" {
		body, err := expect.ParseBody(f.ExpectBody)
		if err != nil {
			return nil, err
		}
		o.Body = func() engine.BodyMatcher { return body.Matcher() }
	}
	return &g, nil
}

func (g *goals) judge(r *result.Result) []expect.Check {
	var checks []expect.Check
	if g.statuses != nil {
		checks = append(checks, g.statuses.Judge(r))
	}
	if g.objective != nil {
		checks = append(checks, g.objective.Judge(r)...)
	}
	return checks
}
