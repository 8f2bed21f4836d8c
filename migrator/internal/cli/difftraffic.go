package cli

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/traffic"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// underTraffic runs both ways beside clients, once they are proved.
func (d *comparison) underTraffic() error {
	if d.Prove != "traffic" {
		return nil
	}
	said := d.session.working(fmt.Sprintf("running both ways beside traffic, on tables of %s rows", report.Count(d.TrafficRows)))
	defer said.end()
	var err error
	d.traffic, err = d.bench.Traffic(d.session.ctx, d.result, d.states[0], d.states[1], d.TrafficRows, d.options())
	var f *proof.TrafficFailure
	if errors.As(err, &f) {
		d.trafficFailure = f
		return nil
	}
	return err
}

// stoppedByTraffic is a migration that is not written, because it fails or lets
// something lapse beside clients.
func (d *comparison) stoppedByTraffic() error {
	hint := "nothing was written; without --prove traffic it is"
	if d.trafficFailure.Err != nil {
		hint = "nothing was written; rows of the proof are made up, so look whether yours would stop it, too"
	}
	return problem.Wrap(d.trafficFailure, hint, "%v", d.trafficFailure).Exit(problem.Failed)
}

// trafficWays are the ways that were run beside clients.
func (d *comparison) trafficWays() []trafficWay {
	if d.traffic == nil {
		return nil
	}
	all := []trafficWay{{"up", d.traffic.Up}, {"down", d.traffic.Down}}
	return slices.DeleteFunc(all, func(w trafficWay) bool { return w.Outcome == nil })
}

type trafficWay struct {
	name string
	*traffic.Outcome
}

// trafficSection is what clients felt.
func (d *comparison) trafficSection() report.Section {
	ms := func(t time.Duration) string { return report.Significant(float64(t.Microseconds())/1000) + " ms" }
	columns := []report.Column{{Title: "Way"}, {Title: "Table"}}
	for _, title := range []string{"Rows", "Unreadable", "Unwritable", "Reader", "Writer"} {
		columns = append(columns, report.Column{Title: title, Right: true})
	}
	var rows [][]report.Cell
	facts := report.Facts{}
	for _, w := range d.trafficWays() {
		calm := time.Duration(0)
		for _, t := range w.Tables {
			rows = append(rows, report.Row(w.name, t.Name, report.Count(t.Rows), ms(t.Unreadable.Longest), ms(t.Unwritable.Longest), ms(t.Read), ms(t.Write)))
			calm = max(calm, t.CalmRead, t.CalmWrite)
		}
		text := fmt.Sprintf("%s; %s; clients waited %s at most before it began", report.Duration(w.Took), report.Plural(w.Retries, "transaction tried again", "transactions tried again"), ms(calm))
		facts = append(facts, report.Fact{Label: w.name, Value: text})
		for _, why := range w.Idle {
			facts = append(facts, report.Fact{Label: "no client", Value: why})
		}
	}
	if d.traffic.Quiet > 0 {
		facts = append(facts, report.Fact{Label: "left out", Value: report.Plural(d.traffic.Quiet, "table has", "tables have") + " neither many rows nor clients"})
	}
	return report.Section{Heading: "Beside traffic", Note: "longest times, and waits of clients", Blocks: []report.Block{report.Table{Columns: columns, Rows: rows}, facts}}
}

// trafficFindings are the lapses, and the long locks.
func (d *comparison) trafficFindings() []report.Finding {
	var all []report.Finding
	for _, w := range d.trafficWays() {
		for _, l := range w.Lapses {
			all = append(all, report.Finding{Rule: "lapse", Severity: severity(lint.Correctness), Command: shown(l.After), Language: "sql",
				Title: fmt.Sprintf("lapse: %s: %s is not there for %s after this", w.name, l.What, report.Duration(l.For))})
		}
		for _, t := range w.Tables {
			if t.Unreadable.Longest > longLock {
				all = append(all, report.Finding{Rule: "long-lock", Severity: severity(lint.BlocksReads), Command: shown(t.Unreadable.Statement), Language: "sql",
					Title: fmt.Sprintf("long-lock: %s: nobody can read %s for %s", w.name, t.Name, report.Duration(t.Unreadable.Longest))})
			} else if t.Unwritable.Longest > longLock {
				all = append(all, report.Finding{Rule: "long-lock", Severity: severity(lint.BlocksWrites), Command: shown(t.Unwritable.Statement), Language: "sql",
					Title: fmt.Sprintf("long-lock: %s: nobody can write %s for %s", w.name, t.Name, report.Duration(t.Unwritable.Longest))})
			}
		}
	}
	if f := d.trafficFailure; f != nil {
		for _, why := range f.Reasons {
			all = append(all, report.Finding{Rule: "traffic", Severity: report.Error, Title: fmt.Sprintf("traffic: %s: %s", f.Direction, why)})
		}
	}
	return all
}

// longLock is from how long on a lock is a finding.
const longLock = 100 * time.Millisecond

// trafficVerdict is the end of the verdict's sentence.
func (d *comparison) trafficVerdict() string {
	if d.traffic == nil {
		return ""
	}
	var read, write time.Duration
	lapses := 0
	for _, w := range d.trafficWays() {
		r, s := w.Longest()
		read, write, lapses = max(read, r), max(write, s), lapses+len(w.Lapses)
	}
	text := fmt.Sprintf("; beside traffic no table was unreadable for longer than %s or unwritable for longer than %s", report.Duration(read), report.Duration(write))
	if lapses == 0 {
		return text + ", and nothing lapsed"
	}
	return text + ", and " + report.Plural(lapses, "thing was", "things were") + " not there for a while"
}

// trafficData is what clients felt, for programs.
type trafficData struct {
	Way     string             `json:"way"`
	Seconds float64            `json:"seconds"`
	Retries int                `json:"retries"`
	Tables  []trafficTableData `json:"tables"`
	Lapses  []lapseData        `json:"lapses"`
	Failed  []string           `json:"failed_clients"`
	Idle    []string           `json:"missing_clients"`
}

type trafficTableData struct {
	Table       string  `json:"table"`
	Rows        int64   `json:"rows"`
	Unreadable  float64 `json:"longest_unreadable_seconds"`
	Unwritable  float64 `json:"longest_unwritable_seconds"`
	ReaderWaits float64 `json:"longest_reader_wait_seconds"`
	WriterWaits float64 `json:"longest_writer_wait_seconds"`
}

type lapseData struct {
	Object  string  `json:"object"`
	After   string  `json:"after"`
	Seconds float64 `json:"seconds"`
}

func (d *comparison) trafficData() []trafficData {
	all := []trafficData{}
	for _, w := range d.trafficWays() {
		one := trafficData{Way: w.name, Seconds: w.Took.Seconds(), Retries: w.Retries, Tables: []trafficTableData{}, Lapses: []lapseData{},
			Failed: append([]string{}, w.Failed...), Idle: append([]string{}, w.Idle...)}
		for _, t := range w.Tables {
			one.Tables = append(one.Tables, trafficTableData{t.Name, t.Rows, t.Unreadable.Longest.Seconds(), t.Unwritable.Longest.Seconds(), t.Read.Seconds(), t.Write.Seconds()})
		}
		for _, l := range w.Lapses {
			one.Lapses = append(one.Lapses, lapseData{l.What, shown(l.After), l.For.Seconds()})
		}
		all = append(all, one)
	}
	return all
}
