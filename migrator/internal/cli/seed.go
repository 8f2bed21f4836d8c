package cli

import "strings"

// commands are the words that a command line of the documented grammar begins with.
var commands = []string{"diff", "new", "check", "apply", "rollback", "status", "verify", "adopt", "resolve", "scratch", "inspect", "analyze", "suggest-indexes", "lint", "completion", "man", "reference"}

// defaultCommand is what a command line without a command means: there is none.
const defaultCommand = ""

// flagForm translates the command line in its flag form, which needs no
// command's name, to the documented one:
//
//	migrator --connection DSN --compare schema.sql --output DIR   -> diff --from DSN --to schema.sql --output DIR
//	migrator --connection DSN --migrate FILE [--dry-run]          -> apply FILE --connection DSN [--dry-run]
//	migrator --connection DSN --analyze                           -> analyze --connection DSN
//	migrator --connection DSN --suggest-indexes [--output DIR]    -> suggest-indexes --connection DSN [--output DIR]
//
// Every other command line is given back as it is.
func flagForm(args []string) []string {
	args = commandFirst(args, commands)
	if len(args) == 0 || !strings.HasPrefix(args[0], "-") {
		return args
	}
	var command, value string
	var connection, rest []string
	for i := 0; i < len(args); i++ {
		name, inline, hasValue := strings.Cut(args[i], "=")
		take := func() string {
			if hasValue {
				return inline
			}
			if i+1 < len(args) {
				i++
				return args[i]
			}
			return ""
		}
		switch name {
		case "--connection":
			connection = []string{name, take()}
		case "--compare", "--migrate":
			command, value = name, take()
		case "--analyze", "--suggest-indexes":
			command = name
		case "--":
			rest = append(rest, args[i:]...)
			i = len(args)
		default:
			rest = append(rest, args[i])
		}
	}
	switch command {
	case "--compare":
		translated := []string{"diff"}
		if connection != nil {
			translated = append(translated, "--from", connection[1])
		}
		return append(append(translated, "--to", value), rest...)
	case "--migrate":
		return append(append([]string{"apply", value}, connection...), rest...)
	case "--analyze", "--suggest-indexes":
		return append(append([]string{strings.TrimPrefix(command, "--")}, connection...), rest...)
	}
	return args
}
