package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/capacity"
	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/runreport"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type capacityCmd struct {
	URL       string   `arg:"" optional:"" help:"What to test, with http:// or https://."`
	SLO       []string `name:"slo" sep:"none" default:"p99<200ms,errors<1%" help:"The objective to keep (default: ${default})." placeholder:"LIST" group:"Search:"`
	From      float64  `default:"50" help:"The first rate (default: ${default})." placeholder:"RATE" group:"Search:"`
	Max       float64  `default:"100000" help:"Never send faster (default: ${default})." placeholder:"RATE" group:"Search:"`
	Step      seconds  `default:"5" help:"Time at each rate; the confirmation takes twice as long (default: ${default} s)." placeholder:"TIME" group:"Search:"`
	Precision float64  `default:"0.02" help:"How close the search comes, as a share (default: ${default})." placeholder:"SHARE" group:"Search:"`

	Warmup         seconds `default:"1" help:"Send for this long before counting, at each rate (default: ${default} s)." placeholder:"TIME" group:"Search:"`
	Timeout        seconds `default:"5" help:"Time for a request (default: ${default} s)." placeholder:"TIME" group:"Search:"`
	MaxConnections count   `help:"Most connections (default: 1000)." placeholder:"N" group:"Search:"`
	sendFlags
	outcomeFlags
	outFlags
}

// Run searches and reports.
func (c *capacityCmd) Run(s *session) error {
	objective, err := expect.ParseObjective(objectives(c.SLO))
	if err != nil {
		return err
	}
	if c.From > c.Max || c.Precision >= 1 {
		return problem.New("--from 50 --max 10000 --precision 0.02", "the search begins at --from %v, ends at --max %v, and comes as close as --precision %v, a share below 1", c.From, c.Max, c.Precision)
	}
	if c.Step <= 0 || c.From <= 0 || c.Max <= 0 || c.Precision <= 0 || c.Warmup < 0 || c.Timeout <= 0 {
		return problem.New("--from 50 --max 10000 --step 5 --precision 0.02", "the search needs rates, a step and a precision above 0")
	}
	o := engine.Options{Tool: s.info.Short(), Timeout: time.Duration(c.Timeout), MaxConns: int(c.MaxConnections), Warmup: time.Duration(c.Warmup)}
	if err := c.howFlags.apply(&o); err != nil {
		return err
	}
	set, err := c.compile(s, c.URL, &o)
	if err != nil {
		return err
	}
	if c.Invalid && c.ExpectStatus == "" {
		c.ExpectStatus = "4xx"
	}
	if err := c.outcomeFlags.apply(&o); err != nil {
		return err
	}
	out, err := c.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	trial := func(ctx context.Context, rate float64, length time.Duration) (*result.Result, error) {
		run := o
		run.Cell = capacity.Cell
		run.Schedule = pace.Constant(rate).For(length+o.Warmup, 0)
		list, err := engine.Run(ctx, set, run)
		if err != nil {
			return nil, err
		}
		return list[0], nil
	}
	outcome, err := capacity.Search(s.ctx, trial, capacity.Options{
		Objective: objective, From: c.From, Max: c.Max, Step: time.Duration(c.Step), Precision: c.Precision,
		Limited: c.limited, Stepped: c.progress(s),
	})
	if err != nil {
		return err
	}
	rep := outcome.Report()
	rep.Tool = s.info.Short()
	if err := out.writeSearch(rep, outcome); err != nil {
		return err
	}
	switch {
	case outcome.Interrupted:
		return problem.New("", "interrupted: the report is of the search so far").Exit(problem.Interrupted)
	case outcome.Rate == 0 && outcome.Limited != "" && c.AllowGeneratorLimited:
		return nil
	case outcome.Rate == 0 && outcome.Limited != "":
		return problem.New("take a machine with less to do, begin lower (--from), or accept it with --allow-generator-limited",
			"the generator was the limit: %s", outcome.Limited).Exit(problem.Failed)
	case outcome.Rate == 0:
		return problem.New("loosen the objective, or look at the report of one rate: loadtester URL --rate 10", "no rate keeps %s", objective).Exit(problem.Failed)
	}
	return nil
}

func (c *capacityCmd) limited(r *result.Result) string {
	if v := runreport.Judge(r); !v.Valid && !c.AllowGeneratorLimited {
		return v.Reasons[0]
	}
	return ""
}

// progress writes a line for each step.
func (c *capacityCmd) progress(s *session) func(capacity.Step) {
	if s.quiet {
		return nil
	}
	return func(step capacity.Step) {
		word := "missed"
		switch {
		case step.Kept:
			word = "kept"
		case step.Repeated && step.Disturbed > 0:
			word = "disturbed, again"
		case step.Repeated:
			word = "missed, again"
		}
		fmt.Fprintf(s.Err, "%s/s  answered %s/s  p99 %s  errors %s  %s\n", report.Significant(step.Rate), report.Significant(step.Result.Throughput()),
			report.Duration(step.Result.Record.Latency.Quantile(.99)), report.Count(step.Result.Record.Failed), word)
	}
}
