package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/nplusone"
	"github.com/seniorbackend/tools/migrator/internal/observe"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// asked is what the database was asked: since its statistics began, or window by
// window.
type asked struct {
	whole   *workload.Workload   // what the report is about
	windows []*workload.Workload // one, or those of --watch
	latest  *workload.Workload   // the counts as they stand in the server, for --since
	missing string               // why there is none; "" where there is
	resets  int                  // of the statistics, while we watched
}

// readWork reads pg_stat_statements, before anything else is asked. Without it the
// analysis goes on, and says what it would have told.
func (a *analysis) readWork(db *pgdb.DB) error {
	first, err := workload.FromStatistics(a.session.ctx, db)
	switch {
	case errors.Is(err, workload.ErrNotInstalled) || errors.Is(err, workload.ErrNotLoaded) || pgdb.Code(err) == pgdb.InsufficientRights:
		a.work.missing = err.Error()
		return nil
	case err != nil:
		return err
	}
	pgsql.Warm() // beside the queries that come now
	a.work.latest = first
	if a.Watch <= 0 {
		a.work.whole, a.work.windows = first, []*workload.Workload{first}
		return nil
	}
	return a.watch(db, first)
}

// shortestWindow is how often statistics are read at most, and dearest which part
// of the time the reading may take: 5,000 statements take some milliseconds.
const (
	shortestWindow = 100 * time.Millisecond
	dearest        = 0.25
	mostWindows    = 600
)

// watch reads again and again, and keeps what came in between.
func (a *analysis) watch(db *pgdb.DB, first *workload.Workload) error {
	ctx, total := a.session.ctx, time.Duration(a.Watch)
	every := max(shortestWindow, total/mostWindows)
	said := a.session.working(fmt.Sprintf("watching %s for %s", a.target, report.Duration(total)))
	defer said.end()
	tick := time.NewTicker(every)
	defer tick.Stop()
	end := time.After(total)
	last := first
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end:
			ended = true
		case <-tick.C:
		}
		began := time.Now()
		now, err := workload.FromStatistics(ctx, db)
		if err != nil {
			return fmt.Errorf("reading pg_stat_statements: %w", err)
		}
		if needed := time.Duration(float64(time.Since(began)) / dearest); needed > every {
			every = needed
			tick.Reset(every)
		}
		between, err := now.After(last)
		if err != nil {
			return err
		}
		if between.Reset {
			a.work.resets++
		}
		a.work.windows = append(a.work.windows, between)
		last = now
	}
	a.work.latest = last
	whole, err := last.After(first)
	if err != nil {
		return err
	}
	if a.work.resets > 0 { // the sum of the windows has what the statistics lost
		whole = workload.Sum(a.work.windows)
	}
	a.work.whole = whole
	return nil
}

// loops looks for N+1 queries.
func (a *analysis) loops(ctx context.Context, db *pgdb.DB) error {
	schema, err := observe.Keys(ctx, db)
	if err != nil {
		return err
	}
	if a.Log != "" {
		a.risks = a.log.Risks(schema)
	} else {
		a.risks = nplusone.FromWindows(schema, a.work.windows)
	}
	return nil
}
