package schemagen_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	proving "github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/schemagen"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

var (
	pairs = flag.Int("pairs", 10, "how many pairs of random schemas to try")
	first = flag.Uint64("seed", 1, "the first seed")
	size  = flag.Int("size", 4, "about how many tables a schema has")
	proof = flag.Uint64("proof", 3, "prove one in so many pairs too, on rows")
)

// TestRandom holds for random A and B, of which every second B is a change of
// A: the plan from A to B gives B, and the plan back gives A, by the catalog
// and by pg_dump. And a schema diffed with itself is nothing. Some pairs go
// through the proof too, which puts rows into the tables and sees what becomes
// of them; it may not need a repair.
func TestRandom(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	var mu sync.Mutex
	var outcomes []*judge.Outcome
	t.Cleanup(func() {
		for _, f := range judge.Figures(outcomes) {
			t.Logf("figure | random pairs: %s | %s", f.What, f.Value)
		}
	})
	for i := range *pairs {
		seed := *first + uint64(i)
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			a := schemagen.Random(seed, *size)
			b := a.Mutate(seed)
			if seed%4 == 0 {
				b = schemagen.Random(seed+1<<32, *size)
			}
			if seed%16 == 1 {
				b = a
			}
			out, err := server.Try(context.WithoutCancel(t.Context()), judge.Pair{Old: a.SQL(), New: b.SQL()})
			if err != nil {
				t.Fatalf("%v\n%s", err, a.SQL()+"\n-----\n"+b.SQL())
			}
			mu.Lock()
			outcomes = append(outcomes, out)
			mu.Unlock()
			if !out.Good() {
				t.Errorf("SUMMARY same=%v up %s; down %s", out.Same, line(out.Up), line(out.Down))
				t.Logf("-- old\n%s\n-- new\n%s\n-- up\n%s\n-- down\n%s\n%s\n%s", a.SQL(), b.SQL(), out.Up.SQL, out.Down.SQL, strings.Join(out.Up.Reason, "\n"), strings.Join(out.Down.Reason, "\n"))
			} else if seed%*proof == 0 {
				if err := prove(t.Context(), a.SQL(), b.SQL()); err != nil {
					t.Errorf("SUMMARY proof: %v", err)
					t.Logf("-- old\n%s\n-- new\n%s\n-- up\n%s\n-- down\n%s", a.SQL(), b.SQL(), out.Up.SQL, out.Down.SQL)
				}
			}
		})
	}
}

// prove plans a pair as the command line does, and runs both ways on rows.
func prove(ctx context.Context, a, b string) error {
	bench, err := proving.NewBench(ctx, nil, scratch.Options{Mode: scratch.Local, Log: io.Discard})
	if err != nil {
		return err
	}
	defer bench.Close()
	var states [2]*proving.State
	for i, sql := range []string{a, b} {
		if states[i], err = bench.Load(ctx, []schemafile.File{{Name: []string{"old.sql", "new.sql"}[i], Text: sql}}); err != nil {
			return err
		}
	}
	result, err := proving.Plan(states[0].Catalog, states[1].Catalog, plan.Options{})
	if err != nil {
		return err
	}
	if err := bench.Prove(ctx, result, states[0], states[1], plan.Options{}); err != nil {
		var f *proving.Failure
		if errors.As(err, &f) {
			return fmt.Errorf("%w %v %v", err, f.Residue, f.Lost)
		}
		return err
	}
	if result.Repaired > 0 {
		return fmt.Errorf("the proof had to repair %d statements", result.Repaired)
	}
	return nil
}

func line(w judge.Way) string {
	reason := strings.Join(w.Reason, " | ")
	reason = strings.Join(strings.Fields(reason), " ")
	if len(reason) > 300 {
		reason = reason[:300] + "…"
	}
	return string(w.Verdict) + " " + reason
}
