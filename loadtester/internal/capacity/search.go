package capacity

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// Trial makes one run at a rate, with its own warm-up.
type Trial func(ctx context.Context, rate float64, length time.Duration) (*result.Result, error)

// Options are how the search goes. Zero values are the defaults.
type Options struct {
	Objective *expect.Objective
	From      float64       // the first rate; 0: 50
	Max       float64       // never above; 0: 100,000
	Step      time.Duration // length of a step; 0: 5 s. The confirmation takes twice as long.
	Precision float64       // how close the two ends come, as a share; 0: 0.05
	Rest      time.Duration // pause after an overload, for queues to drain; 0: a fifth of Step
	// Limited says why the generator, not the service, was the limit of a run;
	// empty: it was not.
	Limited func(*result.Result) string
	// Stepped sees each step as it ends.
	Stepped func(Step)
}

// Step is one rate that was tried.
type Step struct {
	Rate         float64
	Result       *result.Result
	Checks       []expect.Check
	Kept         bool // the objective, and the rate itself
	Confirmation bool
	Limited      string // the generator's limit
}

// Outcome is what was found.
type Outcome struct {
	// Rate is the highest that was kept and confirmed; 0: none was.
	Rate float64
	// Above is the lowest rate that was missed; 0: none was, the search ended at
	// Max or at the generator's limit.
	Above     float64
	Confirmed bool
	Limited   string // the generator was the limit at the next rate
	Steps     []Step // in the order of the trials
	// Interrupted: the search was cut short.
	Interrupted bool
}

// sustained is the share of the rate that has to be answered: a service that
// answers less has a queue that grows.
const sustained = 0.97

// lowest rate that is tried.
const lowest = 0.5

// searcher is a search under way.
type searcher struct {
	o     Options
	trial Trial
	out   Outcome
}

// Search looks for the capacity. An error is that of a trial that could not run.
func Search(ctx context.Context, trial Trial, o Options) (*Outcome, error) {
	o.defaults()
	s := &searcher{o: o, trial: trial}
	good, bad, err := s.bracket(ctx)
	for err == nil && good > 0 && bad > 0 && bad > good*(1+o.Precision) && ctx.Err() == nil {
		middle := round(math.Sqrt(good * bad))
		if middle <= good || middle >= bad {
			break
		}
		var kept bool
		if kept, err = s.judge(ctx, middle); kept {
			good = middle
		} else {
			bad = middle
		}
	}
	if err == nil && good > 0 {
		err = s.confirm(ctx, good, bad)
	}
	if bad > 0 && s.out.Above == 0 {
		s.out.Above = bad
	}
	s.out.Interrupted = ctx.Err() != nil
	if s.out.Interrupted && len(s.out.Steps) > 0 {
		err = nil
		s.out.Rate = max(s.out.Rate, good)
	}
	return &s.out, err
}

func (o *Options) defaults() {
	if o.From <= 0 {
		o.From = 50
	}
	if o.Max <= 0 {
		o.Max = 100_000
	}
	o.From = min(o.From, o.Max)
	if o.Step <= 0 {
		o.Step = 5 * time.Second
	}
	if o.Precision <= 0 {
		o.Precision = 0.05
	}
	if o.Rest <= 0 {
		o.Rest = o.Step / 5
	}
}

// bracket finds a rate that is kept and one that is missed. good 0: none is
// kept; bad 0: none was missed.
func (s *searcher) bracket(ctx context.Context) (good, bad float64, err error) {
	rate := s.o.From
	for ctx.Err() == nil {
		kept, err := s.judge(ctx, rate)
		if err != nil {
			return good, bad, err
		}
		if s.out.Limited != "" {
			return good, 0, nil
		}
		switch {
		case kept && (bad > 0 || rate >= s.o.Max):
			return rate, bad, nil
		case kept:
			good, rate = rate, min(rate*2, s.o.Max)
		case good > 0:
			return good, rate, nil
		default: // even the first rate is too much
			bad, rate = rate, round(rate/4)
			if rate < lowest {
				return 0, bad, nil
			}
		}
	}
	return good, bad, nil
}

// judge tries a rate, and a second time when it was missed narrowly: one bad
// second should not decide.
func (s *searcher) judge(ctx context.Context, rate float64) (kept bool, err error) {
	for range 2 {
		step, err := s.try(ctx, rate, s.o.Step, false)
		if err != nil || ctx.Err() != nil {
			return false, err
		}
		if step.Kept {
			return true, nil
		}
		s.rest(ctx)
		if step.Limited != "" {
			s.out.Limited = step.Limited
			return false, nil
		}
		if step.Result.Throughput() < 0.9*rate {
			return false, nil
		}
	}
	return false, nil
}

// confirm repeats the found rate for longer, and goes down in small steps when
// it is not kept.
func (s *searcher) confirm(ctx context.Context, good, bad float64) error {
	rate := good
	for range 4 {
		step, err := s.try(ctx, rate, 2*s.o.Step, true)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if step.Kept {
			s.out.Rate, s.out.Confirmed = rate, true
			return nil
		}
		s.out.Above = rate
		s.rest(ctx)
		rate = round(rate * (1 - max(s.o.Precision, 0.05)))
	}
	s.out.Rate = rate
	return nil
}

func (s *searcher) try(ctx context.Context, rate float64, length time.Duration, confirmation bool) (Step, error) {
	r, err := s.trial(ctx, rate, length)
	if err != nil {
		return Step{}, err
	}
	step := Step{Rate: rate, Result: r, Confirmation: confirmation, Checks: s.o.Objective.Judge(r)}
	if s.o.Limited != nil {
		step.Limited = s.o.Limited(r)
	}
	step.Kept = expect.Failed(step.Checks) == 0 && step.Limited == "" && r.Throughput() >= sustained*min(rate, r.Run.Rate) && r.Record.Shortfall == 0
	if ctx.Err() == nil {
		s.out.Steps = append(s.out.Steps, step)
		if s.o.Stepped != nil {
			s.o.Stepped(step)
		}
	}
	return step, nil
}

func (s *searcher) rest(ctx context.Context) {
	select {
	case <-time.After(s.o.Rest):
	case <-ctx.Done():
	}
}

// round keeps three digits: a rate that a person would ask for.
func round(rate float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(max(rate, 0), 'g', 3, 64), 64)
	if err != nil {
		return rate
	}
	return v
}
