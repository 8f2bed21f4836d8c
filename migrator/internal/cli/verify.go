package cli

import (
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/runner"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type verifyCmd struct {
	directory
	where
	NoOwners     bool   `help:"Leave owners out of the comparison."`
	NoPrivileges bool   `help:"Leave privileges (GRANT) out of the comparison."`
	Scratch      string `default:"auto" placeholder:"WHERE" help:"Where the files are run: auto, local, server, embedded, or a connection string (default: auto)."`
	form
}

// Help is shown after the flags.
func (verifyCmd) Help() string {
	return `The files that the history says are applied are run in a scratch database, and
the database's schema is compared with what comes out. Exit code 1 says that they
differ.

Examples:
  migrator verify migrations --connection $DATABASE_URL`
}

// Run compares the database with its migrations.
func (c *verifyCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *verifyCmd) run(s *session) error {
	dir, err := c.read(s)
	if err != nil {
		return err
	}
	return c.connected(s, func(db *pgdb.DB) error { return c.compare(s, db, dir) })
}

func (c *verifyCmd) compare(s *session, db *pgdb.DB, dir *migdir.Dir) error {
	status, err := runner.Ask(s.ctx, db, dir, c.History)
	if err != nil {
		return db.Explain(err)
	}
	if status.Unadopted() {
		return problem.New("migrator adopt "+dir.Path+" takes its history over", "%s has applied migrations to this database, and migrator knows of none", status.Foreign.Runner)
	}
	live, err := catalog.Read(s.ctx, db.DB, catalog.Options{})
	if err != nil {
		return db.Explain(fmt.Errorf("reading the schema of %s: %w", db.Target, err))
	}
	home, err := proof.Ask(s.ctx, db)
	if err != nil {
		return db.Explain(err)
	}
	said := s.working("running the applied files in a scratch database")
	defer said.end()
	bench, err := proof.NewBench(s.ctx, home, scratch.Options{Mode: c.Scratch, Log: said})
	if err != nil {
		return err
	}
	defer bench.Close()
	differences, files, err := runner.Verify(s.ctx, bench, live, status, catalog.Ignore{Owners: c.NoOwners || !bench.Server.Gives(), Grants: c.NoPrivileges})
	said.end()
	if err != nil {
		return err
	}
	made := report.Plural(files, "applied migration makes", "applied migrations make")
	r := &report.Report{Schema: "migrator.verify", Version: 1, Title: "Verification", Head: head(db, dir), Data: verifiedDataOf(differences, files)}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "EQUAL", Text: "the schema is what " + made}
	if n := len(differences); n > 0 {
		r.Verdict = report.Verdict{Status: report.Fail, Word: "DIFFERENT", Text: fmt.Sprintf("%s between what %s and the database", report.Plural(n, "difference", "differences"), made)}
		for _, d := range differences {
			r.Findings = append(r.Findings, report.Finding{Rule: "difference", Severity: report.Error, Title: escaped(shownDifference(d).String())})
		}
	}
	if err := s.write(r, c.Format); err != nil {
		return err
	}
	if n := len(differences); n > 0 {
		return problem.New("migrator diff writes a migration for it", "the database is not what its migrations make: %s", report.Plural(n, "difference", "differences")).Exit(problem.Failed)
	}
	return nil
}

// verifiedSchema is the comparison for programs.
type verifiedSchema struct {
	Equal       bool              `json:"equal"`
	Files       int               `json:"files"`
	Differences []differenceFound `json:"differences"`
}

type differenceFound struct {
	Kind    string `json:"kind"`
	Object  string `json:"object"`
	Field   string `json:"field"`
	Made    string `json:"made_by_files"`
	Present string `json:"in_database"`
}

func verifiedDataOf(differences []catalog.Difference, files int) verifiedSchema {
	v := verifiedSchema{Equal: len(differences) == 0, Files: files, Differences: []differenceFound{}}
	for _, d := range differences {
		d = shownDifference(d)
		v.Differences = append(v.Differences, differenceFound{string(d.ID.Kind), d.ID.Path(), d.Field.String(), d.Old, d.New})
	}
	return v
}
