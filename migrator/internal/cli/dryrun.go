package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// dryRunMode is where a file is tried: "" not at all.
type dryRunMode string

const (
	tryAuto    dryRunMode = "auto"
	tryScratch dryRunMode = "scratch"
	tryTarget  dryRunMode = "target"
)

// IsBool lets the flag stand without a value.
func (dryRunMode) IsBool() bool { return true }

// Decode reads the flag: --dry-run, --dry-run=scratch, --dry-run=target.
func (m *dryRunMode) Decode(ctx *kong.DecodeContext) error {
	*m = tryAuto
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		return nil
	}
	switch word := ctx.Scan.Pop().String(); word {
	case "scratch", "target", "auto":
		*m = dryRunMode(word)
	case "true":
	case "false":
		*m = ""
	default:
		return fmt.Errorf("--dry-run=%s: it is scratch or target", word)
	}
	return nil
}

// try tries the file, on the database or on a copy, and says where.
func (c *applyCmd) try(s *session, db *pgdb.DB, files []*migfile.File, o apply.Options) (steps []apply.Step, where string, err error) {
	if c.DryRun == tryTarget || c.DryRun == tryAuto && !slices.ContainsFunc(files, apply.NeedsScratch) {
		steps, err = apply.DryRun(s.ctx, db, files, o)
		return steps, "in a transaction on the database, rolled back", err
	}
	there, err := catalog.Read(s.ctx, db.DB, catalog.Options{Sizes: true})
	if err != nil {
		return nil, "", fmt.Errorf("reading the schema of %s: %w", db.Target, err)
	}
	home, err := proof.Ask(s.ctx, db)
	if err != nil {
		return nil, "", err
	}
	bench, err := proof.NewBench(s.ctx, home, scratch.Options{Mode: c.Scratch, Log: s.Err})
	if err != nil {
		return nil, "", err
	}
	defer bench.Close()
	copied, err := bench.Copy(s.ctx, there)
	if err != nil {
		return nil, "", fmt.Errorf("%w; --dry-run=target tries what can be tried on the database itself", err)
	}
	sizes := map[string]apply.Touched{}
	for id, size := range there.Sizes {
		name := catalog.Quote(id.Schema) + "." + catalog.Quote(id.Name)
		sizes[name] = apply.Touched{Relation: name, Rows: size.Rows, Bytes: size.Bytes}
	}
	steps, err = apply.Rehearse(s.ctx, copied, files, sizes)
	return steps, "on a scratch copy of the schema, without rows (" + bench.Server.String() + ")", err
}

// dryRun tries the file and reports every statement. failed is the statement's
// error when one was refused.
func (c *applyCmd) dryRun(s *session, db *pgdb.DB, files []*migfile.File, o apply.Options) (r *report.Report, failed, err error) {
	pgsql.Warm() // it is needed when the statements have run
	steps, where, err := c.try(s, db, files, o)
	if err != nil {
		return nil, nil, err
	}
	r = &report.Report{Schema: "migrator.dryrun", Version: 1, Title: "Migration Dry Run", FindingsTitle: "Attention"}
	table := report.Table{Columns: []report.Column{{Title: "Line", Right: true}, {Title: "Statement"}, {Title: "Time", Right: true}, {Title: "Locks"}, {Title: "Table work"}}}
	data := dryRunData{Where: where, Statements: []dryStep{}}
	skipped, count := 0, 0
	steps = slices.DeleteFunc(steps, func(st apply.Step) bool { return st.Failed == nil && migfile.Setting(st.SQL) })
	judged := judgedSteps(files, steps)
	for i, st := range steps {
		count += st.Count
		if st.Skipped != "" {
			skipped++
		}
		if st.Failed != nil {
			failed = problem.Wrap(st.Failed, "", "%v", st.Failed).Exit(problem.Failed)
		}
		if i >= maxSteps && st.Failed == nil {
			data.Omitted += st.Count
			continue
		}
		table.Rows = append(table.Rows, report.Row(place(st, files), brief(st.SQL)+times(st), took(st), locks(st), work(st)))
		data.Statements = append(data.Statements, dryStepOf(st))
		r.Findings = append(r.Findings, dryFindings(st.File, st, judged)...)
	}
	unlike, err := apply.Unlike(s.ctx, db, files[0]) // what follows is for what that one makes
	if err != nil {
		return nil, nil, err
	}
	for _, u := range unlike {
		r.Findings = append(r.Findings, report.Finding{Rule: "planned-for", Severity: report.Warning, At: report.Position{File: files[0].Path}, Title: "the database is not what the file was planned for: " + u})
	}
	r.Data = data
	blocks := []report.Block{table}
	if data.Omitted > 0 {
		blocks = append(blocks, report.Prose(fmt.Sprintf("%s more, which are not shown.", report.Plural(data.Omitted, "statement", "statements"))))
	}
	r.Sections = []report.Section{{Heading: "Statements", Note: report.Count(count), Blocks: blocks}}
	text := fmt.Sprintf("%s, tried %s", report.Plural(count, "statement", "statements"), where)
	if len(files) > 1 {
		text = fmt.Sprintf("%s in %s", report.Plural(count, "statement", "statements"), report.Plural(len(files), "file", "files")) + ", tried " + where
	}
	if skipped > 0 {
		text += fmt.Sprintf("; %s not tried, since PostgreSQL refuses them in a transaction", report.Count(skipped))
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "WORKS", Text: text}
	if failed != nil {
		r.Verdict = report.Verdict{Status: report.Fail, Word: "FAILS", Text: failed.Error()}
	}
	return r, failed, nil
}

// maxSteps bounds the rows of a report, and maxSQL the text of one statement in it.
const (
	maxSteps = 500
	maxSQL   = 4000
)

// place is where a statement stands: its line, and among several files its file.
func place(st apply.Step, files []*migfile.File) string {
	if len(files) == 1 {
		return fmt.Sprint(st.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(st.File.Path), st.Line)
}

// times is how many statements a row stands for.
func times(st apply.Step) string {
	if st.Count < 2 {
		return ""
	}
	return fmt.Sprintf(" (%s of them)", report.Count(st.Count))
}

// cut is the beginning of a long statement.
func cut(sql string) string {
	if len(sql) <= maxSQL {
		return sql
	}
	return strings.ToValidUTF8(sql[:maxSQL], "") + "…"
}

func brief(sql string) string {
	s := strings.Join(strings.Fields(shown(cut(sql))), " ")
	if r := []rune(s); len(r) > 48 {
		s = string(r[:47]) + "…"
	}
	return s
}

func took(st apply.Step) string {
	if st.Skipped != "" {
		return "not run"
	}
	return report.Duration(st.Took)
}

func locks(st apply.Step) string {
	var all []string
	for _, l := range st.Locks {
		all = append(all, l.Mode+" "+l.Relation)
	}
	return strings.Join(all, "; ")
}

func work(st apply.Step) string {
	var all []string
	for _, t := range st.Rewritten {
		all = append(all, "rewrites "+t.Relation+rows(t))
	}
	for _, t := range st.Scanned {
		all = append(all, "scans "+t.Relation+rows(t))
	}
	if st.Affected > 0 {
		all = append(all, report.Plural(st.Affected, "row", "rows"))
	}
	if st.Failed != nil {
		all = append(all, "fails: "+st.SQLState)
	}
	return strings.Join(all, "; ")
}

func rows(t apply.Touched) string {
	if t.Rows < 0 {
		return ""
	}
	return " (" + report.Plural(t.Rows, "row", "rows") + ")"
}

// judgedSteps are the hazards of the statements that are reported, by their files,
// lines and texts. Of statements that change rows in the same way one is judged.
func judgedSteps(files []*migfile.File, steps []apply.Step) map[string][]lint.Hazard {
	reported := map[string]bool{}
	for _, st := range steps[:min(len(steps), maxSteps)] {
		reported[statementKey(st.File, st.Line, st.SQL)] = true
	}
	found := map[string][]lint.Hazard{}
	for _, f := range files {
		var all []sqltext.Statement
		inside := true
		for _, segment := range f.Segments {
			inside = inside && segment.Transactional
			for _, st := range segment.Statements {
				if reported[statementKey(f, st.Line, st.SQL)] {
					all = append(all, st)
				}
			}
		}
		for _, d := range lint.New(lint.Options{InTransaction: inside}).Statements(all).Findings {
			st := all[d.Statement]
			key := statementKey(f, st.Line, st.SQL)
			found[key] = append(found[key], d.Hazards...)
		}
	}
	return found
}

func statementKey(f *migfile.File, line int, sql string) string {
	return fmt.Sprint(f.Path, " ", line, " ", sql)
}

func dryFindings(f *migfile.File, st apply.Step, judged map[string][]lint.Hazard) []report.Finding {
	var all []report.Finding
	at := report.Position{File: f.Path, Line: st.Line}
	for _, t := range st.Rewritten {
		all = append(all, report.Finding{Rule: "rewritten", Severity: report.Warning, At: at, Title: t.Relation + " is rewritten" + rows(t),
			Evidence: []string{brief(st.SQL), locks(st)}})
	}
	if st.Failed != nil {
		return append(all, report.Finding{Rule: "fails", Severity: report.Error, At: at, Title: message(st.Failed), Evidence: []string{"SQLSTATE " + st.SQLState}})
	}
	for _, h := range judged[statementKey(f, st.Line, st.SQL)] {
		if h.Kind == lint.Rewrite && len(st.Rewritten) == 0 {
			continue // the dry run has seen that it is none
		}
		all = append(all, report.Finding{Rule: string(h.Kind), Severity: severity(h.Kind), At: at, Title: string(h.Kind) + ": " + h.Message,
			Evidence: []string{brief(st.SQL)}})
	}
	return all
}

// message is an error without its place, which stands beside it.
func message(err error) string {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p.Message
	}
	return err.Error()
}

// dryRunData is the dry run for programs.
type dryRunData struct {
	Where      string    `json:"where"`
	Statements []dryStep `json:"statements"`
	Omitted    int       `json:"omitted_statements,omitempty"`
}

type dryStep struct {
	Line      int        `json:"line"`
	File      string     `json:"file"`
	SQL       string     `json:"sql"`
	Count     int        `json:"count"` // of statements that it stands for
	Run       bool       `json:"run"`
	Skipped   string     `json:"skipped_because,omitempty"`
	Seconds   float64    `json:"duration_seconds"`
	Affected  int64      `json:"rows_affected"`
	Locks     []dryLock  `json:"locks"`
	Rewritten []dryTable `json:"rewritten"`
	Scanned   []dryTable `json:"scanned"`
	Error     string     `json:"error,omitempty"`
	SQLState  string     `json:"sqlstate,omitempty"`
}

type dryLock struct {
	Mode     string `json:"mode"`
	Relation string `json:"relation"`
}

type dryTable struct {
	Relation string `json:"relation"`
	Rows     *int64 `json:"rows"`
	Bytes    *int64 `json:"bytes"`
}

func dryStepOf(st apply.Step) dryStep {
	d := dryStep{Line: st.Line, File: st.File.Path, Count: st.Count, SQL: shown(cut(st.SQL)), Run: st.Skipped == "", Skipped: st.Skipped, Seconds: st.Took.Seconds(), Affected: st.Affected,
		Locks: []dryLock{}, Rewritten: []dryTable{}, Scanned: []dryTable{}, SQLState: st.SQLState}
	for _, l := range st.Locks {
		d.Locks = append(d.Locks, dryLock{l.Mode, l.Relation})
	}
	for _, t := range st.Rewritten {
		d.Rewritten = append(d.Rewritten, dryTable{t.Relation, known(t.Rows), known(t.Bytes)})
	}
	for _, t := range st.Scanned {
		d.Scanned = append(d.Scanned, dryTable{t.Relation, known(t.Rows), known(t.Bytes)})
	}
	if st.Failed != nil {
		d.Error = st.Failed.Error()
	}
	return d
}
