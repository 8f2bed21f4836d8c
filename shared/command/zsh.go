package command

import (
	"fmt"
	"io"
	"strings"
)

// Zsh writes the completion for zsh, a file for a folder of $fpath. It can be
// sourced too.
func (p Program) Zsh(w io.Writer) error {
	var b strings.Builder
	name := identifier(p.Name)
	fmt.Fprintf(&b, "#compdef %s\n\n_%s() {\n", p.Name, name)
	b.WriteString("    local context state state_descr line word command=\n    typeset -A opt_args\n    local -a commands\n    commands=(\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "        '%s:%s'\n", c.Name, quoteSingle(strings.ReplaceAll(first(c.Summary), ":", `\:`)))
	}
	b.WriteString("    )\n    for word in ${words[2,CURRENT-1]}; do\n        case $word in\n")
	fmt.Fprintf(&b, "            %s) command=$word; break ;;\n        esac\n    done\n", strings.Join(p.names(), "|"))
	if p.Default != "" {
		fmt.Fprintf(&b, "    if [[ -z $command && ( $CURRENT -gt 2 || $words[CURRENT] == -* ) ]]; then\n        command=%s\n    fi\n", p.Default)
	}
	b.WriteString("    case $command in\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "        %s)\n            _arguments -s", c.Name)
		for _, f := range p.all(c) {
			writeZshFlag(&b, f)
		}
		// The command's own name is a word among the arguments, if it is there.
		fmt.Fprintf(&b, " \\\n                '*:%s:%s'\n            ;;\n", argumentName(c), zshAction(argumentKind(c), nil))
	}
	b.WriteString("        *)\n            _describe -t commands command commands\n")
	if bare, ok := p.bare(); ok && argumentKind(bare) != Text {
		fmt.Fprintf(&b, "            %s\n", zshAction(argumentKind(bare), nil))
	}
	fmt.Fprintf(&b, "            ;;\n    esac\n}\n\nif [[ $funcstack[1] == _%s ]]; then\n    _%s \"$@\"\nelse\n    compdef _%s %s\nfi\n", name, name, name, p.Name)
	_, err := io.WriteString(w, b.String())
	return err
}

func argumentName(c Command) string {
	if len(c.Arguments) == 0 {
		return "argument"
	}
	return strings.ToLower(strings.ReplaceAll(c.Arguments[0].Name, ":", ""))
}

// argumentKind is that of a command's first argument.
func argumentKind(c Command) Kind {
	if len(c.Arguments) == 0 {
		return Text
	}
	return c.Arguments[0].Kind
}

// writeZshFlag writes the specifications of a flag's spellings.
func writeZshFlag(b *strings.Builder, f Flag) {
	help := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`).Replace(first(f.Help))
	value := ""
	if !f.Switch() {
		value = fmt.Sprintf(":%s:%s", strings.ReplaceAll(f.Value, ":", ""), zshAction(f.Kind, f.Values))
	}
	for _, s := range f.spellings() {
		ending := ""
		switch {
		case f.Switch():
		case strings.HasPrefix(s, "--"):
			ending = "="
		default:
			ending = "+"
		}
		fmt.Fprintf(b, " \\\n                '*%s%s[%s]%s'", s, ending, quoteSingle(help), quoteSingle(value))
	}
}

func zshAction(k Kind, values []string) string {
	switch {
	case len(values) > 0:
		return "(" + strings.NewReplacer(":", `\:`).Replace(strings.Join(values, " ")) + ")"
	case k == File:
		return "_files"
	case k == Folder:
		return "_files -/"
	}
	return " "
}
