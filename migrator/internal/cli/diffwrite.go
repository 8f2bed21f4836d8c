package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// unproved reports a migration that does not do what it should.
func (d *comparison) unproved(err error) error {
	var f *proof.Failure
	if !errors.As(err, &f) || !d.large && outgrown(err) {
		return err
	}
	writeFailure(d.session.stderr, f)
	hint := "nothing was written; please report it with the two schemas"
	if d.bench.Foreign {
		hint = "nothing was written; versions print the same thing otherwise: use --scratch server, or a scratch server of the database's version"
	}
	if pgdb.Code(f.Err) == "0A000" { // feature not supported
		hint = "nothing was written: PostgreSQL has no command for this step; change the schema in smaller steps, or this part by hand"
	}
	if f.Err != nil {
		return problem.Wrap(err, hint, "%v", err).Exit(problem.Failed)
	}
	if len(f.Lost) > 0 || len(f.Doubts) > 0 {
		return problem.Wrap(err, hint, "the proof failed: %v", f).Exit(problem.Failed)
	}
	return problem.Wrap(err, hint, "the proof failed: the %s migration leaves %s", f.Direction,
		report.Plural(len(f.Residue), "difference", "differences")).Exit(problem.Failed)
}

// writeFailure shows the residue as a diff, and the statements.
func writeFailure(w io.Writer, f *proof.Failure) {
	if f.Err != nil {
		fmt.Fprintf(w, "the %s migration that failed:\n", f.Direction)
	} else {
		fmt.Fprintf(w, "what the %s migration leaves:\n", f.Direction)
		for _, r := range f.Residue {
			fmt.Fprintf(w, "  %s\n", shownDifference(r))
		}
		fmt.Fprintf(w, "its statements:\n")
	}
	io.WriteString(w, shown(migfile.SQL(migfile.Header{Title: string(f.Direction)}, f.Plan)))
}

// uncovered says in what the copy differs from the database.
func uncovered(u catalog.Difference) string {
	return fmt.Sprintf("%s, %s: %s in the database, %s in the copy", u.ID, u.Field, cmp.Or(u.Old, "none"), cmp.Or(u.New, "none"))
}

// write writes the files, once everything is known to be right.
func (d *comparison) write() error {
	if !d.writes() {
		return nil
	}
	name := migfile.FileName(d.Name)
	if name == "" {
		name = d.result.Up.Name()
	}
	change := migfile.Change{
		Name: name, At: time.Now(), Up: d.result.Up, Down: d.result.Down,
		UpHead: d.header(name, proof.Up), DownHead: d.header(name, proof.Down),
	}
	if d.Output == "-" {
		_, err := io.WriteString(d.session.Out, migfile.SQL(change.UpHead, change.Up))
		return err
	}
	var err error
	if d.Output != "" {
		d.written, err = writeChange(d.Output, migfile.Format(d.Files), change)
	} else {
		files := migfile.Files(migfile.Single, change)
		files[0].Name, files[1].Name = d.Up, d.Down
		d.written, err = writeFiles(files)
	}
	if err != nil {
		return err
	}
	d.runnerNote()
	return nil
}

// header says what a file is and how it was proved.
func (d *comparison) header(name string, way proof.Direction) migfile.Header {
	from, to := d.from, d.to
	title := name
	if way == proof.Down {
		from, to = to, from
		title = "rollback of " + name
	}
	h := migfile.Header{Title: title, Lines: []string{
		fmt.Sprintf("from %s to %s, by %s", from, to, d.session.info.Short()),
	}}
	h.Lines = append(h.Lines, proofLine(d.result, way))
	h.Planned = planned(d.result.Up, d.states[0].Catalog, d.states[1].Catalog)
	if way == proof.Down {
		h.Planned = planned(d.result.Down, d.states[1].Catalog, d.states[0].Catalog)
	}
	for _, u := range d.result.Uncovered {
		h.Lines = append(h.Lines, "the proof does not cover: "+uncovered(u))
	}
	return h
}
