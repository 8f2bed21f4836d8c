package cli

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/compare"
	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type compareCmd struct {
	A      string `arg:"" help:"The base: a URL or a saved run."`
	B      string `arg:"" help:"What to compare with it: a URL or a saved run."`
	FailIf string `help:"Exit 1 when B changed so much, and not by chance: 'p99>+10%,errors>+0.5%,throughput<-5%'." placeholder:"LIST" group:"Expectations:"`
	sendFlags
	whenFlags
	outcomeFlags
	outFlags
}

// Run compares: two URLs are tested interleaved, a URL and a saved run one after
// the other, two saved runs as they are.
func (c *compareCmd) Run(s *session) error {
	var conditions []compare.Condition
	var err error
	if c.FailIf != "" {
		if conditions, err = compare.ParseConditions(c.FailIf); err != nil {
			return err
		}
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	a, b, pairs, err := c.runs(s)
	if err != nil {
		return err
	}
	comparison := compare.Of(a, b, compare.Options{Pairs: pairs, Seed: c.Seed})
	for _, r := range []*result.Result{a, b} {
		r.Record.Series.Widen(time.Second) // only the statistics need finer ones
	}
	checks := comparison.Check(conditions)
	rep := comparison.Report(checks)
	rep.Tool = s.info.Short()
	if err := out.write(rep, b); err != nil {
		return err
	}
	missed := 0
	for _, check := range checks {
		if !check.Pass {
			missed++
		}
	}
	switch {
	case a.Run.Interrupted || b.Run.Interrupted:
		return problem.New("", "interrupted: the report is of the run so far").Exit(problem.Interrupted)
	case missed > 0:
		return problem.New("", "%d of %s missed", missed, report.Plural(len(checks), "expectation", "expectations")).Exit(problem.Failed)
	case a.Record.Answered == 0 || b.Record.Answered == 0:
		return problem.New("the causes are in the report of each: loadtester URL", "no request was answered").Exit(problem.Failed)
	}
	return nil
}

// runs gives the two sides.
func (c *compareCmd) runs(s *session) (a, b *result.Result, pairs *compare.Pairs, err error) {
	liveA, liveB := isURL(c.A), isURL(c.B)
	if !liveA {
		if a, err = result.ReadFile(c.A, s.In); err != nil {
			return nil, nil, nil, err
		}
	}
	if !liveB {
		if b, err = result.ReadFile(c.B, s.In); err != nil {
			return nil, nil, nil, err
		}
	}
	if !liveA && !liveB {
		return a, b, nil, nil
	}
	o := engine.Options{Tool: s.info.String()}
	c.like(a, b)
	if err := c.apply(&o); err != nil {
		return nil, nil, nil, err
	}
	var specs [2][]target.Spec
	var to target.Options
	for k, url := range []string{c.A, c.B} {
		if !isURL(url) {
			continue
		}
		if specs[k], to, err = c.requests(s, url, &o); err != nil {
			return nil, nil, nil, err
		}
		c.quiet = true // the second says the same
	}
	to.Recorded = false // of a recording only the order is kept
	shown := newProgress(s)
	if shown != nil {
		o.Progress = shown.show
	}
	defer shown.done()
	if liveA && liveB {
		if to.Chain {
			return nil, nil, nil, problem.New("run the chain against each with --save, and compare the files", "the steps of a chain cannot be interleaved")
		}
		return compare.Live(s.ctx, specs, to, o)
	}
	set, err := target.Compile(append(specs[0], specs[1]...), to)
	if err != nil {
		return nil, nil, nil, err
	}
	list, err := engine.Run(s.ctx, set, o)
	if err != nil {
		return nil, nil, nil, err
	}
	if liveA {
		return list[0], b, nil, nil
	}
	return a, list[0], nil, nil
}

// apply puts the flags into o and checks them.
func (c *compareCmd) apply(o *engine.Options) error {
	if err := c.whenFlags.apply(o, c.Seed); err != nil {
		return err
	}
	if err := c.howFlags.apply(o); err != nil {
		return err
	}
	if c.Invalid && c.ExpectStatus == "" {
		c.ExpectStatus = "4xx"
	}
	return c.outcomeFlags.apply(o)
}

// like takes what the flags leave open from the saved run, so that the new one
// can be compared with it: its rate or concurrency, and its duration.
func (c *compareCmd) like(a, b *result.Result) {
	saved := a
	if saved == nil {
		saved = b
	}
	if saved == nil {
		return
	}
	r := &saved.Run
	if c.Rate == "" && c.Concurrency == 0 {
		if r.Closed() {
			c.Concurrency = count(r.Concurrency)
		} else {
			c.Rate = fmt.Sprint(r.Rate)
		}
	}
	if c.Duration == nil && c.Requests == 0 && r.Duration > r.Warmup {
		d := seconds((r.Duration - r.Warmup).Round(time.Second / 10))
		c.Duration = &d
	}
	if c.MaxConnections == 0 && !r.Closed() && c.Concurrency == 0 {
		c.MaxConnections = count(r.Connections)
	}
}
