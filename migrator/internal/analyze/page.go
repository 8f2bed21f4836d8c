package analyze

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/shared/report"
)

// Page is the documentation of rules: docs/migrator/rules.md. Queries are those of
// a major version of PostgreSQL.
func Page(rules []Rule, major int) string {
	var b strings.Builder
	b.WriteString(`# Health rules of migrator analyze

This page is made from the rules themselves (` + "`go test ./internal/analyze -run Page -update`" + `).

A finding is **high** (work fails or stops soon, or is wrong already), **medium** (it
costs time or room now) or **low** (it may be put in order some day): the words that
` + "`--fail-on`" + ` takes. The severity below is a rule's highest. ` + "`--only`" + ` and ` + "`--skip`" + ` take
a rule's name, ` + "`--limit RULE.NAME=NUMBER`" + ` changes a limit. A rule that judges by
counters needs statistics of some age before it speaks; until then, and where the role
lacks a right, the report says that it did not judge. Queries run with
` + "`search_path = pg_catalog`" + ` and ` + "`enable_nestloop = off`" + `, a role with ` + "`pg_monitor`" + ` may ask them all.

| Rule | Severity | Statistics | Looks for |
|---|---|---|---|
`)
	group := ""
	for _, r := range rules {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "| **%s** | | | |\n", group)
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, r.ID, r.Worst, needed(&r), r.Says)
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s %s\n\n", r.ID, r.Says, r.Why)
		fmt.Fprintf(&b, "- Severity: %s. %s\n- Statistics: %s\n", r.Worst, r.Judged, needed(&r))
		for _, l := range r.Limits {
			fmt.Fprintf(&b, "- Limit `%s`: %s %s\n", l.Name, number(l.Value), l.Unit)
		}
		if r.OptIn {
			b.WriteString("- Judged only where `--only` names it, or with `--all`.\n")
		}
		if strings.HasPrefix(r.Mend, "-- ") {
			fmt.Fprintf(&b, "- To mend it: %s.\n", strings.TrimPrefix(r.Mend, "-- "))
		} else {
			fmt.Fprintf(&b, "- To mend it: `%s`\n", r.Mend)
		}
		if r.Query != "" {
			fmt.Fprintf(&b, "\n```sql\n%s\n```\n", r.SQL(major))
		}
	}
	return b.String()
}

func needed(r *Rule) string {
	if r.Age == 0 {
		return "of any age"
	}
	return "of " + Span(r.Age)
}

// number writes a limit for people.
func number(v float64) string {
	if v != float64(int64(v)) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return report.Count(int64(v))
}
