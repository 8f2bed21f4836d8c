package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/problem"
)

// This file says what is wrong with a command line in the words of its user.
// kong gives texts and no values, so its texts are read here, and TestUsage
// holds every one of them: a new version of kong that says it differently fails
// there. The other tools have the same file.

// usageProblem is an error of the command line, with what to do about it.
func usageProblem(tool string, err error) error {
	var own *problem.Problem
	if errors.As(err, &own) {
		return own
	}
	if p := noSuchFile(err); p != nil {
		return p
	}
	u := usage{command: tool, err: err}
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		u.node = parse.Context.Model.Node
		if selected := parse.Context.Selected(); selected != nil {
			u.node = selected
			u.command += " " + selected.Path()
		}
	}
	text := err.Error()
	for _, f := range usageForms {
		if m := f.find.FindStringSubmatch(text); m != nil {
			if p := f.explain(u, m); p != nil {
				return p
			}
		}
	}
	return u.problem("", "%v", err)
}

// usage is where an error of the command line happened.
type usage struct {
	command string // the tool, and the command in it
	node    *kong.Node
	err     error
}

// problem is an error with a hint that begins with hint, if any, and ends with
// where to read on.
func (u usage) problem(hint, format string, args ...any) error {
	switch {
	case strings.HasSuffix(hint, "?"):
		hint += " "
	case hint != "":
		hint += "; "
	}
	return problem.Wrap(u.err, hint+"see "+u.command+" --help", format, args...)
}

// usageForms are kong's texts.
var usageForms = []struct {
	find    *regexp.Regexp
	explain func(u usage, m []string) error
}{
	{regexp.MustCompile(`(?s)^unexpected argument (.+?)(?:, did you mean (?:one of )?(".*")\?)?$`), usage.unexpected},
	{regexp.MustCompile(`(?s)^unknown flag (--?.+?)(?:, did you mean (?:one of )?(".*")\?)?$`), usage.unknownFlag},
	{regexp.MustCompile(`^(--?[^:= ]+)[^:]*: (?:expected .* value but got "EOL" \(<EOL>\)|missing value, expecting .*)$`), func(u usage, m []string) error {
		return u.problem("", "%s needs a value: %s", m[1], u.wanted(m[1]))
	}},
	{regexp.MustCompile(`^(--?[^:= ]+)[^:]*: expected .* value but got "(-[^"]*)" \(.*flag\)`), func(u usage, m []string) error {
		return u.problem(fmt.Sprintf("if %s is the value, write %s=%s", m[2], m[1], m[2]), "%s needs a value: %s", m[1], u.wanted(m[1]))
	}},
	{regexp.MustCompile(`^(--?[^:= ]+)[^:]*: expected (?:a valid [0-9]+ bit u?int|an int) but got "(.*)"`), func(u usage, m []string) error {
		return u.problem("", "%s: %q is no whole number (%s)", m[1], m[2], u.wanted(m[1]))
	}},
	{regexp.MustCompile(`^(--?[^:= ]+)[^:]*: expected a float but got "(.*)"`), func(u usage, m []string) error {
		return u.problem("", "%s: %q is no number (%s)", m[1], m[2], u.wanted(m[1]))
	}},
	{regexp.MustCompile(`(?s)^(--[^= ]+|<[^>]+>)\S* must be one of (".*") but got "(.*)"$`), func(u usage, m []string) error {
		choices := listed(m[2])
		return u.problem(meant(near(m[3], choices)), "%s is one of %s, not %q", m[1], enumerate(choices, "and"), m[3])
	}},
	{regexp.MustCompile(`^missing flags: (.+)$`), usage.missingFlags},
	{regexp.MustCompile(`^expected (?:one of )?(".*")$`), usage.expected},
	{regexp.MustCompile(`^missing positional arguments (.+)$`), func(u usage, m []string) error { return u.missing(strings.Fields(m[1])) }},
}

// unexpected is a word too many. Where no command was chosen it was meant as one.
func (u usage) unexpected(m []string) error {
	if u.node != nil && u.node.Type == kong.ApplicationNode {
		hint := meant(m[2])
		switch {
		case m[1] == "version" || m[1] == "help":
			hint = "write " + u.command + " --" + m[1]
		case hint == "":
			hint = "the commands are " + enumerate(commandsOf(u.node), "and")
		}
		return u.problem(hint, "unknown command %q", m[1])
	}
	if u.node == nil || len(u.node.Positional) == 0 {
		return u.problem("", "unexpected argument %q: %s takes none", m[1], u.command)
	}
	return u.problem("", "unexpected argument %q: write %s %s", m[1], u.command, positionals(u.node))
}

// unknownFlag is a flag that the command does not have. It may be one that others
// have.
func (u usage) unknownFlag(m []string) error {
	if owners := u.owners(m[1]); len(owners) > 0 {
		if u.node.Type == kong.ApplicationNode {
			return u.problem("", "which command? %s belongs to %s", m[1], enumerate(owners, "and"))
		}
		if m[2] == "" {
			return u.problem(m[1]+" belongs to "+enumerate(owners, "and"), "unknown flag %s", m[1])
		}
	}
	if len(m[1]) <= len("-x") {
		m[2] = "" // every other letter is near
	}
	return u.problem(meant(m[2]), "unknown flag %s", m[1])
}

// owners are the commands that have the flag.
func (u usage) owners(flag string) []string {
	root := u.node
	for root != nil && root.Parent != nil {
		root = root.Parent
	}
	if root == nil {
		return nil
	}
	var list []string
	for _, child := range root.Children {
		if !child.Hidden && slices.ContainsFunc(child.Flags, func(f *kong.Flag) bool { return "--"+f.Name == flag || f.Short != 0 && "-"+string(f.Short) == flag }) {
			list = append(list, child.Name)
		}
	}
	return list
}

// expected is a command or an argument that is missing.
func (u usage) expected(m []string) error {
	if words := strings.Fields(strings.Trim(m[1], `"`)); len(words) > 0 && strings.HasPrefix(words[0], "<") {
		return u.missing(words)
	}
	if u.node == nil {
		return nil
	}
	return u.problem("", "which command? %s", enumerate(commandsOf(u.node), "or"))
}

// missing are arguments that are not there, with what each is for.
func (u usage) missing(names []string) error {
	if u.node == nil {
		return nil
	}
	var said []string
	for _, p := range u.node.Positional {
		if slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "<"+p.Name+">") }) {
			said = append(said, fmt.Sprintf("<%s> is missing: %s", p.Name, sentence(p.Help)))
		}
	}
	if len(said) == 0 {
		return nil
	}
	return u.problem("write "+u.command+" "+positionals(u.node), "%s", strings.Join(said, "; "))
}

func (u usage) missingFlags(m []string) error {
	var said []string
	for _, flag := range strings.Split(m[1], ", ") {
		name, _, _ := strings.Cut(flag, "=")
		said = append(said, fmt.Sprintf("%s is missing: %s", flag, u.wanted(name)))
	}
	return u.problem("", "%s", strings.Join(said, "; "))
}

// wanted says what a flag takes: its choices, or its help.
func (u usage) wanted(name string) string {
	for node := u.node; node != nil; node = node.Parent {
		for _, f := range node.Flags {
			if "--"+f.Name != name && !(f.Short != 0 && "-"+string(f.Short) == name) {
				continue
			}
			if f.Enum != "" {
				return enumerate(f.EnumSlice(), "or")
			}
			return sentence(f.Help)
		}
	}
	return "see the help"
}

// sentence is a help text inside of a sentence: its first one, without its end.
func sentence(help string) string {
	first, _, _ := strings.Cut(help, ". ")
	first = strings.TrimSuffix(first, ".")
	word, _, _ := strings.Cut(first, " ")
	if word != "" && strings.ToLower(word[1:]) == word[1:] { // OpenAPI and URL are names
		return strings.ToLower(first[:1]) + first[1:]
	}
	return first
}

func positionals(node *kong.Node) string {
	var names []string
	for _, p := range node.Positional {
		names = append(names, p.Summary())
	}
	return strings.Join(names, " ")
}

func commandsOf(node *kong.Node) []string {
	var names []string
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	return names
}

// listed parts kong's `"a","b"` and `"a", "b"`.
func listed(quoted string) []string {
	var words []string
	for _, w := range strings.Split(quoted, ",") {
		words = append(words, strings.Trim(w, ` "`))
	}
	return words
}

// meant asks whether another word was meant; quoted is kong's list, or "".
func meant(quoted string) string {
	if quoted == "" {
		return ""
	}
	return "did you mean " + enumerate(listed(quoted), "or") + "?"
}

// near is the choice that begins with word, or ends it.
func near(word string, choices []string) string {
	for _, c := range choices {
		if word != "" && c != "" && (strings.HasPrefix(c, strings.ToLower(word)) || strings.HasPrefix(strings.ToLower(word), c)) {
			return c
		}
	}
	return ""
}

// enumerate is a list in a sentence: a, b and c.
func enumerate(words []string, last string) string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// commandFirst puts the command first where flags stand before it: kong knows
// only flags of every command there. A word behind a flag without a value may be
// that flag's value, and stays.
func commandFirst(args, commands []string) []string {
	for i, arg := range args {
		switch {
		case i > 0 && slices.Contains(commands, arg) && (!strings.HasPrefix(args[i-1], "-") || strings.Contains(args[i-1], "=")):
			return slices.Concat([]string{arg}, args[:i], args[i+1:])
		case strings.HasPrefix(arg, "-") && arg != "-" && arg != "--":
		case i == 0 || !strings.HasPrefix(args[i-1], "-") || strings.Contains(args[i-1], "="):
			return args // an operand: what follows is no command
		}
	}
	return args
}
