package cli

import (
	"fmt"
	"io"
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
	now, err := catalog.Read(ctx, a.db.DB, catalog.Options{Sizes: true})
	if err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	bench, err := proof.NewBench(ctx, home, scratch.Options{Mode: a.Scratch, Log: said})
	if err != nil {
		return err
	}
	defer bench.Close()
	var statements []string
	for _, g := range a.result.Suggestions {
		statements = append(statements, g.Index.Definition(g.Name, false))
	}
	wanted, err := bench.After(ctx, now, statements)
	if err != nil {
		return err
	}
	present := &proof.State{Catalog: now}
	if a.proved, err = proof.Plan(now, wanted.Catalog, a.planOptions()); err != nil {
		return err
	}
	if !a.NoProof {
		if err := bench.Prove(ctx, a.proved, present, wanted, a.planOptions()); err != nil {
			return err
		}
	}
	change := a.change()
	if a.Output == "-" {
		_, err := io.WriteString(a.session.Out, migfile.SQL(change.UpHead, change.Up))
		return err
	}
	a.written, err = writeChange(a.Output, migfile.Format(a.Files), change)
	return err
}

func (a *advice) change() migfile.Change {
	name := migfile.FileName(a.Name)
	if name == "" {
		name = a.proved.Up.Name()
	}
	from := fmt.Sprintf("suggested for %s, by %s", a.db.Target, a.session.info.Short())
	return migfile.Change{
		Name: name, At: time.Now(), Up: a.proved.Up, Down: a.proved.Down,
		UpHead:   migfile.Header{Title: name, Lines: append([]string{from, proofLine(a.proved, proof.Up)}, a.reasons()...)},
		DownHead: migfile.Header{Title: "rollback of " + name, Lines: []string{from, proofLine(a.proved, proof.Down)}},
	}
}
