package pages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scripts/house"
)

// vocabulary is what a tool understands: its commands, each with its flags.
type vocabulary map[string][]string

// short forms stand for a command; they are translated before the grammar sees them.
var shortForms = []string{"--from-db", "--generate-spec", "--analyze", "--suggest-indexes", "--compare", "--help", "--version"}

var (
	heading   = regexp.MustCompile(`^## [a-z]+ ([\w-]+)$`)
	flagNames = regexp.MustCompile("`(--?[\\w-]+)`")
	fenced    = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```")
	inline    = regexp.MustCompile("`([^`\n]+)`")
	longFlag  = regexp.MustCompile(`^--[a-z][\w-]*`)
	quoted    = regexp.MustCompile(`"[^"]*"|'[^']*'`)
)

// vocabularyOf reads the table of flags that the tool prints.
func vocabularyOf(t *testing.T, program string) vocabulary {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "reference").Output()
	if err != nil {
		t.Fatal(err)
	}
	v, command := vocabulary{}, ""
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if m := heading.FindStringSubmatch(line); m != nil {
			command = m[1]
			v[command] = []string{}
		} else if strings.HasPrefix(line, "## ") {
			command = ""
		}
		if cell, ok := strings.CutPrefix(line, "| "); ok {
			cell, _, _ = strings.Cut(cell, " | ")
			for _, m := range flagNames.FindAllStringSubmatch(cell, -1) {
				v[command] = append(v[command], m[1])
			}
		}
	}
	if len(v) < 4 {
		t.Fatalf("%s: only %d commands were found", program, len(v))
	}
	return v
}

// has says whether the command has the flag; "" is any command.
func (v vocabulary) has(command, flag string) bool {
	if slices.Contains(shortForms, flag) || slices.Contains(v[""], flag) {
		return true
	}
	if command != "" {
		return slices.Contains(v[command], flag)
	}
	for _, flags := range v {
		if slices.Contains(flags, flag) {
			return true
		}
	}
	return false
}

// TestCommandsOfEveryPage holds every command that a page shows against what the
// tool understands today. TestPages runs them.
func TestCommandsOfEveryPage(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	tools := map[string]vocabulary{}
	for _, tool := range house.Tools() {
		program := filepath.Join(t.TempDir(), tool)
		command(t, w.Root, nil, "go", "build", "-o", program, w.Path+"/"+tool)
		tools[tool] = vocabularyOf(t, program)
	}
	pages, err := w.Files("*.md")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, page := range pages {
		if strings.Contains(page, "testdata/") || strings.Contains(page, "decisions/") || strings.HasSuffix(page, "CHANGELOG.md") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(w.Root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandLines(string(text)) {
			words := strings.Fields(quoted.ReplaceAllString(line, "'…'"))
			v, ok := tools[words[0]]
			if !ok {
				continue
			}
			checked++
			command := ""
			if len(words) > 1 {
				if _, ok := v[words[1]]; ok {
					command = words[1]
				}
			}
			for _, word := range words[1:] {
				if word == "--" { // what follows is another program's
					break
				}
				if flag := longFlag.FindString(strings.Trim(word, "[]'\"")); flag != "" && !v.has(command, flag) {
					t.Errorf("%s: %s has no %s: %s", page, strings.TrimSpace(words[0]+" "+command), flag, line)
				}
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d commands were found", checked)
	}
}

// commandLines are the commands in a page's blocks and code spans, each alone.
func commandLines(page string) []string {
	var lines []string
	for _, m := range fenced.FindAllStringSubmatch(page, -1) {
		if slices.Contains([]string{"", "sh", "bash", "console"}, m[1]) {
			joined := strings.ReplaceAll(m[2], "\\\n", " ")
			lines = append(lines, strings.Split(joined, "\n")...)
		}
	}
	for _, m := range inline.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		lines = append(lines, m[1])
	}
	var out []string
	for _, line := range lines {
		line, _, _ = strings.Cut(line, " # ")
		for _, one := range regexp.MustCompile(`\s+(?:\|\||\||&&|;)\s+|\$\(`).Split(line, -1) {
			one = strings.TrimPrefix(strings.TrimSpace(one), "$ ")
			if one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}
