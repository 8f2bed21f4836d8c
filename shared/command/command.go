// Package command is a program's command line as a value, and what is written
// from it: completions for shells, the manual page, and the reference of flags.
//
// In comes a Program that a tool's cli makes of its own grammar; out comes text.
// It knows no parser of command lines, and nothing of a tool.
package command

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Program is one tool.
type Program struct {
	Name    string // "loadtester"
	Version string // "v1.2.3"
	Date    time.Time
	Summary string // one sentence
	// Description is paragraphs parted by empty lines; indented lines are
	// commands, shown as they stand.
	Description string
	Commands    []Command
	Flags       []Flag // of every command
	// Default names the command that runs when none is named; "" where there is
	// none.
	Default  string
	Files    []Entry
	Statuses []Entry // exit codes
	Home     string  // where the program comes from
}

// A Command is a verb: "run".
type Command struct {
	Name        string
	Summary     string
	Description string // as that of Program
	Arguments   []Argument
	Flags       []Flag
}

// An Argument is a word that is not a flag's.
type Argument struct {
	Name     string // "URL"
	Help     string
	Optional bool
	Repeats  bool
	Kind     Kind
}

// A Flag is "--rate".
type Flag struct {
	Name     string // "rate"
	Short    rune   // 'r', or 0
	Help     string
	Group    string
	Value    string // what stands for the value in help: "RATE"; "" of a switch
	Optional bool   // the value may be left out
	Negated  string // the name that turns a switch off: "no-proof"; or ""
	Default  string
	Variable string // of the environment: "LOADTESTER_RATE"
	Kind     Kind
	Values   []string // those that are possible, or that are worth showing
}

// Kind is what a value names, for whoever completes it.
type Kind int

// The kinds of values.
const (
	Text Kind = iota
	File
	Folder
)

// An Entry is a name and what it means.
type Entry struct{ Name, Meaning string }

// Switch says that the flag has no value.
func (f Flag) Switch() bool { return f.Value == "" }

// all lists the flags of a command with those of every command.
func (p Program) all(c Command) []Flag { return slices.Concat(c.Flags, p.Flags) }

// bare is the command whose flags and arguments stand where no command does.
func (p Program) bare() (Command, bool) {
	at := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == p.Default })
	if at < 0 {
		return Command{}, false
	}
	return p.Commands[at], true
}

// names are the commands' names, sorted.
func (p Program) names() []string {
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// spellings are the words that the flag is written as: "--rate", "-r".
func (f Flag) spellings() []string {
	list := []string{"--" + f.Name}
	if f.Negated != "" {
		list = append(list, "--"+f.Negated)
	}
	if f.Short != 0 {
		list = append(list, "-"+string(f.Short))
	}
	return list
}

// first is the first sentence of a help text, short enough for a menu.
func first(help string) string {
	help = strings.Join(strings.Fields(help), " ")
	for i := range help {
		if end := help[i]; (end == '.' || end == ';') && (i+1 == len(help) || help[i+1] == ' ') {
			help = help[:i]
			break
		}
	}
	const longest = 76
	if len(help) <= longest {
		return help
	}
	cut := strings.LastIndexByte(help[:longest], ' ')
	return strings.TrimRight(help[:cmp.Or(max(cut, 0), longest)], " ,:") + " …"
}
