package cli

import (
	"context"
	"errors"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/rows"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
)

// liveFlags say who looks at a run while it goes on.
type liveFlags struct {
	AbortOn       string `help:"End the run when this holds for so long: 'errors>50%/5s,p99>2s/10s'. Exit 1." placeholder:"LIST" group:"Expectations:"`
	Results       string `help:"Write one row for each request to this file, .ndjson or .csv." placeholder:"FILE" group:"Report:"`
	MetricsListen string `help:"Serve Prometheus metrics here while the test runs, at /metrics." placeholder:"HOST:PORT" group:"Report:"`
}

// watchers are who looks at a run while it goes on.
type watchers struct {
	shown   *progress
	metrics *metricsServer
	rows    *rows.Writer
	file    *pending.File // of rows
	abort   *expect.Abort
	reason  string // why it was ended
	stop    context.CancelFunc
}

// watch lets progress, metrics, rows and conditions look at the run that o is
// for. The run has to go by the context that comes back.
func (f *liveFlags) watch(s *session, set *target.Set, o *engine.Options) (*watchers, context.Context, error) {
	ctx, stop := context.WithCancel(s.ctx)
	w := &watchers{stop: stop}
	if err := f.attach(w, names(set)); err != nil {
		w.discard()
		return nil, nil, err
	}
	w.shown = newProgress(s)
	if w.rows != nil || w.metrics != nil {
		o.Each = w.each
	}
	if w.shown != nil || w.metrics != nil || w.abort != nil {
		o.Progress = w.look
	}
	return w, ctx, nil
}

// attach makes what the flags ask for.
func (f *liveFlags) attach(w *watchers, names []string) (err error) {
	if f.AbortOn != "" {
		if w.abort, err = expect.ParseAbort(f.AbortOn); err != nil {
			return err
		}
	}
	if f.Results != "" {
		form, err := rows.FormOf(f.Results)
		if err != nil {
			return err
		}
		if w.file, err = pending.Open(f.Results); err != nil {
			return err
		}
		w.rows = rows.New(w.file, form, names)
	}
	w.metrics, err = listenMetrics(f.MetricsListen, names)
	return err
}

// names are the targets'.
func names(set *target.Set) []string {
	var list []string
	for _, t := range set.Targets {
		list = append(list, t.Name)
	}
	return list
}

// each sees how a request ended, on the engine's goroutines.
func (w *watchers) each(begin time.Time, o record.Outcome) {
	if w.rows != nil {
		w.rows.Add(begin, o)
	}
	if w.metrics != nil {
		w.metrics.requests.Add(o)
	}
}

// look takes a look at the run, about four times a second.
func (w *watchers) look(look engine.Progress) {
	if w.metrics != nil {
		w.metrics.show(look)
	}
	if w.shown != nil {
		w.shown.show(look)
	}
	if w.abort != nil && w.reason == "" {
		if w.reason = w.abort.Look(&look.Interval, look.IntervalLength); w.reason != "" {
			w.stop()
		}
	}
}

// end takes them away, and puts the rows in their place.
func (w *watchers) end() error {
	w.stop()
	w.shown.done()
	w.metrics.close()
	if w.rows == nil {
		return nil
	}
	err := w.rows.Close()
	if err == nil {
		err = w.file.Commit(nil)
	}
	if p := (*problem.Problem)(nil); err != nil && !errors.As(err, &p) {
		err = problem.Wrap(err, "is the disk full?", "cannot write the rows of --results: %v", err)
	}
	w.file.Discard()
	w.rows = nil
	return err
}

// discard takes them away when there was no run.
func (w *watchers) discard() {
	w.stop()
	w.shown.done()
	w.metrics.close()
	if w.rows != nil {
		_ = w.rows.Close() // nobody will read it
		w.file.Discard()
	}
}
