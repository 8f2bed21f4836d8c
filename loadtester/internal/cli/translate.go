package cli

import (
	"slices"
	"strings"
)

// commands are the words that a command line of the documented grammar begins with.
var commands = []string{"run", "compare", "capacity", "report", "merge", "check", "completion", "man", "reference"}

// defaultCommand is what a command line without a command means.
const defaultCommand = "run"

// translate turns the short forms into the documented grammar:
//
//	URL FLAGS…                        run URL FLAGS…
//	URL1 URL2 --compare FLAGS…        compare URL1 URL2 FLAGS…
//	URL --compare baseline.json FLAGS… compare baseline.json URL FLAGS…
//
// Other command lines come back as they are.
func translate(args []string) []string {
	args = commandFirst(args, commands)
	if len(args) == 0 || slices.Contains(commands, args[0]) {
		return args
	}
	if at := slices.Index(args, "--compare"); at >= 0 {
		rest := slices.Delete(slices.Clone(args), at, at+1)
		if at < len(rest) && isFile(rest[at]) {
			baseline := rest[at]
			return append([]string{"compare", baseline}, slices.Delete(rest, at, at+1)...)
		}
		return append([]string{"compare"}, rest...)
	}
	for _, a := range args {
		if a == "-h" || a == "--help" || a == "--version" {
			if !slices.ContainsFunc(args, isURL) {
				return args
			}
		}
	}
	// A first word that is neither a flag nor looks like a place is a mistyped
	// command: kong says which ones there are.
	if first := args[0]; strings.HasPrefix(first, "-") && !slices.ContainsFunc(args, isURL) && !slices.ContainsFunc(args, isSource) || isWord(first) {
		return args
	}
	return append([]string{"run"}, args...)
}

// twoURLs says that a run is given two URLs side by side. (Elsewhere a URL may be
// a flag's value.)
func twoURLs(args []string) bool {
	if len(args) > 0 && args[0] == "run" {
		args = args[1:]
	}
	return len(args) > 1 && isURL(args[0]) && isURL(args[1]) && !slices.Contains(args, "--compare")
}

func isURL(arg string) bool { return strings.Contains(arg, "://") && !strings.HasPrefix(arg, "-") }

// isWord says that arg has nothing that an address has.
func isWord(arg string) bool { return !strings.ContainsAny(arg, ".:/-") && arg != "localhost" }

// isSource says that arg is a flag that takes the place of a URL.
func isSource(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return slices.Contains([]string{"--openapi", "--targets", "--curl", "--har", "--replay"}, name)
}

// isFile says that the word after --compare is a saved run.
func isFile(arg string) bool { return !strings.HasPrefix(arg, "-") && !isURL(arg) }
