package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/shared/problem"
)

type lintCmd struct {
	Paths         []string `arg:"" name:"file" help:"Migration files, folders of them, or - for standard input. Files of a folder run in the order of their names, numbers by their value."`
	Connection    string   `env:"MIGRATOR_LINT_CONNECTION" placeholder:"DSN" help:"A database whose table sizes decide how bad a finding is."`
	Only          []string `placeholder:"RULE" help:"Judge by these rules only (docs/migrator/lint-rules.md lists them)."`
	Skip          []string `placeholder:"RULE" help:"Leave these rules out."`
	All           bool     `help:"Judge by the rules of taste as well."`
	Severity      []string `placeholder:"RULE=WORD" help:"Another severity of a rule: error, warning or notice; again for more."`
	InTransaction bool     `help:"The runner opens a transaction around each file. Files with the marks of goose, dbmate or sql-migrate say it themselves."`
	Fix           bool     `help:"Write the safe way into the files where that is mechanical, and report the rest."`
	FailOn        string   `enum:"error,warning,notice,never" default:"warning" help:"Exit with 1 where a finding is this bad or worse (${enum}; default: ${default})."`
	Output        string   `short:"o" placeholder:"FILE" help:"Write the report to this file instead of standard output."`
	Format        string   `default:"text" enum:"text,json,sarif,markdown,html,junit,github" help:"Form of the report (${enum})."`
}

// Help is shown after the flags.
func (lintCmd) Help() string {
	return `It reads the files with PostgreSQL's own parser and needs no database. A comment
before a statement takes a finding out: -- migrator:ignore RULE the reason

Examples:
  migrator lint migrations/
  migrator lint migrations/0042_orders.sql --fix
  migrator lint migrations/ --connection $DATABASE_URL --format github
  git show HEAD:migrations/0042_orders.sql | migrator lint -`
}

// linted is a lint while it runs.
type linted struct {
	*lintCmd
	session    *session
	judge      *lint.Judge
	findings   []placed
	locks      []lintLock
	files      []string
	notes      []string
	statements int
	bodies     int
	ignored    int
	fixed      int
}

// placed is a finding with its file.
type placed struct {
	lint.Finding
	file, text string
}

// Run judges the files.
func (c *lintCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *lintCmd) run(s *session) error {
	severities, err := c.severities()
	if err != nil {
		return err
	}
	l := &linted{lintCmd: c, session: s, locks: []lintLock{}}
	o := lint.Options{InTransaction: c.InTransaction}
	if c.Connection != "" {
		if err = c.ask(s, &o); err != nil {
			return err
		}
	}
	l.judge = lint.New(o)
	for _, path := range c.Paths {
		files, notes, err := schemafile.Read(path, s.In)
		if err != nil {
			return err
		}
		l.notes = append(l.notes, notes...)
		slices.SortStableFunc(files, func(a, b schemafile.File) int { return lint.Order(a.Name, b.Name) })
		for _, f := range files {
			if err := l.file(f, severities); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(l.findings, func(a, b placed) int { return int(a.Severity - b.Severity) })
	if err := l.report(); err != nil {
		return err
	}
	if n := l.failing(); n > 0 {
		return problem.New("", "%s at %s or worse", numbered(n, "finding"), c.FailOn).Exit(problem.Failed)
	}
	return nil
}

// file judges a file. With --fix it mends the file, and judges what it has become: what
// is still found is reported, and so is what the safe way brings with it.
func (l *linted) file(f schemafile.File, severities map[string]lint.Severity) error {
	before := l.judge.Clone()
	r := l.judge.File(f.Name, f.Text)
	wanted := l.wanted(r, severities)
	if l.Fix && f.Name != "<stdin>" && slices.ContainsFunc(wanted, func(d lint.Finding) bool { return len(d.Fix) > 0 }) {
		var err error
		if f, err = l.mend(f, wanted); err != nil {
			return err
		}
		l.judge = before
		r = l.judge.File(f.Name, f.Text)
		wanted = l.wanted(r, severities)
	}
	l.files = append(l.files, f.Name)
	l.statements, l.bodies, l.ignored = l.statements+r.Statements, l.bodies+r.Bodies, l.ignored+r.Ignored
	l.lock(f, r)
	for _, d := range wanted {
		l.findings = append(l.findings, placed{d, f.Name, f.Text})
	}
	return nil
}

// wanted are the findings by the rules that are asked for.
func (l *linted) wanted(r lint.Result, severities map[string]lint.Severity) (wanted []lint.Finding) {
	for _, d := range r.Findings {
		if s, ok := severities[d.Name]; ok {
			d.Severity = s
		}
		if l.wants(d.Rule, severities) {
			wanted = append(wanted, d)
		}
	}
	return wanted
}

// mend writes a file anew. What was read has blanks for the way back, so that the
// edits are made in the file as it is; places are the same. It returns the file as it
// has become.
func (l *linted) mend(f schemafile.File, found []lint.Finding) (schemafile.File, error) {
	original, err := os.ReadFile(f.Name)
	if err != nil {
		return f, fmt.Errorf("reading %s again: %w", f.Name, err)
	}
	body, marked := strings.CutPrefix(string(original), "\ufeff")
	text, n := lint.Fixed(body, found)
	if marked {
		text = "\ufeff" + text
	}
	if err := writeFile(f.Name, text); err != nil {
		return f, err
	}
	l.fixed += n
	again, _, err := schemafile.Read(f.Name, nil)
	if err != nil {
		return f, err
	}
	return again[0], nil
}

func (l *linted) wants(r lint.Rule, severities map[string]lint.Severity) bool {
	_, asked := severities[r.Name]
	switch {
	case slices.Contains(l.Skip, r.Name):
		return false
	case len(l.Only) > 0:
		return slices.Contains(l.Only, r.Name)
	}
	return l.All || asked || !r.Optional
}

var lintSeverities = []string{"error", "warning", "notice"}

// severities reads --severity, and holds the names of rules against the list.
func (c *lintCmd) severities() (map[string]lint.Severity, error) {
	known := func(name string) error {
		var names []string
		for _, r := range lint.Rules() {
			if r.Name == name {
				return nil
			}
			names = append(names, r.Name)
		}
		hint := "docs/migrator/lint-rules.md lists them"
		if near := closest(name, names); near != "" {
			hint = "did you mean " + near + "?"
		}
		return problem.New(hint, "there is no rule %q", name)
	}
	for _, name := range slices.Concat(c.Only, c.Skip) {
		if err := known(name); err != nil {
			return nil, err
		}
	}
	all := map[string]lint.Severity{}
	for _, s := range c.Severity {
		name, word, _ := strings.Cut(s, "=")
		if err := known(name); err != nil {
			return nil, err
		}
		i := slices.Index(lintSeverities, word)
		if i < 0 {
			return nil, problem.New("write --severity "+name+"=error, warning or notice", "%q is no severity", word)
		}
		all[name] = lint.Severity(i)
	}
	return all, nil
}

// failing counts the findings that --fail-on is about.
func (l *linted) failing() int {
	limit := slices.Index(lintSeverities, l.FailOn)
	n := 0
	for _, d := range l.findings {
		if int(d.Severity) <= limit {
			n++
		}
	}
	return n
}

// ask asks a database how large its tables are, and which are partitioned.
func (c *lintCmd) ask(s *session, o *lint.Options) error {
	db, err := pgdb.Connect(s.ctx, c.Connection)
	if err != nil {
		return err
	}
	defer db.Close()
	there, err := catalog.Read(s.ctx, db.DB, catalog.Options{Sizes: true})
	if err != nil {
		return fmt.Errorf("reading the schema of %s: %w", db.Target, err)
	}
	id := func(kind catalog.Kind, schema, name string) catalog.ID {
		return catalog.ID{Kind: kind, Schema: cmp.Or(schema, "public"), Name: name}
	}
	o.Size = func(schema, name string) (lint.Size, bool) {
		size, ok := there.Sizes[id(catalog.KindTable, schema, name)]
		return lint.Size{Rows: size.Rows, Bytes: size.Bytes}, ok
	}
	o.Partitioned = func(schema, name string) bool {
		if o := there.Objects[id(catalog.KindTable, schema, name)]; o != nil {
			t, ok := o.Detail.(*catalog.Table)
			return ok && t.Partitioned()
		}
		if o := there.Objects[id(catalog.KindIndex, schema, name)]; o != nil {
			i, ok := o.Detail.(*catalog.Index)
			return ok && i.Partitioned
		}
		return false
	}
	return nil
}
