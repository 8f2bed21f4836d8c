package capacity

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Trial makes one run at a rate, with its own warm-up.
type Trial func(ctx context.Context, rate float64, length time.Duration) (*result.Result, error)

// Options are how the search goes. Zero values are the defaults.
type Options struct {
	Objective *expect.Objective
	From      float64       // the first rate; 0: 50
	Max       float64       // never above; 0: 100,000
	Step      time.Duration // length of a step; 0: 5 s. The confirmation takes twice as long.
	Precision float64       // how close the two ends come, as a share; 0: 0.02
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
	Busy         bool   // which was that its machine left no time to judge the rate by
	// Disturbed is how much of the step the generator itself was late in: the
	// machine had other work.
	Disturbed time.Duration
	// Quiet says that the step was judged by the rest, together with that of the
	// tries before it.
	Quiet bool
	// Repeated says that nothing was concluded from it: the rate was tried again.
	Repeated bool
}

// Outcome is what was found.
type Outcome struct {
	Objective *expect.Objective
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

// Cell is how fine a Trial should record: a disturbance takes no more with it than
// it has to.
const Cell = 250 * time.Millisecond

// sustained is the share of the rate that has to be answered: a service that
// answers less has a queue that grows.
const sustained = 0.97

// lowest rate that is tried.
const lowest = 0.5

// searcher is a search under way.
type searcher struct {
	o         Options
	trial     Trial
	out       Outcome
	tolerance tolerance
	missed    float64 // the lowest rate that the service itself has missed; 0: none
}

// Search looks for the capacity. An error is that of a trial that could not run.
func Search(ctx context.Context, trial Trial, o Options) (*Outcome, error) {
	o.defaults()
	s := &searcher{o: o, trial: trial, tolerance: toleranceOf(o.Objective), out: Outcome{Objective: o.Objective}}
	good, bad, err := s.bracket(ctx)
	for err == nil && good > 0 && bad > 0 && bad > good*(1+o.Precision) && ctx.Err() == nil {
		middle := round(math.Sqrt(good * bad))
		if middle <= good || middle >= bad {
			break
		}
		var step Step
		if step, err = s.judge(ctx, middle, o.Step, false); step.Kept {
			good = middle
			continue
		}
		bad = middle
	}
	if err == nil && good > 0 {
		err = s.confirm(ctx, good)
	}
	if s.out.Above == 0 {
		s.out.Above = s.missed
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
		o.Precision = 0.02
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
		step, err := s.judge(ctx, rate, s.o.Step, false)
		if err != nil {
			return good, bad, err
		}
		// Below a rate that could not be judged there may be ones that can.
		if !step.Kept && step.Limited != "" && (!step.Busy || good == 0) {
			return good, 0, nil
		}
		switch {
		case step.Kept && (bad > 0 || rate >= s.o.Max):
			return rate, bad, nil
		case step.Kept:
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

// tries of one rate, at most, while the machine is busy with other things.
const tries = 5

// judge tries a rate. One that was missed narrowly is tried a second time: one bad
// second should not decide. One in which the generator itself was late is judged
// by the time in which it was not, of several tries if it takes them.
func (s *searcher) judge(ctx context.Context, rate float64, length time.Duration, confirmation bool) (step Step, err error) {
	var quiet evidence
	narrow := false
	for try := 1; ; try++ {
		if step, err = s.try(ctx, rate, length, confirmation); err != nil || ctx.Err() != nil {
			return step, err
		}
		quiet.add(step.Result, s.tolerance)
		switch step.Disturbed = s.tolerance.disturbed(step.Result); {
		case step.Kept:
		case step.Disturbed == 0:
			step.Repeated = !narrow && step.Limited == "" && step.Result.Throughput() >= 0.9*rate && errorShare(step) < 0.1
			narrow = true
		case s.o.Objective.OfCells() && quiet.suffices(length):
			step.Quiet, step.Limited = true, ""
			step.Checks = s.o.Objective.Judge(quiet.result(rate))
			step.Kept = expect.Failed(step.Checks) == 0 && !quiet.grows()
		default:
			if step.Repeated = try < tries; !step.Repeated && step.Limited == "" {
				step.Limited, step.Busy = busy(step, try), true
			}
		}
		s.add(step)
		if step.Kept {
			return step, nil
		}
		s.rest(ctx, step.Result)
		if !step.Repeated || ctx.Err() != nil {
			if s.out.Limited = step.Limited; step.Limited == "" && (s.missed == 0 || rate < s.missed) {
				s.missed = rate
			}
			return step, nil
		}
	}
}

// busy is why nothing can be said of a rate that several tries could not judge.
func busy(step Step, tries int) string {
	return fmt.Sprintf("other work on this machine disturbed each of %d tries of %s/s, the last one for %s of %s",
		tries, report.Significant(step.Rate), report.Duration(step.Disturbed), report.Duration(step.Result.Run.Sending))
}

// add notes a step and shows it.
func (s *searcher) add(step Step) {
	step.Result.Record.Series.Widen(time.Second)
	s.out.Steps = append(s.out.Steps, step)
	if s.o.Stepped != nil {
		s.o.Stepped(step)
	}
}

// confirm repeats the found rate for longer, and goes down when it is not kept.
func (s *searcher) confirm(ctx context.Context, rate float64) error {
	length := 2 * s.o.Step
	if s.limiter() {
		length = 6 * s.o.Step // a limiter may have saved up for a burst
	}
	for range 8 {
		step, err := s.judge(ctx, rate, length, true)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if step.Kept {
			s.out.Rate, s.out.Confirmed = rate, true
			return nil
		}
		if step.Limited == "" {
			s.out.Above = rate
		}
		// Of a limiter what it let through is a better guess than a fixed step.
		rate = round(rate * min(1-s.o.Precision, max(0.99*(1-errorShare(step)), 0.85)))
	}
	s.out.Rate = rate
	return nil
}

// limiter says that what ended the climb was a rate limiter.
func (s *searcher) limiter() bool {
	for _, step := range s.out.Steps {
		if !step.Kept && step.Result.Record.Statuses[http.StatusTooManyRequests] > 0 {
			return true
		}
	}
	return false
}

func (s *searcher) try(ctx context.Context, rate float64, length time.Duration, confirmation bool) (Step, error) {
	r, err := s.trial(ctx, rate, length)
	if err != nil {
		return Step{}, err
	}
	step := Step{Rate: rate, Result: r, Confirmation: confirmation, Checks: s.o.Objective.Judge(r)}
	step.Kept = expect.Failed(step.Checks) == 0 && r.Record.Shortfall == 0 &&
		(r.Throughput() >= sustained*min(rate, r.Run.Rate) || !growing(r)) // the last answer may be late by chance
	// Latency counts from the moment a request was due: what was kept in spite of a
	// generator that was late was kept.
	if s.o.Limited != nil && !step.Kept {
		step.Limited = s.o.Limited(r)
	}
	return step, nil
}

// rest waits after an overload: a fifth of a step, and for what a service still
// works on although nobody waits for it any more.
func (s *searcher) rest(ctx context.Context, r *result.Result) {
	length := s.o.Rest
	if n := r.Record.Errors[record.NoAnswerTimeout]; n > 0 && r.Throughput() > 0 {
		length += min(time.Duration(float64(n)/r.Throughput()*float64(time.Second)), 2*s.o.Step)
	}
	select {
	case <-time.After(length):
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
