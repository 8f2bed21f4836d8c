package pages

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scripts/house"
)

// elsewhere says where the commands of a page are run that this test leaves alone.
var elsewhere = map[string]string{
	"docs/pipelines.md":                   "in order",
	"docs/api-design-patterns.md":         "in order",
	"docs/database-optimization-guide.md": "in order",
	"docs/backend-security-practices.md":  "in order",
	"docs/scaffolder/express.md":          "TestPages of scaffolder/internal/e2e",
	"docs/scaffolder/fastify.md":          "TestPages of scaffolder/internal/e2e",
	"docs/scaffolder/koa.md":              "TestPages of scaffolder/internal/e2e",
	"docs/scaffolder/production.md":       "TestPages of scaffolder/internal/e2e",
	"docs/figures/scaffolder.md":          "by hand: it says what was measured",
	"docs/figures/migrator.md":            "by hand: it says what was measured",
	"docs/figures/loadtester.md":          "by hand: it says what was measured",
}

// notHere are beginnings of commands that need what this test does not have.
var notHere = map[string]string{
	"seq 3 | parallel": "three other machines",
	"migrator resolve": "a file that stopped half way: TestDirectories of migrator/internal/cli",
}

// places are what stands in pages for what every reader has another one of.
var places = []struct{ pattern, with string }{
	{`\$PROD\b|\bDSN\b|postgres://(localhost/\w+|…)|"?\$DATABASE_URL"?`, `"$$DATABASE_URL"`},
	{`--connection …`, `--connection "$$DATABASE_URL"`},
	{`\bschema\.table\b`, `public.books`},
	{`\b(FILE_OR_DIR|FILE)\b`, `migrations/20260102_add_books.sql`},
	{`\b(DIRECTORY|DIR)\b`, `migrations`},
	{`\bCOMMAND\b`, `true`},
	{` (v[12]\.sql)`, ` schema/$1`},
	{`schema/( |$)`, `tables/$1`},
	{`\bapi\.yaml\b`, `openapi.yaml`},
	{`\bURL1 URL2\b`, `$$ANY/books $$ANY/users`},
	{`\bURL\b`, `$$ANY/books`},
	{`https?://(127\.0\.0\.1:(8080|3001)|staging(\.example\.com)?(:8080)?|old|new)\b`, `$$ANY`},
	{`http://(127\.0\.0\.1|localhost):3000\b`, `$$URL`},
	{`'curl '\$ANY`, `'curl '"$$ANY"`},
	{`--slo …`, `--slo 'p99<500ms'`},
	{` …$`, ``},
	{`--duration \S+`, `--duration 1`},
	{`--rate (R|\d+)`, `--rate 50`},
	{`--rate-limit-wait \S+`, `--rate-limit-wait 3s`},
	{`--speed \d+`, `--speed 50`},
	{`^(\w+ [a-z-]+)$`, `$1 --help`},
}

// everyCommand runs each command of the three tools that a page shows, one
// after the other, in a folder with what the pages speak of. A command may find
// something (exit 1); one that could not do its work fails the test.
func everyCommand(t *testing.T, p place) {
	p.prepare(t)
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.Files("*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran, left := 0, map[string]bool{}
	for _, page := range pages {
		if strings.Contains(page, "testdata/") || strings.Contains(page, "decisions/") ||
			strings.HasSuffix(page, "CHANGELOG.md") || strings.HasSuffix(page, "/reference.md") || elsewhere[page] != "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(w.Root, page))
		if err != nil {
			t.Fatal(err)
		}
		var lines []shown
		source := string(text)
		if strings.HasPrefix(page, "docs/migrator/") {
			source = consoles.ReplaceAllString(source, "")
		}
		for _, line := range shellLines(source) {
			if beginning := begins(line.text); beginning != "" {
				left[beginning] = true
			} else if toolLine.MatchString(line.text) {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 {
			continue
		}
		ran += len(lines)
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			p.runLines(t, page, lines)
		})
	}
	if ran < 100 {
		t.Errorf("only %d commands were found", ran)
	}
	for beginning := range notHere {
		if !left[beginning] {
			t.Errorf("no page shows %s any more", beginning)
		}
	}
}

// begins is the beginning, of those in notHere, that the line has; "" is none.
func begins(line string) string {
	for beginning := range notHere {
		if strings.HasPrefix(line, beginning) {
			return beginning
		}
	}
	return ""
}

var consoles = regexp.MustCompile("(?ms)^```console\n.*?^```$")

// toolLine is a line on which one of the tools is asked to do something.
var toolLine = regexp.MustCompile(`(^|["|(;&] ?|-- )(scaffolder|migrator|loadtester) [^|]`)

// shown is a line of shell that a page shows: in a block, where it may need what
// the lines before it did, or in a code span, alone.
type shown struct {
	text  string
	alone bool
}

// shellLines are the commands of a page. Console blocks of docs/migrator are run by
// TestDocumentation of migrator/internal/cli, which compares what is printed too;
// those of docs/scaffolder follow each other in one place.
func shellLines(page string) []shown {
	var lines []shown
	for _, m := range fenced.FindAllStringSubmatch(page, -1) {
		if m[1] == "console" {
			for line := range strings.Lines(m[2]) {
				if command, ok := strings.CutPrefix(line, "$ "); ok {
					lines = append(lines, shown{text: strings.TrimSpace(command)})
				}
			}
		}
		if m[1] == "sh" || m[1] == "bash" {
			for line := range strings.Lines(strings.ReplaceAll(m[2], "\\\n", " ")) {
				lines = append(lines, shown{text: strings.TrimSpace(line)})
			}
		}
	}
	for _, m := range inline.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		lines = append(lines, shown{strings.ReplaceAll(m[1], `\|`, "|"), true})
	}
	return lines
}

// prepare makes the files that pages speak of, in a folder of their own.
func (p *place) prepare(t *testing.T) {
	t.Helper()
	p.any, p.dir = anything(t), t.TempDir()
	if err := os.CopyFS(p.dir, os.DirFS(filepath.Join(p.root, "docs", "example"))); err != nil {
		t.Fatal(err)
	}
	setup, err := os.ReadFile(filepath.Join(p.root, "scripts", "pages", "testdata", "every", "setup.sh"))
	if err != nil {
		t.Fatal(err)
	}
	p.run(t, "setup", string(setup))
	if t.Failed() {
		t.FailNow()
	}
}

// runLines runs the commands in a copy of the folder, with a database of its own.
func (p place) runLines(t *testing.T, page string, lines []shown) {
	t.Helper()
	here := p
	here.dir = t.TempDir()
	if err := os.CopyFS(here.dir, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	own := filepath.Join("own", filepath.Dir(page))
	fmt.Fprintf(&script, "again() { find . -mindepth 1 -delete; cp -a %[1]q/. .; [ ! -d %[2]s ] || cp -a %[2]s/. .; }\nagain\nfailed=0\n", p.dir, own)
	for _, line := range lines {
		text := line.text
		for _, place := range places {
			text = regexp.MustCompile(place.pattern).ReplaceAllString(text, place.with)
		}
		if line.alone {
			script.WriteString("again\n")
		}
		fmt.Fprintf(&script, "cat > .line <<'LINE'\n%s\nLINE\n", text)
		script.WriteString("bash -o pipefail .line > .out 2>&1 < /dev/null || [ $? = 1 ] || { failed=1; cat .line .out; }\n")
	}
	script.WriteString("exit $failed\n")
	here.run(t, "commands", script.String())
}

// anything is a server that answers all requests, and those of /login at most
// twenty times in a second.
func anything(t *testing.T) string {
	t.Helper()
	var second, logins atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			if now := time.Now().Unix(); second.Swap(now) != now {
				logins.Store(0)
			}
			if logins.Add(1) > 20 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"token": "t", "id": 1}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
