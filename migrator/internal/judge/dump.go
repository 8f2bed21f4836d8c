package judge

import (
	"regexp"
	"slices"
	"strings"
)

// Dump is the objects of a pg_dump, each with its header, sorted. What has no
// meaning is levelled out: the order of objects, of a table's columns and of
// grants, and the owner's name in headers (ALTER … OWNER says it again).
type Dump []string

var (
	header = regexp.MustCompile(`(?m)^--\n-- (Name: .*; Type: .*; Schema: .*; Owner: .*)\n--\n`)
	owner  = regexp.MustCompile(`; Owner: .*`)
	kind   = regexp.MustCompile(`; Type: ([^;]+);`)
)

// ParseDump cuts a pg_dump into its objects.
func ParseDump(text string) Dump {
	var d Dump
	found := header.FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		name := owner.ReplaceAllString(text[at[2]:at[3]], "")
		body, _, _ := strings.Cut(text[at[1]:end], "\n--\n-- PostgreSQL database dump complete")
		d = append(d, name+"\n"+strings.Join(lines(name, body), "\n"))
	}
	slices.Sort(d)
	return d
}

// lines are the lines that count.
func lines(name, body string) []string {
	var kept []string
	for line := range strings.SplitSeq(body, "\n") {
		line = strings.TrimRight(line, " ")
		if line == "" || strings.HasPrefix(line, "SET default_table") || strings.HasPrefix(line, `\restrict`) || strings.HasPrefix(line, `\unrestrict`) {
			continue
		}
		kept = append(kept, line)
	}
	switch m := kind.FindStringSubmatch(name); {
	case m == nil:
	case m[1] == "STATISTICS":
		// The columns stand in the table's order, which nobody promises.
		for i, line := range kept {
			if on, from, ok := strings.Cut(line, " FROM "); ok && !strings.Contains(on, "(") {
				words := strings.FieldsFunc(on, func(r rune) bool { return r == ' ' || r == ',' })
				slices.Sort(words)
				kept[i] = strings.Join(words, " ") + " FROM " + from
			}
		}
	case m[1] == "TABLE", m[1] == "ACL", m[1] == "DEFAULT ACL":
		for i := range kept {
			kept[i] = strings.TrimSuffix(strings.TrimSpace(kept[i]), ",")
		}
		slices.Sort(kept)
	}
	return kept
}

// Diff is what differs, object by object: "-" is in d only, "+" in other only.
func (d Dump) Diff(other Dump) []string {
	count := map[string]int{}
	for _, o := range d {
		count[o]++
	}
	var out []string
	for _, o := range other {
		if count[o] > 0 {
			count[o]--
		} else {
			out = append(out, "+ "+o)
		}
	}
	for _, o := range d {
		if count[o] > 0 {
			count[o]--
			out = append(out, "- "+o)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(a[2:], b[2:]) })
	return out
}
