package runner

import (
	"context"
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/shared/problem"
)

// Verify builds in scratch what the applied files make, and compares the database
// with that. The differences lead from the files to the database. A file that was
// cut off is run as far as the history says.
func Verify(ctx context.Context, bench *proof.Bench, live *catalog.Catalog, s *Status, ignore catalog.Ignore) (differences []catalog.Difference, files int, err error) {
	build, err := bench.Build(ctx, nil)
	if err != nil {
		return nil, 0, err
	}
	defer build.Close()
	for _, r := range s.Rows {
		switch {
		case r.State == history.Absent:
			continue
		case r.Missing():
			return nil, 0, problem.New("restore it: without it nobody knows what the schema should be", "%s was applied, and its file is not in %s", r.Name, s.Dir.Path)
		case r.Migration.Wrong != nil:
			return nil, 0, r.Migration.Wrong
		case r.State == history.HalfReverted:
			return nil, 0, problem.New("go on with migrator rollback first", "the rollback of %s was cut off", r.Name)
		}
		f := r.Migration.Up
		if r.State == history.HalfApplied {
			f = f.First(r.Entry.Done)
		}
		if err := build.Run(ctx, f, apply.Place{}); err != nil {
			return nil, 0, fmt.Errorf("%w; it was run from an empty database, as all applied files are for this", err)
		}
		files++
	}
	made, err := build.Catalog(ctx)
	if err != nil {
		return nil, 0, err
	}
	proof.WithoutRunners(live)
	return catalog.Compare(made, live, ignore), files, nil
}
