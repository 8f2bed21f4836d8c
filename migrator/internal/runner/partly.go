package runner

import (
	"context"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// Passed finds which statements of a way back must be passed over, because what
// they take back was never applied: of up, only the first done statements were.
// live is the database as it is.
//
// Two copies of its schema tell. In one, the rest of up is run and then all of the
// way back: that is the schema before the migration. In the other, the way back is
// tried statement by statement, and what fails for want of its object is passed
// over. Both must come out the same; otherwise nobody can say what is right.
func Passed(ctx context.Context, bench *proof.Bench, live *catalog.Catalog, up, back *migfile.File, done int) ([]int, error) {
	if w := changesRows(up, done); w != "" && changesRows(back, 0) != "" {
		return nil, problem.New("take it back by hand, then say so with migrator resolve --as rolled-back",
			"only %d of %d statements of %s were applied; its way back changes rows, and so does a statement that was not applied (%s): what of it is right cannot be told", done, up.Statements(), up.Name, w)
	}
	before, err := schemaBefore(ctx, bench, live, up, back, done)
	if err != nil {
		return nil, err
	}
	passed, after, err := tryBack(ctx, bench, live, back)
	if err != nil {
		return nil, err
	}
	if left := catalog.Compare(before, after, catalog.Ignore{}); len(left) > 0 {
		return nil, problem.New("take it back by hand, then say so with migrator resolve --as rolled-back",
			"only %d of %d statements of %s were applied, and %s does not take back just these: tried in scratch, it leaves %s", done, up.Statements(), up.Name, back.Path, left[0])
	}
	return passed, nil
}

// changesRows is the first word of a statement behind the first done ones that
// changes rows, or "".
func changesRows(f *migfile.File, done int) string {
	n := 0
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			n++
			w := sqltext.Words(st.SQL, 1)
			if n > done && len(w) == 1 && slices.Contains([]string{"insert", "update", "delete", "merge", "with", "do", "call", "select", "truncate"}, w[0]) {
				return w[0]
			}
		}
	}
	return ""
}

func schemaBefore(ctx context.Context, bench *proof.Bench, live *catalog.Catalog, up, back *migfile.File, done int) (*catalog.Catalog, error) {
	build, err := bench.Build(ctx, live)
	if err != nil {
		return nil, err
	}
	defer build.Close()
	for _, f := range []*migfile.File{up.From(done), back} {
		if err := build.Run(ctx, f, apply.Place{}); err != nil {
			return nil, err
		}
	}
	return build.Catalog(ctx)
}

func tryBack(ctx context.Context, bench *proof.Bench, live *catalog.Catalog, back *migfile.File) (passed []int, after *catalog.Catalog, err error) {
	build, err := bench.Build(ctx, live)
	if err != nil {
		return nil, nil, err
	}
	defer build.Close()
	run, n := build.Runner(), 0
	for _, s := range back.Segments {
		for _, st := range s.Statements {
			n++
			err := build.Exec(ctx, run, st.SQL)
			switch {
			case err == nil:
			case notThere(err):
				passed = append(passed, n)
			default:
				return nil, nil, apply.Failed(back, st, err)
			}
		}
	}
	after, err = build.Catalog(ctx)
	return passed, after, err
}

// notThere says that a statement failed because its object does not exist, or is
// there still.
func notThere(err error) bool {
	return slices.Contains([]string{
		"42P01", "42703", "42704", "42883", "3F000", // undefined table, column, object, function, schema
		"42P07", "42701", "42710", "42723", "42P06", // duplicates of them
	}, pgdb.Code(err))
}
