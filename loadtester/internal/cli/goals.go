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
	"github.com/seniorbackend/tools/shared/redact"
	"github.com/seniorbackend/tools/shared/report"
)

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

// asked is what of the goals a saved run keeps.
func (g *goals) asked() result.Asked {
	a := result.Asked{MaxBody: g.longest, RateLimit: g.verify}
	if g.statuses != nil {
		a.Status = g.statuses.String()
	}
	if g.body != nil {
		a.Body = redact.Text(g.body.String())
	}
	if g.objective != nil {
		a.SLO = g.objective.String()
	}
	return a
}

// askedOf reads the goals of a saved run.
func askedOf(a result.Asked) (*goals, error) {
	g := &goals{longest: a.MaxBody}
	var err error
	if a.Status != "" {
		if g.statuses, err = expect.ParseStatuses(a.Status); err != nil {
			return nil, err
		}
	}
	if a.Body != "" {
		if g.body, err = expect.ParseBody(a.Body); err != nil {
			return nil, err
		}
	}
	if a.SLO != "" {
		if g.objective, err = expect.ParseObjective(a.SLO); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// judged adds to a report what came of the goals; nil: none was missed.
func judged(rep *report.Report, r *result.Result, g *goals) error {
	checks := g.judge(r)
	data := rep.Data.(*runreport.Data)
	data.Expectations = checks
	rep.Checks, rep.Elapsed = expect.Report(checks), r.Run.Elapsed
	if g.limiter != nil {
		rep.Sections = append(rep.Sections, g.limiter.Section())
		data.RateLimiter = g.limiter.Data()
	}
	if len(checks) == 0 {
		return nil
	}
	rep.Sections = append([]report.Section{{Heading: "Expectations", Blocks: []report.Block{expect.Table(checks)}}}, rep.Sections...)
	n := expect.Failed(checks)
	if n == 0 {
		return nil
	}
	missed := fmt.Sprintf("%d of %s missed", n, report.Plural(len(checks), "expectation", "expectations"))
	rep.Verdict = report.Verdict{Status: report.Fail, Word: runreport.Failed, Text: missed + "; " + rep.Verdict.Text}
	return problem.New("", "%s", missed).Exit(problem.Failed)
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
