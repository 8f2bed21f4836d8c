package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/command"
	"github.com/seniorbackend/tools/shared/problem"
)

// This file makes a value of the command line, for what is written from it. The
// other tools have the same file, as they have kong.go.

type completionCmd struct {
	Shell string `arg:"" optional:"" values:"bash,zsh,fish" help:"bash, zsh or fish (default: the shell of SHELL)."`
}

// Help is shown below the flags.
func (completionCmd) Help() string {
	return `Put what it prints where the shell looks for completions:

    bash   ~/.local/share/bash-completion/completions/
    zsh    a folder of $fpath, as _NAME
    fish   ~/.config/fish/completions/

or load it each time, in ~/.bashrc or ~/.zshrc: source <(NAME completion bash)`
}

// Run prints the completion.
func (c completionCmd) Run(s *session, app *kong.Kong) error {
	shell := c.Shell
	if shell == "" {
		login := s.variable("SHELL")
		shell = login[strings.LastIndexByte(login, '/')+1:]
	}
	p := program(app, s)
	var write func(io.Writer) error
	switch shell {
	case "bash":
		write = p.Bash
	case "zsh":
		write = p.Zsh
	case "fish":
		write = p.Fish
	default:
		return problem.New(p.Name+" completion bash, zsh or fish", "the shell %q has no completion", shell)
	}
	return write(s.Out)
}

type manCmd struct{}

// Run prints the manual page. Its date is SOURCE_DATE_EPOCH where that is set, as
// builds that can be repeated set it.
func (manCmd) Run(s *session, app *kong.Kong) error {
	p := program(app, s)
	p.Date = time.Now()
	if epoch := s.variable("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return problem.New("seconds since 1970", "SOURCE_DATE_EPOCH is %q", epoch)
		}
		p.Date = time.Unix(seconds, 0)
	}
	return p.Manual(s.Out)
}

// variable is the value of a variable of the environment; "" where it is not set.
func (s *session) variable(name string) string {
	for _, entry := range s.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

type referenceCmd struct{}

// Run prints the table of flags that the documentation holds.
func (referenceCmd) Run(s *session, app *kong.Kong) error { return program(app, s).Reference(s.Out) }

// program is the whole command line as a value.
func program(app *kong.Kong, s *session) command.Program {
	summary, rest, _ := strings.Cut(app.Model.Help, "\n")
	p := command.Program{
		Name: app.Model.Name, Version: s.info.Version, Summary: summary, Description: rest, Default: defaultCommand,
		Flags: describeFlags(app.Model.Node),
		Files: []command.Entry{{Name: "~/.config/" + app.Model.Name + "/config.yaml", Meaning: "Flags in YAML, read at each start; --config names another. (On macOS ~/Library/Application Support, on Windows %AppData%.)"}},
		Statuses: []command.Entry{
			{Name: "0", Meaning: "It ran, and all is well."},
			{Name: "1", Meaning: "It ran, and a check, an expectation or a finding failed."},
			{Name: "2", Meaning: "It could not run: usage, connection, input or output."},
			{Name: "130", Meaning: "It was interrupted."},
		},
		Home: "https://" + home,
	}
	for _, n := range app.Model.Children {
		if n.Type == kong.CommandNode && !n.Hidden {
			p.Commands = append(p.Commands, describeCommand(n))
		}
	}
	return p
}

// home is where the three tools live.
const home = "github.com/seniorbackend/tools"

func describeCommand(n *kong.Node) command.Command {
	c := command.Command{Name: n.Name, Summary: n.Help, Description: n.Detail, Flags: describeFlags(n)}
	for _, v := range n.Positional {
		name := strings.ToUpper(strings.Trim(v.Name, "<>"))
		c.Arguments = append(c.Arguments, command.Argument{
			Name: name, Help: v.Help, Optional: !v.Required, Repeats: v.IsCumulative(), Kind: kindOf(v, v.Tag.PlaceHolder, name),
		})
	}
	return c
}

func describeFlags(n *kong.Node) []command.Flag {
	var list []command.Flag
	for _, f := range n.Flags {
		if f.Hidden || f.Name == "help" {
			continue
		}
		one := command.Flag{Name: f.Name, Short: f.Short, Help: f.Help, Default: f.Default}
		if f.Group != nil {
			one.Group = strings.TrimSuffix(f.Group.Title, ":")
		}
		if len(f.Envs) > 0 {
			one.Variable = f.Envs[0]
		}
		switch {
		case f.Tag.Negatable == "_":
			one.Negated = "no-" + f.Name
		case f.Tag.Negatable != "":
			one.Negated = f.Tag.Negatable
		}
		if !f.IsBool() && !isVersion(f) {
			if one.Value = f.FormatPlaceHolder(); strings.Trim(one.Value, `"`) == f.Default {
				one.Value = strings.ToUpper(f.Name)
			}
			one.Kind = kindOf(f.Value, f.PlaceHolder, "")
			one.Values = valuesOf(f)
		}
		list = append(list, one)
	}
	return list
}

// isVersion says that the flag is --version, which takes no value and is no
// truth value to kong.
func isVersion(f *kong.Flag) bool {
	_, ok := f.Target.Interface().(kong.VersionFlag)
	return ok
}

// valuesOf are the values that a flag can have: those of its enum, or those that
// its help lists by the tag "values".
func valuesOf(f *kong.Flag) []string {
	list := f.Tag.Get("values")
	if f.Enum != "" {
		list = f.Enum
	}
	var values []string
	for _, v := range strings.Split(list, ",") {
		if v = strings.TrimSpace(v); v != "" {
			values = append(values, v)
		}
	}
	return values
}

// kindOf says whether a value is a path: its placeholder says so to readers too.
func kindOf(v *kong.Value, placeholder, name string) command.Kind {
	for _, word := range []string{v.Tag.Type, placeholder, name} {
		switch word = strings.ToUpper(fmt.Sprint(word)); {
		case word == "EXISTINGDIR" || strings.HasPrefix(word, "DIR") || strings.HasPrefix(word, "FOLDER"):
			return command.Folder
		case word == "EXISTINGFILE" || word == "PATH" || strings.HasPrefix(word, "FILE"), word == "SCHEMA", word == "SPEC", word == "RESULT", word == "RESULTS", word == "ENTRY":
			return command.File
		}
	}
	return command.Text
}
