package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/expect/limiter"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// goals are the expectations of a run, whether it ends now or was saved.
type goals struct {
	wanted    result.Wanted
	statuses  *expect.Statuses
	body      *expect.Body
	objective *expect.Objective
	targets   []*expect.TargetObjective

	verify      bool // the rate limiter, too
	limiterWait time.Duration
	limiter     *limiter.Model // what was learnt of it
}

// parse reads the expectations of a run of these targets, and puts what the engine
// has to know into o.
func (f *expectFlags) parse(names []string, o *engine.Options) (*goals, error) {
	if err := f.outcomeFlags.apply(o); err != nil {
		return nil, err
	}
	g, err := goalsOf(result.Wanted{Statuses: f.ExpectStatus, Body: f.ExpectBody, MaxBody: o.MaxBody, Objective: objectives(f.SLO), Targets: f.SLOFor}, names)
	if err != nil {
		return nil, err
	}
	g.verify, g.limiterWait = f.ExpectRateLimit, time.Duration(f.RateLimitWait)
	return g, nil
}

// goalsOf reads expectations as flags and saved runs have them.
func goalsOf(w result.Wanted, names []string) (*goals, error) {
	g := &goals{wanted: w}
	var err error
	if w.Statuses != "" {
		if g.statuses, err = expect.ParseStatuses(w.Statuses); err != nil {
			return nil, err
		}
	}
	if w.Body != "" {
		if g.body, err = expect.ParseBody(w.Body); err != nil {
			return nil, err
		}
	}
	if w.Objective != "" {
		if g.objective, err = expect.ParseObjective(w.Objective); err != nil {
			return nil, err
		}
	}
	for _, text := range w.Targets {
		t, err := expect.ParseTargetObjective(text, names)
		if err != nil {
			return nil, err
		}
		g.targets = append(g.targets, t)
	}
	return g, nil
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

// p99 is the bound that the objective sets for it; 0: none.
func (g *goals) p99() time.Duration {
	if g.objective == nil {
		return 0
	}
	return g.objective.Latency("p99")
}

// limiterChecks are what the verification of a rate limiter found, now or when
// the run was saved.
func (g *goals) limiterChecks() []expect.Check {
	if g.limiter != nil {
		return g.limiter.Checks()
	}
	var checks []expect.Check
	for _, l := range g.wanted.Limiter {
		checks = append(checks, expect.Check(l))
	}
	return checks
}

func (g *goals) judge(r *result.Result) []expect.Check {
	var checks []expect.Check
	if g.statuses != nil {
		checks = append(checks, g.statuses.Judge(r))
	}
	if g.body != nil {
		checks = append(checks, g.body.Judge(r))
	}
	if g.wanted.MaxBody > 0 {
		checks = append(checks, expect.Longest(g.wanted.MaxBody, r))
	}
	if c, ok := expect.Walks(r); ok {
		checks = append(checks, c)
	}
	if c, ok := expect.Redirects(r); ok {
		checks = append(checks, c)
	}
	if g.objective != nil {
		checks = append(checks, g.objective.Judge(r)...)
	}
	for _, t := range g.targets {
		checks = append(checks, t.Judge(r)...)
	}
	return append(checks, g.limiterChecks()...)
}

// report puts what came of the goals into the report of a run. missed says how
// many were missed; "": none.
func (g *goals) report(rep *report.Report, r *result.Result) (missed string) {
	checks := g.judge(r)
	data, ok := rep.Data.(*runreport.Data)
	if !ok { // a report of something else
		data = &runreport.Data{}
	}
	data.Expectations = checks
	rep.Checks, rep.Elapsed = expect.Report(checks), r.Run.Elapsed
	if g.limiter != nil {
		rep.Sections = append(rep.Sections, g.limiter.Section())
		data.RateLimiter = g.limiter.Data()
	}
	if len(checks) > 0 {
		rep.Sections = append([]report.Section{{Heading: "Expectations", Blocks: []report.Block{expect.Table(checks)}}}, rep.Sections...)
	}
	if n := expect.Failed(checks); n > 0 {
		missed = fmt.Sprintf("%d of %s missed", n, report.Plural(len(checks), "expectation", "expectations"))
		rep.Verdict.Status, rep.Verdict.Text = report.Fail, missed+"; "+rep.Verdict.Text
		if r.Run.Aborted == "" { // else that heads it, as what it was ended by
			rep.Verdict.Word = runreport.Failed
		}
	}
	return missed
}

// again are the goals of a saved run, with those of the flags in their place.
func (f *againFlags) again(r *result.Result) (*goals, error) {
	w := r.Run.Wanted
	if f.ExpectStatus != "" {
		w.Statuses = f.ExpectStatus
	}
	if len(f.SLO) > 0 {
		w.Objective = objectives(f.SLO)
	}
	if len(f.SLOFor) > 0 {
		w.Targets = f.SLOFor
	}
	return goalsOf(w, r.Run.Names)
}

// againFlags judge a saved run anew.
type againFlags struct {
	ExpectStatus string   `help:"Statuses that are a success, in place of those that the run was saved with: 400, or 2xx,404." placeholder:"LIST" group:"Expectations:"`
	SLO          []string `name:"slo" sep:"none" help:"Objective, in place of the one that the run was saved with: 'p99<200ms,errors<1%'. Exit 1 when it is missed." placeholder:"LIST" group:"Expectations:"`
	SLOFor       []string `name:"slo-for" sep:"none" help:"Objective of one of several targets, in place of those that the run was saved with: 'GET /users=p99<100ms'; '*=…' is each. May be repeated." placeholder:"NAME=LIST" group:"Expectations:"`
}

// missedProblem is the end of a command whose expectations were missed; nil where
// none was.
func missedProblem(missed string) error {
	if missed == "" {
		return nil
	}
	return problem.New("", "%s", missed).Exit(problem.Failed)
}
