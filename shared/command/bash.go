package command

import (
	"fmt"
	"io"
	"strings"
)

// Bash writes the completion for bash, to be sourced. It needs nothing but bash.
func (p Program) Bash(w io.Writer) error {
	var b strings.Builder
	name := identifier(p.Name)
	fmt.Fprintf(&b, "# bash completion for %s\n\n_%s() {\n", p.Name, name)
	b.WriteString(`    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flag= command= word
    # bash makes words of their own of --flag, = and value.
    if [[ $cur == = ]]; then
        flag=$prev cur=
    elif [[ $prev == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $prev == -* ]]; then
        flag=$prev
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
`)
	fmt.Fprintf(&b, "            %s) command=$word; break ;;\n        esac\n    done\n", strings.Join(p.names(), "|"))
	if p.Default != "" {
		// The words before are a form without a command: loadtester URL --rate.
		fmt.Fprintf(&b, "    if [[ -z $command && ( COMP_CWORD -gt 1 || $cur == -* ) ]]; then\n        command=%s\n    fi\n", p.Default)
	}
	b.WriteString("    COMPREPLY=()\n    case $command in\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "        %s)\n", c.Name)
		writeBashFlags(&b, p.all(c))
		b.WriteString("            ;;\n")
	}
	fmt.Fprintf(&b, "        *)\n            if [[ $cur == -* ]]; then\n                mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n", words(p.Flags))
	fmt.Fprintf(&b, "            else\n                mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n            fi\n            ;;\n    esac\n}\n\n", strings.Join(p.names(), " "))
	fmt.Fprintf(&b, "complete -o bashdefault -o default -F _%s %s\n", name, p.Name)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeBashFlags writes what follows a command: values after a flag that has
// some, names of flags after a dash. An empty list makes bash show files.
func writeBashFlags(b *strings.Builder, flags []Flag) {
	b.WriteString("            case $flag in\n")
	for _, f := range flags {
		if f.Switch() {
			continue
		}
		pattern := strings.Join(f.spellings(), "|")
		switch {
		case len(f.Values) > 0:
			fmt.Fprintf(b, "                %s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\"); return ;;\n", pattern, quoteSingle(strings.Join(f.Values, " ")))
		case f.Kind == File:
			fmt.Fprintf(b, "                %s) return ;;\n", pattern)
		case f.Kind == Folder:
			fmt.Fprintf(b, "                %s) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); compopt -o filenames; return ;;\n", pattern)
		default:
			fmt.Fprintf(b, "                %s) compopt +o default +o bashdefault; return ;;\n", pattern)
		}
	}
	b.WriteString("            esac\n            if [[ $cur == -* ]]; then\n")
	fmt.Fprintf(b, "                mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n            fi\n", words(flags))
}

// words are the flags' long names.
func words(flags []Flag) string {
	var list []string
	for _, f := range flags {
		for _, s := range f.spellings() {
			if strings.HasPrefix(s, "--") {
				list = append(list, s)
			}
		}
	}
	return strings.Join(list, " ")
}

// identifier is a name that shells take for a function.
func identifier(name string) string { return strings.ReplaceAll(name, "-", "_") }

// quoteSingle makes text safe between single quotes of a POSIX shell.
func quoteSingle(s string) string { return strings.ReplaceAll(s, "'", `'\''`) }
