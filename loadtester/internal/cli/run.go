package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/advice"
	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/expect/limiter"
	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type runCmd struct {
	URL string `arg:"" optional:"" help:"What to test, with http:// or https://."`
	sendFlags
	whenFlags
	shardFlags
	expectFlags
	outFlags
}

// Run makes the run, reports it, and fails when it must.
func (c *runCmd) Run(s *session) error {
	c.quiet = c.Quiet
	o := engine.Options{Tool: s.info.Short()}
	if err := c.whenFlags.apply(&o, c.Seed); err != nil {
		return err
	}
	if err := c.howFlags.apply(&o); err != nil {
		return err
	}
	if err := c.shardFlags.apply(s, &o); err != nil {
		return err
	}
	if o.Schedule != nil {
		c.few = int(o.Schedule.Expected())
	}
	set, err := c.compile(s, c.URL, &o)
	if err != nil {
		return err
	}
	if set.Offsets != nil && c.Rate == "" && c.Concurrency == 0 {
		c.replay(set, &o)
	}
	if c.Invalid && c.ExpectStatus == "" {
		c.ExpectStatus = "4xx"
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
	watch, err := c.watch(s, &o)
	if err != nil {
		return err
	}
	r, err := goals.run(s.ctx, set, o)
	watch.end()
	if err != nil {
		return err
	}
	return c.finish(s, out, r, goals)
}

// replay sends recorded requests at their times.
func (c *runCmd) replay(set *target.Set, o *engine.Options) {
	length := o.Duration
	if c.Duration != nil {
		length = time.Duration(*c.Duration) + o.Warmup
	}
	o.Schedule = pace.Recorded(set.Offsets, c.Speed).For(length, uint64(c.Requests))
}

// finish writes the report of a run and makes its exit code.
func (c *runCmd) finish(s *session, out *output, r *result.Result, goals *goals) error {
	defer footprint.Sparing()()
	rep := runreport.New(r, out.pictures())
	rep.Findings = advice.For(r, goals.p99())
	if f, ok := advice.Mutants(r); ok && c.Invalid {
		rep.Findings = append([]report.Finding{f}, rep.Findings...)
	}
	checks := goals.judge(r)
	data := rep.Data.(*runreport.Data)
	data.Expectations = checks
	rep.Checks, rep.Elapsed = expect.Report(checks), r.Run.Elapsed
	if goals.limiter != nil {
		rep.Sections = append(rep.Sections, goals.limiter.Section())
		data.RateLimiter = goals.limiter.Data()
	}
	if len(checks) > 0 {
		rep.Sections = append([]report.Section{{Heading: "Expectations", Blocks: []report.Block{expect.Table(checks)}}}, rep.Sections...)
	}
	missed := ""
	if n := expect.Failed(checks); n > 0 {
		missed = fmt.Sprintf("%d of %s missed", n, report.Plural(len(checks), "expectation", "expectations"))
		rep.Verdict = report.Verdict{Status: report.Fail, Word: runreport.Failed, Text: missed + "; " + rep.Verdict.Text}
	}
	if err := out.write(rep, r); err != nil {
		return err
	}
	switch verdict := runreport.Judge(r); {
	case r.Run.Interrupted:
		return problem.New("", "interrupted: the report is of the run so far").Exit(problem.Interrupted)
	case missed != "":
		return problem.New("", "%s", missed).Exit(problem.Failed)
	case !verdict.Valid && !c.AllowGeneratorLimited:
		return problem.New("lower the rate, use more machines (--shard), or accept it with --allow-generator-limited",
			"the generator was the limit: %s", verdict.Reasons[0]).Exit(problem.Failed)
	case r.Record.Answered == 0:
		return problem.New("the causes are listed under ERRORS", "no request was answered").Exit(problem.Failed)
	case r.Record.Succeeded == 0 && r.Record.Failed > 0:
		return problem.New("the causes are listed under ERRORS; --expect-status says which statuses are a success", "no request succeeded").Exit(problem.Failed)
	}
	return nil
}

// goals are the expectations of a run.
type goals struct {
	statuses  *expect.Statuses
	body      *expect.Body
	longest   int64 // bytes of a response; 0: any
	objective *expect.Objective

	verify      bool // the rate limiter, too
	limiterWait time.Duration
	limiter     *limiter.Model // what was learnt of it
}

// run sends, and verifies the rate limiter when that is a goal.
func (g *goals) run(ctx context.Context, set *target.Set, o engine.Options) (*result.Result, error) {
	if g.verify {
		r, m, err := limiter.Verify(ctx, set, o, g.limiterWait)
		g.limiter = m
		return r, err
	}
	results, err := engine.Run(ctx, set, o)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// parse reads the expectations and puts what the engine has to know into o.
func (f *expectFlags) parse(o *engine.Options) (*goals, error) {
	g := goals{verify: f.ExpectRateLimit, limiterWait: time.Duration(f.RateLimitWait)}
	err := f.outcomeFlags.apply(o)
	if err != nil {
		return nil, err
	}
	if f.ExpectStatus != "" {
		if g.statuses, err = expect.ParseStatuses(f.ExpectStatus); err != nil {
			return nil, err
		}
	}
	if g.body, err = f.body(); err != nil {
		return nil, err
	}
	g.longest = o.MaxBody
	if f.SLO != "" {
		if g.objective, err = expect.ParseObjective(f.SLO); err != nil {
			return nil, err
		}
	}
	return &g, nil
}

// p99 is the bound that the objective sets for it; 0: none.
func (g *goals) p99() time.Duration {
	if g.objective == nil {
		return 0
	}
	return g.objective.Latency("p99")
}

func (g *goals) judge(r *result.Result) []expect.Check {
	var checks []expect.Check
	if g.statuses != nil {
		checks = append(checks, g.statuses.Judge(r))
	}
	if g.body != nil {
		checks = append(checks, g.body.Judge(r))
	}
	if g.longest > 0 {
		checks = append(checks, expect.Longest(g.longest, r))
	}
	if c, ok := expect.Walks(r); ok {
		checks = append(checks, c)
	}
	if g.objective != nil {
		checks = append(checks, g.objective.Judge(r)...)
	}
	if g.limiter != nil {
		checks = append(checks, g.limiter.Checks()...)
	}
	return checks
}
