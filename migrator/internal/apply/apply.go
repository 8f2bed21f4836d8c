package apply

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// run is one application of a file.
type run struct {
	*Session
	job     Job
	file    *migfile.File
	id      int64        // of its row in the history; 0 before it has one
	done    int          // statements that are applied
	resumed bool         // an earlier run was cut off, perhaps before its first statement was recorded
	running int          // the statement that the earlier run was cut off in; 0 is not known
	stale   bool         // the session is as the file before has left it
	skipped map[int]bool // places in the text of statements that are passed over
	started time.Time
	out     *Outcome
}

// judge compares the file with the history.
func (r *run) judge(ctx context.Context) (goOn bool, err error) {
	about := r.file.Name
	if r.file.Undoes != "" {
		about = r.file.Undoes // what counts is whether the migration is there
	}
	state, last := history.About(r.entries, about)
	back := r.file.Undoes != ""
	switch {
	case state == history.HalfApplied && back && r.job.Partly:
		return true, nil
	case state == history.HalfApplied && back:
		return false, &HalfDone{Entry: last}
	case state == history.HalfReverted && !back:
		return false, problem.New("go on with the rollback first, or say what is there with migrator resolve",
			"the rollback of %s was cut off after %d of %d statements", about, last.Done, last.Statements)
	case state == history.HalfApplied, state == history.HalfReverted:
		return r.goesOn(last)
	case last == nil || back != (state == history.Absent):
		return true, nil
	case last.Origin != history.Ran && back:
		return r.already(last)
	}
	return r.again(ctx, last)
}

// HalfDone is a rollback of a migration of which only a part was applied: what
// the file takes back is not there as a whole.
type HalfDone struct{ Entry *history.Entry }

// Error says how much is there.
func (e *HalfDone) Error() string {
	return fmt.Sprintf("only %d of %d statements of %s were applied", e.Entry.Done, e.Entry.Statements, e.Entry.Name)
}

func (r *run) already(last *history.Entry) (bool, error) {
	r.out.Entry, r.out.Already = last, true
	return false, nil
}

// again is a file that the history knows as done.
func (r *run) again(ctx context.Context, last *history.Entry) (goOn bool, err error) {
	switch {
	case last.SHA256 == r.file.SHA256 || last.Origin == history.Baseline:
		return r.already(last)
	case r.job.Again:
		return true, nil
	case !r.options.Accept:
		return false, &Changed{File: r.file, Entry: last}
	}
	r.out.Accepted = true
	if err := r.Accept(ctx, r.file, last); err != nil {
		return false, err
	}
	return r.already(last)
}

// Accept writes the present text of an applied file into the history.
func (s *Session) Accept(ctx context.Context, f *migfile.File, last *history.Entry) error {
	if err := s.History.Ensure(ctx); err != nil {
		return err
	}
	if err := s.History.Accept(ctx, last.ID, f, s.Kept(f)); err != nil {
		return err
	}
	last.SHA256 = f.SHA256
	return nil
}

// Changed is a file that was changed after it was applied.
type Changed struct {
	File  *migfile.File
	Entry *history.Entry
}

// Error says which and since when.
func (c *Changed) Error() string {
	return fmt.Sprintf("%s was changed after it was applied on %s", c.Entry.Name, c.Entry.Started.UTC().Format("2006-01-02 15:04 MST"))
}

// goesOn is a file whose run was cut off.
func (r *run) goesOn(last *history.Entry) (goOn bool, err error) {
	if r.file.Prefix(last.Done) != last.DoneSHA256 || r.file.Statements() < last.Done {
		return false, problem.New(fmt.Sprintf("restore its first %d statements; what follows them may be changed", last.Done),
			"%s was cut off after %d statements, and these were changed since", last.Name, last.Done)
	}
	r.id, r.done, r.out.Resumed, r.resumed, r.running = last.ID, last.Done, last.Done, true, last.Running
	r.skip(last.Skipped)
	r.options.Say("%s: going on after statement %d, where an earlier run was cut off", last.Name, last.Done)
	return true, nil
}

// skip passes over statements, counted from 1.
func (r *run) skip(numbers []int) {
	r.job.Skipped, r.skipped = numbers, map[int]bool{}
	n := 0
	for _, s := range r.file.Segments {
		for _, st := range s.Statements {
			if n++; slices.Contains(numbers, n) {
				r.skipped[st.Offset] = true
			}
		}
	}
}

// segments runs what is left of the file. Settings of the session are run again.
func (r *run) segments(ctx context.Context) error {
	if len(r.file.Segments) == 0 { // a version that does nothing is applied all the same
		return r.mark(ctx, 0, true)
	}
	left := slices.Clone(r.file.Segments)
	for at := 0; len(left) > 0; {
		s := left[0]
		if r.stale && !r.resetsWithin(s) {
			if err := r.fresh(ctx); err != nil {
				return err
			}
		}
		left = left[1:]
		from := at
		at += len(s.Statements)
		last := len(left) == 0
		if s.Transactional && from < r.done && r.done < at {
			left = append(r.partedBefore(s, r.done-from), left...)
			at = from
			continue
		}
		if at <= r.done && !last {
			if err := r.settings(ctx, s); err != nil {
				return err
			}
			continue
		}
		if !s.Transactional {
			if err := r.oneByOne(ctx, s, from, last); err != nil {
				return err
			}
			continue
		}
		err := r.together(ctx, s, at, last)
		if n := endsTransaction(s, err); n >= 0 {
			r.options.Say("statement %d ends transactions by itself: it is run outside of one", from+n+1)
			left = append(parted(s, n), left...)
			at = from
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fresh takes back what the file before has set in the session.
func (r *run) fresh(ctx context.Context) error {
	_, err := r.conn.ExecContext(ctx, r.reset())
	if r.stale = err != nil; !r.stale && r.answers != nil {
		r.answers.Unchanged()
	}
	return err
}

// resetsWithin says whether what the file before has set can be taken back in the
// transaction of a segment: that saves an answer, and counts as a query before which
// some settings of a transaction must stand. How strings are read counts for a message
// as a whole: that must be taken back before, where it may have been changed.
func (r *run) resetsWithin(s migfile.Segment) bool {
	return s.Transactional && s.Begin == "" && r.done == 0 && !migfile.ChangesTransaction(r.file) && r.answers != nil && !r.answers.Lexing()
}

// endsTransaction is which statement of a segment failed because it commits by
// itself, as procedures may; -1 is none. What stands between BEGIN and COMMIT in
// the file stays there.
func endsTransaction(s migfile.Segment, err error) int {
	var failed *StatementError
	if s.Begin != "" || !errors.As(err, &failed) || pgdb.Code(err) != pgdb.InvalidTermination {
		return -1
	}
	return slices.IndexFunc(s.Statements, func(st sqltext.Statement) bool { return st.Offset == failed.Offset })
}

// partedBefore parts a segment of which an earlier run did the first n statements:
// the next one ended transactions by itself, or what follows had one of its own.
func (r *run) partedBefore(s migfile.Segment, n int) []migfile.Segment {
	if r.running == r.done+1 {
		return parted(s, n)
	}
	return []migfile.Segment{{Transactional: true, Statements: s.Statements[:n]}, {Transactional: true, Statements: s.Statements[n:]}}
}

// parted takes a statement of a segment out of its transaction.
func parted(s migfile.Segment, n int) []migfile.Segment {
	all := []migfile.Segment{
		{Transactional: true, Statements: s.Statements[:n]},
		{Statements: s.Statements[n : n+1]},
		{Transactional: true, Statements: s.Statements[n+1:]},
	}
	return slices.DeleteFunc(all, func(s migfile.Segment) bool { return len(s.Statements) == 0 })
}

// inForce adds to a failure what of the file is applied.
func (r *run) inForce(ctx context.Context, err error) error {
	said := "nothing was applied"
	if r.done > 0 {
		said = fmt.Sprintf("the first %d of %d statements are applied; apply the file again to go on from there", r.done, r.file.Statements())
	}
	var p *problem.Problem
	switch {
	case errors.Is(err, errInDoubt):
		return err
	case ctx.Err() != nil:
		return problem.New(said, "interrupted").Exit(problem.Interrupted)
	case !errors.As(err, &p):
		return err
	}
	if p.Hint == "" {
		p.Hint = said
	} else {
		p.Message += "; " + said
	}
	return err
}

func (r *run) settings(ctx context.Context, s migfile.Segment) error {
	for _, st := range s.Statements {
		if migfile.SessionSetting(st.SQL) {
			if _, err := r.conn.ExecContext(ctx, st.SQL); err != nil {
				return Failed(r.file, st, err)
			}
		}
	}
	return nil
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}

// patiently tries again when a lock could not be had in time, and for nothing
// else.
func (r *run) patiently(ctx context.Context, try func() error) error {
	for n := 1; ; n++ {
		err := try()
		code := pgdb.Code(err)
		if err == nil || code != pgdb.LockNotAvailable && code != pgdb.DeadlockDetected {
			return err
		}
		why := err.Error()
		if who := r.eyes.blocker(); who != "" {
			why += "; it is held by " + who
		}
		if n >= r.options.Tries {
			return problem.Wrap(err, "try when the table is less busy, or look for long transactions in pg_stat_activity",
				"a lock could not be had in %s: %s", tries(n), why)
		}
		pause := time.Duration(float64(min(30*time.Second, 250*time.Millisecond<<min(n, 10))) * (0.5 + rand.Float64()))
		r.out.Tries++
		r.options.Say("a lock was not to be had (%s); try %d of %d in %s", why, n+1, r.options.Tries, pause.Round(100*time.Millisecond))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
