package command

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the wanted outputs")

// copier has one of each thing that a command line can hold.
func copier() Program {
	everywhere := []Flag{{Name: "config", Help: "Read flags from this file.", Value: "FILE", Kind: File, Variable: "COPIER_CONFIG"}}
	return Program{
		Name: "copier", Version: "v1.2.3", Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Summary: "Copies what is there; it's quick.", Description: "\n  copier a b\n\nIt reads \\first.\n.Then it writes.",
		Default: "copy", Flags: everywhere, Home: "https://example.com",
		Commands: []Command{
			{
				Name: "copy", Summary: "Copy a file: [it's] read.", Description: "Examples:\n\n    copier copy 'a' b\n",
				Arguments: []Argument{{Name: "FROM", Help: "What to copy.", Kind: File}, {Name: "TO", Help: "Where to.", Optional: true, Repeats: true, Kind: Folder}},
				Flags: []Flag{
					{Name: "form", Short: 'f', Help: "How to write it. This is not shown in menus.", Value: "FORM", Values: []string{"plain", "packed"}, Default: "plain", Variable: "COPIER_FORM"},
					{Name: "check", Help: "Look at it: don't write [anything].", Negated: "no-check", Variable: "COPIER_CHECK"},
					{Name: "into", Help: "The folder.", Value: "DIR", Kind: Folder, Variable: "COPIER_INTO"},
					{Name: "limit", Help: "Most bytes | a number.", Value: "N", Variable: "COPIER_LIMIT"},
				},
			},
			{Name: "list", Summary: "List what there is.", Flags: []Flag{{Name: "limit", Help: "Most lines.", Value: "N", Variable: "COPIER_LIMIT"}}},
		},
		Files: []Entry{{"~/.copier", "Settings."}}, Statuses: []Entry{{"0", "All is well."}},
	}
}

func TestForms(t *testing.T) {
	p := copier()
	for name, write := range map[string]func(io.Writer) error{
		"copier.bash": p.Bash, "copier.zsh": p.Zsh, "copier.fish": p.Fish, "copier.1": p.Manual, "copier.md": p.Reference,
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s is now:\n%s", name, got.String())
		}
	}
}

func TestFirst(t *testing.T) {
	for help, want := range map[string]string{
		"How to write it. More.":    "How to write it",
		"a; b":                      "a",
		"v1.2 is out":               "v1.2 is out",
		"":                          "",
		strings.Repeat("word ", 30): strings.TrimSpace(strings.Repeat("word ", 15)) + " …",
		strings.Repeat("x", 200):    strings.Repeat("x", 76) + " …",
	} {
		if got := first(help); got != want {
			t.Errorf("first(%q) = %q, want %q", help, got, want)
		}
	}
}
