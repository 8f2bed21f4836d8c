package cli

import (
	"errors"
	"fmt"
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
func (c *applyCmd) try(s *session, db *pgdb.DB, f *migfile.File, o apply.Options) (steps []apply.Step, where string, err error) {
	if c.DryRun == tryTarget || c.DryRun == tryAuto && !apply.NeedsScratch(f) {
		steps, err = apply.DryRun(s.ctx, db, f, o)
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
	steps, err = apply.Rehearse(s.ctx, copied, f, sizes)
	return steps, "on a scratch copy of the schema, without rows (" + bench.Server.String() + ")", err
}

// dryRun tries the file and reports every statement. failed is the statement's
// error when one was refused.
func (c *applyCmd) dryRun(s *session, db *pgdb.DB, f *migfile.File, o apply.Options) (r *report.Report, failed, err error) {
	pgsql.Warm() // it is needed when the statements have run
	steps, where, err := c.try(s, db, f, o)
	if err != nil {
		return nil, nil, err
	}
	r = &report.Report{Schema: "migrator.dryrun", Version: 1, Title: "Migration Dry Run", FindingsTitle: "Attention"}
	table := report.Table{Columns: []report.Column{{Title: "Line", Right: true}, {Title: "Statement"}, {Title: "Time", Right: true}, {Title: "Locks"}, {Title: "Table work"}}}
	data := dryRunData{Where: where, Statements: []dryStep{}}
	skipped := 0
	steps = slices.DeleteFunc(steps, func(st apply.Step) bool { return st.Failed == nil && migfile.Setting(st.SQL) })
	judged := judgedStatements(f)
	for _, st := range steps {
		table.Rows = append(table.Rows, report.Row(fmt.Sprint(st.Line), brief(st.SQL), took(st), locks(st), work(st)))
		data.Statements = append(data.Statements, dryStepOf(st))
		r.Findings = append(r.Findings, dryFindings(f, st, judged)...)
		if st.Skipped != "" {
			skipped++
		}
		if st.Failed != nil {
			failed = problem.Wrap(st.Failed, "", "%v", st.Failed).Exit(problem.Failed)
		}
	}
	r.Data = data
	r.Sections = []report.Section{{Heading: "Statements", Note: report.Count(len(steps)), Blocks: []report.Block{table}}}
	text := fmt.Sprintf("%s, tried %s", report.Plural(len(steps), "statement", "statements"), where)
	if skipped > 0 {
		text += fmt.Sprintf("; %s not tried, since PostgreSQL refuses them in a transaction", report.Count(skipped))
	}
	r.Verdict = report.Verdict{Status: report.Pass, Word: "WORKS", Text: text}
	if failed != nil {
		r.Verdict = report.Verdict{Status: report.Fail, Word: "FAILS", Text: failed.Error()}
	}
	return r, failed, nil
}

func brief(sql string) string {
	s := strings.Join(strings.Fields(shown(sql)), " ")
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

// judgedStatements are the hazards of a file's statements, by their lines and texts.
func judgedStatements(f *migfile.File) map[string][]lint.Hazard {
	var all []sqltext.Statement
	inside := true
	for _, segment := range f.Segments {
		all = append(all, segment.Statements...)
		inside = inside && segment.Transactional
	}
	found := map[string][]lint.Hazard{}
	for _, d := range lint.New(lint.Options{InTransaction: inside}).Statements(all).Findings {
		key := statementKey(all[d.Statement].Line, d.SQL)
		found[key] = append(found[key], d.Hazards...)
	}
	return found
}

func statementKey(line int, sql string) string { return fmt.Sprint(line, " ", sql) }

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
	for _, h := range judged[statementKey(st.Line, st.SQL)] {
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
}

type dryStep struct {
	Line      int        `json:"line"`
	SQL       string     `json:"sql"`
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
	d := dryStep{Line: st.Line, SQL: shown(st.SQL), Run: st.Skipped == "", Skipped: st.Skipped, Seconds: st.Took.Seconds(), Affected: st.Affected,
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
