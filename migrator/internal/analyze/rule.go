package analyze

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Severity says how bad a finding is; the worst comes first.
type Severity int

const (
	// High: work fails or stops soon, or is wrong already.
	High Severity = iota
	// Medium: it costs time or room now.
	Medium
	// Low: it may be put in order some day.
	Low
)

// String is the word that users write and read.
func (s Severity) String() string { return [...]string{High: "high", Medium: "medium", Low: "low"}[s] }

// ParseSeverity reads a severity's word.
func ParseSeverity(word string) (Severity, bool) {
	i := slices.Index([]string{"high", "medium", "low"}, word)
	return Severity(i), i >= 0
}

// Limit is a number in a rule's query or judgement, which users may change.
type Limit struct {
	Name  string // snake_case
	Value float64
	Unit  string // "rows", "bytes", "%", …
}

// Rule finds one kind of trouble.
type Rule struct {
	ID    string // kebab-case
	Group string // heads the rules of one kind in the documentation
	Says  string // what it looks for, in one sentence
	Why   string // why that matters
	Mend  string // the form of the statement that mends it

	// Worst is the highest severity that a finding of the rule has; Judged says
	// when it is less.
	Worst  Severity
	Judged string

	// Age is how long the server must have counted before the rule may speak:
	// zero for what stands in the catalog.
	Age time.Duration

	Limits []Limit

	// Query finds the rule's cases; {name} in it is a limit. It runs with
	// search_path = pg_catalog. Rules without one judge the workload.
	Query string

	// Versions are parts of Query, by the {name} that stands there, that differ
	// between versions of PostgreSQL.
	Versions map[string]Version

	// Counts: what it finds are counters, which begin at zero again when the server's
	// statistics are reset.
	Counts bool

	// FromQueries: its findings are about statements of the workload, each of
	// which names them. The rule itself, or another room, makes them.
	FromQueries bool

	// OptIn: a matter of taste, judged only where --only names it or --all is
	// given.
	OptIn bool

	// find makes a finding of a row; nil where the row is none after all.
	find func(Row, limits) *Finding
	// judge judges the workload instead, where there is one.
	judge func(*workload.Workload, limits) []Finding
	// unable says why a workload that was read tells the rule nothing; "" where it does.
	// It may be nil.
	unable func(*workload.Workload) string
	// estimates judges what the planner expects, where it was asked.
	estimates func([]Estimate, limits) []Finding
}

// Version is SQL that a server understands from a major version on, and what
// older ones understand.
type Version struct {
	Since       int
	SQL, Before string
}

// Finding is something that somebody should mend.
type Finding struct {
	Rule     string
	Severity Severity
	Object   string   // as schema.table or schema.index, quoted where it must be
	Title    string   // one line
	Evidence []string // figures that show it, one a line
	Why      string   // of the rule
	Mend     string   // SQL; "" where no statement mends it
	Advice   string   // what to do where Mend alone does not say
	Queries  []string // identifiers of the statements that it is about, where it is
	Lead     []string // columns, quoted, that an index on Object would mend it by beginning with
}

// SQL is the rule's query for a major version of PostgreSQL, with the limits'
// values in it.
func (r *Rule) SQL(major int) string {
	pairs := []string{"{ours}", ours, "{block}", "current_setting('block_size')::bigint"}
	for _, l := range r.Limits {
		pairs = append(pairs, "{"+l.Name+"}", strconv.FormatFloat(l.Value, 'f', -1, 64))
	}
	query := r.Query
	for name, v := range r.Versions {
		text := v.SQL
		if major < v.Since {
			text = v.Before
		}
		query = strings.ReplaceAll(query, "{"+name+"}", text)
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(query))
}

// With is the rule with another value of a limit; ok is false where it has no
// such limit.
func (r Rule) With(name string, value float64) (_ Rule, ok bool) {
	i := slices.IndexFunc(r.Limits, func(l Limit) bool { return l.Name == name })
	if i < 0 {
		return r, false
	}
	r.Limits = slices.Clone(r.Limits)
	r.Limits[i].Value = value
	return r, true
}

// Find makes findings of the rows of the rule's query.
func (r *Rule) Find(rows []Row) []Finding {
	var all []Finding
	for _, row := range rows {
		if f := r.find(row, r.limits()); f != nil {
			all = append(all, r.stamped(*f))
		}
	}
	return all
}

// stamped is a finding with what all of the rule's findings have.
func (r *Rule) stamped(f Finding) Finding {
	f.Rule, f.Why = r.ID, r.Why
	return f
}

// limits are a rule's limits by name.
type limits map[string]float64

func (r *Rule) limits() limits {
	m := limits{}
	for _, l := range r.Limits {
		m[l.Name] = l.Value
	}
	return m
}

// ours is the condition that pg_class c and pg_namespace n are of the user:
// neither the system's (whose schemas begin with pg_) nor an extension's.
const ours = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`
