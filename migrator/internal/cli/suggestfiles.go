package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// write makes the migration of the suggested indexes in the way that diff makes
// its own: from the present schema to one with the indexes, and back, both run in
// a scratch database.
func (a *advice) write() error {
	ctx := a.session.ctx
	said := a.session.working("making and proving the migration")
	defer said.end()
	home, err := proof.Ask(ctx, a.db)
	if err != nil {
		return err
	}
	if a.now, err = catalog.Read(ctx, a.db.DB, catalog.Options{Sizes: true}); err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	bench, err := proof.NewBench(ctx, home, scratch.Options{Mode: a.Scratch, Log: said})
	if err != nil {
		return err
	}
	defer bench.Close()
	present := &proof.State{Catalog: a.now}
	var statements []string
	for _, g := range a.result.Suggestions {
		statements = append(statements, g.Index.Definition(g.Name, false))
	}
	wanted, err := a.prove(ctx, bench, present, statements, "")
	if err != nil || !a.DropUnneeded {
		return err
	}
	for _, u := range a.unneeded() {
		statements = append(statements, u.Plain())
	}
	if len(a.unneeded()) > 0 {
		_, err = a.prove(ctx, bench, wanted, statements, "drop_unneeded_indexes")
	}
	return err
}

// prove makes the migration from a state to the present one after all these
// statements, runs it and its rollback, and writes both.
func (a *advice) prove(ctx context.Context, bench *proof.Bench, from *proof.State, statements []string, name string) (*proof.State, error) {
	wanted, err := bench.After(ctx, a.now, statements)
	if err != nil {
		return nil, err
	}
	result, err := proof.Plan(from.Catalog, wanted.Catalog, a.planOptions())
	if err != nil || result.Up.Empty() {
		return wanted, err
	}
	if !a.NoProof {
		if err := bench.Prove(ctx, result, &proof.State{Catalog: from.Catalog}, &proof.State{Catalog: wanted.Catalog, DB: wanted.DB}, a.planOptions()); err != nil {
			return nil, err
		}
	}
	if a.proved == nil {
		a.proved = result
	}
	change := a.change(result, name)
	if a.Output == "-" {
		_, err := io.WriteString(a.session.Out, migfile.SQL(change.UpHead, change.Up))
		return wanted, err
	}
	written, err := writeChange(a.Output, migfile.Format(a.Files), change)
	a.written = append(a.written, written...)
	return wanted, err
}

func (a *advice) change(result *proof.Result, name string) migfile.Change {
	lines := []string{fmt.Sprintf("suggested for %s, by %s", a.db.Target, a.session.info.Short())}
	reasons, at := a.reasons(), time.Now()
	if name != "" {
		reasons, at = nil, at.Add(time.Second) // it comes after the indexes that replace what it drops
		for _, u := range a.unneeded() {
			reasons = append(reasons, u.Index.Name+": "+u.Reason)
		}
	} else if name = migfile.FileName(a.Name); name == "" {
		name = result.Up.Name()
	}
	return migfile.Change{
		Name: name, At: at, Up: result.Up, Down: result.Down,
		UpHead:   migfile.Header{Title: name, Lines: slices.Concat(lines, []string{proofLine(result, proof.Up)}, reasons)},
		DownHead: migfile.Header{Title: "rollback of " + name, Lines: append(lines, proofLine(result, proof.Down))},
	}
}
