package cli

import (
	"os"
	"slices"
	"strings"
)

var commands = []string{"generate", "database", "spec", "completion", "man", "reference"}

// defaultCommand is what a command line without a command means.
const defaultCommand = "generate"

// translate turns the short forms of the command line into sub-commands:
//
//	openapi.yaml --framework express    generate openapi.yaml --framework express
//	--from-db postgres://…              database postgres://…
//	src/routes/ --generate-spec         spec src/routes/
//
// Arguments that begin with a command, or ask for help or the version only, stay
// as they are.
func translate(args []string) []string {
	args = commandFirst(args, commands)
	first := firstOperand(args)
	if len(args) == 0 || slices.Contains(commands, first) {
		return args
	}
	if rest, dsn, ok := cutFlag(args, "--from-db"); ok {
		if dsn != "" {
			rest = append([]string{dsn}, rest...)
		}
		return append([]string{"database"}, rest...)
	}
	if i := slices.Index(args, "--generate-spec"); i >= 0 {
		return append([]string{"spec"}, slices.Delete(slices.Clone(args), i, i+1)...)
	}
	if first == "" && onlyGlobal(args) || first == args[0] && mistyped(first, commands) {
		return args
	}
	return append([]string{"generate"}, args...)
}

// firstOperand is the first argument that is no flag, "-" being an operand. The
// value of --config, the one global flag that takes one, is passed over.
func firstOperand(args []string) string {
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--config":
			i++
		case args[i] == "-" || !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}

// cutFlag takes a flag with its value out of args, in both of its forms.
func cutFlag(args []string, name string) (rest []string, value string, found bool) {
	for i, a := range args {
		switch {
		case a == name && i+1 < len(args):
			return slices.Concat(args[:i], args[i+2:]), args[i+1], true
		case a == name:
			return slices.Clone(args[:i]), "", true
		case strings.HasPrefix(a, name+"="):
			return slices.Concat(args[:i], args[i+1:]), a[len(name)+1:], true
		}
	}
	return args, "", false
}

// onlyGlobal says that all arguments are flags that every command has.
func onlyGlobal(args []string) bool {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--help" || a == "-h" || a == "--version" || a == "--no-color" || strings.HasPrefix(a, "--config="):
		case a == "--config":
			i++
		default:
			return false
		}
	}
	return true
}

// mistyped says that a first word is meant as a command, and is none: it has
// nothing that a path or an address has, and no such file is there.
func mistyped(word string, commands []string) bool {
	if word == "" || slices.Contains(commands, word) || strings.ContainsAny(word, "./\\:-*=@ ") || word == "localhost" {
		return false
	}
	_, err := os.Stat(word)
	return err != nil
}
