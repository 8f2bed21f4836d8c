package command

import (
	"fmt"
	"io"
	"strings"
)

// Fish writes the completion for fish, a file for a folder of completions.
func (p Program) Fish(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# fish completion for %s\n\n", p.Name)
	names := strings.Join(p.names(), " ")
	none := "not __fish_seen_subcommand_from " + names
	_, hasBare := p.bare()
	// Files are offered where an argument or a value is one, and nowhere else.
	fmt.Fprintf(&b, "complete -c %s -f\n", p.Name)
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "complete -c %s -n '%s' -a %s -d '%s'\n", p.Name, none, c.Name, quoteFish(first(c.Summary)))
	}
	if !hasBare {
		for _, f := range p.Flags {
			writeFishFlag(&b, p.Name, none, f)
		}
	}
	for _, c := range p.Commands {
		when := "__fish_seen_subcommand_from " + c.Name
		if c.Name == p.Default {
			// Its flags may stand without it.
			when = none + "; or " + when
		}
		b.WriteByte('\n')
		if argumentKind(c) != Text {
			fmt.Fprintf(&b, "complete -c %s -n '%s' -F\n", p.Name, when)
		}
		for _, f := range p.all(c) {
			writeFishFlag(&b, p.Name, when, f)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFishFlag(b *strings.Builder, program, when string, f Flag) {
	fmt.Fprintf(b, "complete -c %s -n '%s' -l %s", program, when, f.Name)
	if f.Short != 0 {
		fmt.Fprintf(b, " -s %c", f.Short)
	}
	switch {
	case f.Switch():
	case len(f.Values) > 0:
		fmt.Fprintf(b, " -x -a '%s'", quoteFish(strings.Join(f.Values, " ")))
	case f.Kind == File:
		b.WriteString(" -r -F")
	case f.Kind == Folder:
		b.WriteString(" -x -a '(__fish_complete_directories)'")
	default:
		b.WriteString(" -x")
	}
	fmt.Fprintf(b, " -d '%s'\n", quoteFish(first(f.Help)))
	if f.Negated != "" {
		fmt.Fprintf(b, "complete -c %s -n '%s' -l %s -d '%s'\n", program, when, f.Negated, quoteFish("Not: "+first(f.Help)))
	}
}

// quoteFish makes text safe between single quotes of fish.
func quoteFish(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }
