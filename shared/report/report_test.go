package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

var update = flag.Bool("update", false, "rewrite the wanted outputs")

// loadTest is the report of the sample that the tools replace, in our model.
func loadTest(url string) *Report {
	return &Report{
		Schema: "loadtester.run", Version: 1, Tool: "loadtester v1.2.3",
		Title: "Load Test Results",
		Head: [][]Fact{
			{{"Target", url}},
			{{"Duration", "30s"}, {"Concurrency", "50"}},
		},
		Verdict: Verdict{Status: Fail, Word: "FAIL", Text: "p99 423 ms exceeds the objective of 200 ms"},
		Sections: []Section{
			{Heading: "Throughput", Blocks: []Block{Facts{
				{"Total requests", Count(15247)}, {"Requests/sec", Fixed(508.24, 1)},
				{"Successful", Count(15102) + " (" + Percent(15102, 15247) + ")"},
				{"Failed", Count(145) + " (" + Percent(145, 15247) + ")"},
			}}},
			{Heading: "Latency", Note: "ms", Blocks: []Block{
				Table{Caption: "Response time", Columns: []Column{{Title: "percentile"}, {Title: "response", Right: true}, {Title: "service", Right: true}},
					Rows: [][]Cell{Row("p50", "67.0", "66.1"), {{Text: "p99"}, {Text: "423.0", Share: 1, Status: Fail}, {Text: "101.2", Share: 0.24}}}},
				Plot{Title: "p99 rises after 20 s", Alt: "Latency over time", SVG: []byte(`<svg viewBox="0 0 10 10" width="10"><path d="M0 0L10 10"/></svg>`)},
			}},
			{Heading: "Errors", Note: "2 causes", Blocks: []Block{
				List{Items: []string{"Connection timeout: 89", "HTTP 503: 56"}},
				List{Ordered: true, Items: []string{"Add index on orders(user_id), which the slowest of all the queries in this long line would use", "Then measure again"}},
				Code{Language: "sql", Text: "CREATE INDEX CONCURRENTLY ON orders (user_id);\n"},
				Prose("Errors came in two bursts."),
			}},
			{Heading: "Every second", Folded: true, Blocks: []Block{Table{Columns: []Column{{Title: "second", Right: true}}, Rows: [][]Cell{Row("1")}}}},
			{Heading: "Only a picture", Blocks: []Block{Plot{Title: "alone", SVG: []byte("<svg></svg>")}}},
		},
		FindingsTitle: "Recommendation",
		Findings: []Finding{
			{Rule: "slow-tail", Severity: Error, Title: "P99 latency (423 ms) exceeds the target of 200 ms.",
				Evidence: []string{"p50 67 ms, p99 423 ms: the tail is 6.3 times the median"},
				Advice:   "Consider: connection pooling, query optimization, or horizontal scaling.",
				Command:  "loadtester capacity https://api.example.com/users --slo 'p99<200ms'",
				At:       Position{File: "api.yaml", Line: 3, Column: 7}},
			{Rule: "closed-loop", Severity: Notice, Title: "Closed loop: waiting for a free worker is not in the latency."},
		},
		Method: []Fact{{"Version", "loadtester v1.2.3"}, {"Arrivals", "closed loop"}},
		Data: struct {
			Requests map[string]int `json:"requests"`
			Version  int            `json:"version"` // does not win
			Verdict  string         `json:"verdict"` // wins
		}{map[string]int{"sent": 15247}, 99, "GENERATOR-LIMITED"},
	}
}

func render(t testing.TB, r *Report, f Format, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, f, o); err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return b.String()
}

func TestEveryForm(t *testing.T) {
	for _, c := range []struct {
		file string
		form Format
		o    Options
	}{
		{"load.txt", Text, Options{}},
		{"load.narrow.txt", Text, Options{Width: 40}},
		{"load.color.txt", Text, Options{Color: true}},
		{"load.md", Markdown, Options{}},
		{"load.json", JSON, Options{}},
		{"load.html", HTML, Options{Now: time.Date(2026, 11, 30, 10, 23, 0, 0, time.UTC)}},
		{"load.xml", JUnit, Options{}},
		{"load.github.txt", GitHub, Options{}},
	} {
		got := render(t, loadTest("https://api.example.com/users"), c.form, c.o)
		path := filepath.Join("testdata", c.file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test -update rewrites it):\n%s", c.file, diff)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); err != nil || got != f {
			t.Errorf("%s: %v, %v", f, got, err)
		}
	}
	_, err := ParseFormat("pdf")
	if err == nil || err.Error() != `unknown format "pdf": it is one of text, json, markdown, html, junit, github` {
		t.Error(err)
	}
}

func TestJSONDataMustBeAnObject(t *testing.T) {
	if err := Write(io.Discard, &Report{Data: 3}, JSON, Options{}); err == nil {
		t.Error("a number was taken for an object")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrorsAreTold(t *testing.T) {
	for _, f := range Formats() {
		if err := Write(brokenPipe{}, loadTest(""), f, Options{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// tag finds what a browser would take for markup.
var tag = regexp.MustCompile(`<[a-zA-Z/!?][^>]*>`)

// markdownTags lists the elements that a markdown renderer makes of r.
func markdownTags(t *testing.T, r *Report) string {
	t.Helper()
	var page bytes.Buffer
	renderer := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := renderer.Convert([]byte(render(t, r, Markdown, Options{})), &page); err != nil {
		t.Fatal(err)
	}
	return strings.Join(tag.FindAllString(page.String(), -1), "")
}

// hostile is loadTest with s in every field that may come from outside.
func hostile(s string) *Report {
	return &Report{
		Schema: "x", Title: s, Head: [][]Fact{{{s, s}}}, Verdict: Verdict{Word: "V", Text: s},
		Sections: []Section{{Heading: s, Note: s, Blocks: []Block{
			Facts{{s, s}}, List{Items: []string{s}}, Prose(s), Code{Text: s}, Plot{Title: s, Alt: s},
			Table{Caption: s, Columns: []Column{{Title: s}}, Rows: [][]Cell{Row(s)}},
		}}},
		Findings: []Finding{{Rule: "r", Title: s, Evidence: []string{s}, Advice: s, Command: s, At: Position{File: s}}},
		Method:   []Fact{{s, s}},
		Data:     map[string]string{"outside": s},
	}
}

// FuzzOutsideText holds that no text from outside becomes markup, a control
// sequence, a workflow command or broken JSON or XML.
func FuzzOutsideText(f *testing.F) {
	for _, s := range []string{
		"plain", `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "</style>", "`x` | y\n| z", "::error::x\n::set-env name=A::b",
		"\x1b[2J\x1b]0;title\x07", "a\rb", "]]>", "</details>", "[x](javascript:alert(1))", "\u202e right to left", "```\n<b>", "@somebody",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.TrimSpace(plain(s)) == "" {
			return // an empty field has no element
		}
		r, calm := hostile(s), hostile("x")

		if got, want := tag.FindAllString(render(t, r, HTML, Options{}), -1), tag.FindAllString(render(t, calm, HTML, Options{}), -1); len(got) != len(want) {
			t.Errorf("html: %q made %d tags of %d", s, len(got), len(want))
		}
		for _, c := range render(t, r, Text, Options{}) {
			if c != '\n' && unicode.IsControl(c) {
				t.Errorf("text: control character %q", c)
			}
		}
		for _, form := range []Format{GitHub, Markdown} {
			for _, c := range render(t, r, form, Options{}) {
				if c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)) {
					t.Errorf("%s: character %q", form, c)
				}
			}
		}
		if got, want := strings.Count(render(t, r, GitHub, Options{}), "\n"), strings.Count(render(t, calm, GitHub, Options{}), "\n"); got != want {
			t.Errorf("github: %d lines, want %d", got, want)
		}
		var data map[string]any
		if err := json.Unmarshal([]byte(render(t, r, JSON, Options{})), &data); err != nil || data["outside"] != strings.ToValidUTF8(s, "\uFFFD") && strings.ToValidUTF8(s, "") == s {
			t.Errorf("json: %v, %q", err, data["outside"])
		}
		for d := xml.NewDecoder(strings.NewReader(render(t, r, JUnit, Options{}))); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("junit: %v", err)
			}
		}
		if got, want := markdownTags(t, r), markdownTags(t, calm); got != want {
			t.Errorf("markdown: %q made %s of %s", s, got, want)
		}
	})
}

func TestTablesFitTheWidth(t *testing.T) {
	r := &Report{Title: "T", Sections: []Section{{Heading: "Wide", Blocks: []Block{Table{
		Columns: []Column{{Title: "Line", Right: true}, {Title: "Statement"}, {Title: "Lock"}},
		Rows:    [][]Cell{Row("1,234", strings.Repeat("ALTER TABLE t ", 12), strings.Repeat("ACCESS EXCLUSIVE ", 9))},
	}}}}}
	for _, width := range []int{60, 80, 120} {
		for l := range strings.Lines(render(t, r, Text, Options{Width: width})) {
			if n := len(strings.TrimRight(l, "\n")); n > width {
				t.Errorf("%d columns where %d are there: %q", n, width, l)
			}
		}
	}
}

func TestFencesHold(t *testing.T) {
	if got := fenced("", "a\n````\nb"); !strings.HasPrefix(got, "`````\n") || !strings.HasSuffix(got, "\n`````") {
		t.Error(got)
	}
	if got := codeSpan("a``b"); got != "```a``b```" {
		t.Error(got)
	}
}

// A table that does not fit into a terminal is written row by row, and no line of
// it, nor of the settings, goes beyond the edge.
func TestNarrowTerminal(t *testing.T) {
	number := func(title string) Column { return Column{Title: title, Right: true} }
	r := &Report{
		Title: "Comparison",
		Head:  [][]Fact{{{"Duration", "12s and 12s"}, {"Rate", "200/s each"}, {"Measured", "two runs"}}},
		Sections: []Section{{Heading: "Differences", Blocks: []Block{Table{
			Columns: []Column{{}, number("A"), number("B"), number("Change"), number("99% interval"), {Title: "Verdict"}},
			Rows:    [][]Cell{Row("p50", "6.82 ms", "26.6 ms", "+290%", "+211% to +350%", "worse"), Row("Errors", "0.7%", "3.2%", "+2.46 pp", "", "")},
		}}}},
	}
	const want = `=== Comparison ===
Duration: 12s and 12s | Rate: 200/s each
Measured: two runs

DIFFERENCES:
  p50
    A: 6.82 ms | B: 26.6 ms | Change: +290%
    99% interval: +211% to +350%
    Verdict: worse
  Errors
    A: 0.7% | B: 3.2% | Change: +2.46 pp
`
	if diff := cmp.Diff(want, render(t, r, Text, Options{Width: 45})); diff != "" {
		t.Error(diff)
	}
	if wide := render(t, r, Text, Options{Width: 80}); !strings.Contains(wide, "p50     6.82 ms") {
		t.Errorf("it fits into 80 columns:\n%s", wide)
	}
}
