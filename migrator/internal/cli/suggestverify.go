package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/whatif"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// verification is what became of earlier advice.
type verification struct {
	last    adviceData
	db      *pgdb.DB
	indexes []verified
}

// verified is what became of one suggestion.
type verified struct {
	suggestionData
	built   *whatif.Built // nil: not there
	queries []compared
}

// compared is a query then and now.
type compared struct {
	servedData
	callsSince int64
	meanSince  float64 // milliseconds
}

// verify reads the advice of an earlier run and says what became of it.
func (c *suggestCmd) verify(s *session) error {
	v := &verification{}
	if err := readAdvice(s, c.Verify, &v.last); err != nil {
		return err
	}
	var err error
	if v.db, err = pgdb.ConnectWithin(s.ctx, c.Connection, endLimit); err != nil {
		return err
	}
	defer v.db.Close()
	now, err := statistics(s, v.db)
	if err != nil {
		return err
	}
	for _, g := range v.last.Suggestions {
		built, err := whatif.FindBuilt(s.ctx, v.db, g.Schema, g.Name)
		if err != nil {
			return err
		}
		v.indexes = append(v.indexes, verified{g, built, since(g, now, v.last)})
	}
	err = s.publish(s.Out, c.Format, rendered(v.model(s)))
	if n := len(v.toDrop()); err == nil && c.ExitCode && n > 0 {
		return problem.New("", "%s not used", report.Plural(n, "index is", "indexes are")).Exit(problem.Failed)
	}
	return err
}

func readAdvice(s *session, path string, data *adviceData) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return problem.Wrap(err, "check the path", "cannot read %s: %v", path, reason(err))
	}
	var head struct {
		Schema  string `json:"schema"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Schema != "migrator.suggest-indexes" {
		return problem.New("give the output of migrator suggest-indexes --format json", "%s is no advice of this tool", path)
	}
	if head.Version != 1 {
		return problem.New("use the version of migrator that wrote it", "%s has version %d of the form", path, head.Version)
	}
	if err := json.Unmarshal(text, data); err != nil {
		return problem.Wrap(err, "give the output of migrator suggest-indexes --format json", "cannot read %s: %v", path, err)
	}
	return nil
}

// since compares the queries that an index was to serve: then, and in the calls
// after. Where the statistics were reset, all that they hold is after. The queries
// of a log or a file are known by their text.
func since(g suggestionData, now *workload.Workload, last adviceData) []compared {
	counted := last.Source == workload.Statistics
	byID := map[string]*workload.Statement{}
	for _, s := range now.Statements {
		if counted {
			byID[s.ID] = s
		} else {
			byID[workload.ShapeOf(s.SQL).ID] = s
		}
	}
	reset := last.Since != nil && now.Since.After(last.Since.Add(time.Second))
	var all []compared
	for _, q := range g.Queries {
		c := compared{servedData: q}
		if s := byID[q.ID]; s != nil {
			calls, total := s.Calls, milliseconds(s.Exec)
			if !reset && calls >= q.Calls && counted {
				calls, total = calls-q.Calls, total-q.Total
			}
			if calls > 0 {
				c.callsSince, c.meanSince = calls, max(total, 0)/float64(calls)
			}
		}
		all = append(all, c)
	}
	return all
}

// toDrop are the indexes that are there and that nobody has used.
func (v *verification) toDrop() []verified {
	var all []verified
	for _, g := range v.indexes {
		if g.built != nil && g.built.Valid && g.built.Scans == 0 && g.asked() && !v.reset(g) {
			all = append(all, g)
		}
	}
	return all
}

// reset says that the scans of the index were forgotten since the advice.
func (v *verification) reset(g verified) bool { return g.built.Reset.After(v.last.At) }

// asked says whether the queries that it was made for have run since.
func (g verified) asked() bool {
	for _, q := range g.queries {
		if q.callsSince > 0 {
			return true
		}
	}
	return false
}

// state is what became of the index, in a word and a sentence.
func (v *verification) state(g verified) (word, text string) {
	switch {
	case g.built == nil:
		return "missing", "it was not made, or under another name"
	case !g.built.Valid:
		return "invalid", "its build failed: drop it and build it again"
	case g.built.Scans > 0:
		return "used", fmt.Sprintf("%s scans, %s", report.Count(g.built.Scans), report.Bytes(uint64(g.built.Bytes)))
	case !g.asked():
		return "waiting", "the queries that it is for have not run since"
	case v.reset(g):
		return "waiting", "the database's statistics were reset since the advice, at " + g.built.Reset.UTC().Format("2006-01-02 15:04 UTC") + ": what used it before is not known"
	}
	return "unused", "no plan has used it though its queries ran: drop it"
}

func (v *verification) model(s *session) *report.Report {
	r := &report.Report{
		Schema: "migrator.verify-indexes", Version: 1, Tool: s.info.Short(), Title: "What Became of the Advice",
		Head: [][]report.Fact{{{Label: "Database", Value: v.db.Target.String()}}, {{Label: "Advice of", Value: v.last.At.Format("2006-01-02 15:04:05 UTC")}}},
	}
	counts := map[string]int{}
	data := verifyData{Indexes: []verifiedData{}}
	before, after := 0.0, 0.0
	for _, g := range v.indexes {
		word, text := v.state(g)
		counts[word]++
		d := verifiedData{Name: g.Name, Table: g.Table, State: word, Detail: text, Queries: []comparedData{}}
		if g.built != nil {
			d.Scans, d.Bytes = g.built.Scans, g.built.Bytes
		}
		var rows [][]report.Cell
		for _, q := range g.queries {
			d.Queries = append(d.Queries, comparedData{q.ID, q.SQL, q.Mean, q.callsSince, q.meanSince})
			now := "not run"
			if q.callsSince > 0 {
				now = period(q.meanSince)
				before += q.Mean * float64(q.callsSince)
				after += q.meanSince * float64(q.callsSince)
			}
			rows = append(rows, report.Row(report.Count(q.callsSince), period(q.Mean), now, short(q.SQL, 200)))
		}
		data.Indexes = append(data.Indexes, d)
		r.Sections = append(r.Sections, report.Section{Heading: g.Name, Note: word, Blocks: []report.Block{
			report.Prose(text),
			report.Table{Columns: []report.Column{{Title: "Calls since", Right: true}, {Title: "Mean then", Right: true}, {Title: "Mean now", Right: true}, {Title: "Query"}}, Rows: rows},
		}})
	}
	for _, g := range v.toDrop() {
		u := advise.Unneeded{Table: &advise.Table{Schema: g.Schema, Name: g.Table}, Index: &advise.Existing{Name: g.Name}}
		r.Findings = append(r.Findings, report.Finding{Rule: "unused-suggestion", Severity: report.Warning, Title: g.Name + " is not used", Command: u.SQL() + ";", Language: "sql"})
	}
	r.Data = data
	r.Verdict = verdictOf(counts, before, after)
	return r
}

func verdictOf(counts map[string]int, before, after float64) report.Verdict {
	v := report.Verdict{Status: report.Pass, Word: "USED", Text: report.Plural(counts["used"], "index is", "indexes are") + " used"}
	for _, word := range []string{"unused", "invalid", "missing", "waiting"} {
		if n := counts[word]; n > 0 {
			v.Text += fmt.Sprintf(", %d %s", n, word)
			if word != "waiting" {
				v.Status, v.Word = report.Warn, "LOOK"
			}
		}
	}
	if before > 0 {
		v.Text += fmt.Sprintf("; their queries took %s since, and would have taken %s before", period(after), period(before))
	}
	return v
}

// verifyData is the comparison for programs.
type verifyData struct {
	Indexes []verifiedData `json:"indexes"`
}

type verifiedData struct {
	Name    string         `json:"name"`
	Table   string         `json:"table"`
	State   string         `json:"state"`
	Detail  string         `json:"detail"`
	Scans   int64          `json:"scans"`
	Bytes   int64          `json:"size_bytes"`
	Queries []comparedData `json:"queries"`
}

type comparedData struct {
	ID         string  `json:"id"`
	SQL        string  `json:"sql"`
	MeanThen   float64 `json:"mean_then_ms"`
	CallsSince int64   `json:"calls_since"`
	MeanSince  float64 `json:"mean_since_ms"`
}
