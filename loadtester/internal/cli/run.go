package cli

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/advice"
	"github.com/seniorbackend/tools/loadtester/internal/engine"
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
	liveFlags
	outFlags
}

// Run makes the run, reports it, and fails when it must.
func (c *runCmd) Run(s *session) error {
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
	goals, err := c.parse(names(set), &o)
	if err != nil {
		return err
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	watch, ctx, err := c.watch(s, set, &o)
	if err != nil {
		return err
	}
	r, err := goals.run(ctx, set, o)
	if err != nil {
		watch.discard()
		return err
	}
	r.Run.Aborted = watch.reason
	kept := watch.end()
	// The report comes out also when the rows cannot be written: the run is over.
	if err := c.finish(s, out, r, goals); err != nil {
		return err
	}
	return kept
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
	r.Run.Wanted = goals.wanted
	for _, l := range goals.limiterChecks() {
		r.Run.Wanted.Limiter = append(r.Run.Wanted.Limiter, result.Judged(l))
	}
	rep := runreport.New(r, out.pictures())
	rep.Findings = advice.For(r, goals.p99())
	if f, ok := advice.Mutants(r); ok && c.Invalid {
		rep.Findings = append([]report.Finding{f}, rep.Findings...)
	}
	missed := goals.report(rep, r)
	if err := out.write(rep, r); err != nil {
		return err
	}
	switch verdict := runreport.Judge(r); {
	case r.Run.Aborted != "":
		return problem.New("the report is of the run so far", "the run was ended by %s", r.Run.Aborted).Exit(problem.Failed)
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
