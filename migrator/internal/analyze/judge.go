package analyze

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// Judgement is what the rules found, and what they could not judge.
type Judgement struct {
	Findings []Finding // worst first, then by rule and as the queries order them
	Judged   []string  // the rules that spoke
	Unjudged []Unjudged
	Within   []Finding // those that Mended took out: they are told as part of others
}

// Unjudged is a rule that did not speak, or not about everything, and why.
type Unjudged struct {
	Rule   string // "" where it is about several
	Reason string
}

// Judge makes findings of what was observed, and of what the database was asked,
// where that is known (else work is nil). age is how long the statistics have been
// gathered where the caller knows better; 0 is what the server says.
func Judge(rules []Rule, seen *Observation, work *workload.Workload, age time.Duration) *Judgement {
	j := &Judgement{}
	age = seen.Age(age)
	for i := range rules {
		r := &rules[i]
		if r.FromQueries {
			if reason := r.deaf(work); reason != "" {
				j.Unjudged = append(j.Unjudged, Unjudged{r.ID, reason})
				continue
			}
			if r.judge == nil {
				continue // see Estimates and Say
			}
			j.Judged = append(j.Judged, r.ID)
			for _, f := range r.judge(work, r.limits()) {
				j.Findings = append(j.Findings, r.stamped(f))
			}
			continue
		}
		if reason, failed := seen.Failed[r.ID]; failed {
			j.Unjudged = append(j.Unjudged, Unjudged{r.ID, reason})
			continue
		}
		if age < r.Age {
			j.Unjudged = append(j.Unjudged, Unjudged{r.ID, youngStatistics(seen, r.Age, age)})
			continue
		}
		j.Judged = append(j.Judged, r.ID)
		j.Findings = append(j.Findings, r.Find(seen.Found[r.ID])...)
	}
	j.rights(rules, seen)
	j.Add(nil)
	return j
}

// deaf says why a workload tells a rule nothing: "" where it does.
func (r *Rule) deaf(work *workload.Workload) string {
	switch {
	case work == nil:
		return "it needs pg_stat_statements"
	case len(work.Statements) == 0:
		return "no query was seen"
	case r.unable != nil:
		return r.unable(work)
	}
	return ""
}

// Say takes in what another room found for a rule, where that is one of those to
// judge by.
func (j *Judgement) Say(rules []Rule, id string, findings []Finding) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return
	}
	for n := range findings {
		findings[n].Rule, findings[n].Why = id, rules[i].Why+findings[n].Why
	}
	j.Judged = append(j.Judged, id)
	j.Add(findings)
}

// Add takes findings in that others have made.
func (j *Judgement) Add(findings []Finding) {
	j.Findings = append(j.Findings, findings...)
	slices.SortStableFunc(j.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.order(), b.order()))
	})
}

func youngStatistics(seen *Observation, needed, age time.Duration) string {
	switch {
	case seen.Exact:
		return "the statistics were reset " + Span(age) + " ago, and it needs " + Span(needed)
	case age == 0:
		return "nothing says since when the server has counted, and it needs " + Span(needed) + " (--statistics-age, if you know)"
	}
	return "the oldest trace of statistics is " + Span(age) + " old, and it needs " + Span(needed) + " (--statistics-age, if you know better)"
}

// rights says what the role could not see.
func (j *Judgement) rights(rules []Rule, seen *Observation) {
	reads := func(what string) string {
		var ids []string
		for _, r := range rules {
			if strings.Contains(r.Query, what) {
				ids = append(ids, r.ID)
			}
		}
		return strings.Join(ids, ", ")
	}
	if ids := reads("pg_stats s"); seen.UnreadableTables > 0 && ids != "" {
		j.Unjudged = append(j.Unjudged, Unjudged{ids, "the role may not read " + report.Plural(seen.UnreadableTables, "table", "tables") +
			", so their column statistics are hidden (GRANT pg_read_all_data from PostgreSQL 14 on, or SELECT)"})
	}
	if ids := reads("pg_sequences"); seen.UnreadableSequences > 0 && ids != "" {
		j.Unjudged = append(j.Unjudged, Unjudged{ids, "the role may not read " + report.Plural(seen.UnreadableSequences, "sequence", "sequences") +
			" (GRANT USAGE ON ALL SEQUENCES IN SCHEMA …)"})
	}
}

// Count is how many findings there are of a severity.
func (j *Judgement) Count(s Severity) int {
	n := 0
	for _, f := range j.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Mended takes out the findings that an index with these keys, quoted, on an object
// would mend too, and returns them: one index is wanted once.
func (j *Judgement) Mended(object string, keys []string) (by []Finding) {
	j.Findings = slices.DeleteFunc(j.Findings, func(f Finding) bool {
		if !f.mendedBy(object, keys) {
			return false
		}
		by = append(by, f)
		return true
	})
	j.Within = append(j.Within, by...)
	return by
}

// mendedBy says whether an index on an object, with these keys, would mend a finding.
func (f *Finding) mendedBy(object string, keys []string) bool {
	n := len(f.Lead)
	if n == 0 || n > len(keys) || !sameKey(f.Object, object) {
		return false
	}
	for _, c := range f.Lead {
		if !slices.ContainsFunc(keys[:n], func(k string) bool { return sameKey(k, c) }) {
			return false
		}
	}
	return true
}

// order puts what was seen in queries before what only may do harm.
func (f *Finding) order() int {
	if f.Rule == MissingIndex || f.Rule == NPlusOne {
		return 0
	}
	return 1
}
