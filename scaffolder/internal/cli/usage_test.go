package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/terminal"
)

// usageProbe has a flag and an argument of every kind.
type usageProbe struct {
	Copy struct {
		From string  `arg:"" help:"What to copy."`
		To   string  `arg:"" help:"Where to."`
		Kind string  `enum:"text,json" default:"text" short:"k" help:"Which form."`
		Size int     `help:"How many MiB at most. More is refused."`
		Rate float64 `help:"Requests a second."`
		Name string  `help:"URLs of the name."`
	} `cmd:"" help:"Copy."`
	Login struct {
		User string `required:"" placeholder:"NAME" help:"Who logs in."`
	} `cmd:"" help:"Log in."`
	globals
}

func TestUsage(t *testing.T) {
	for line, want := range map[string]string{
		"":                      `error: which command? copy, login, completion or man|hint: see probe --help`,
		"cpoy a b":              `error: unknown command "cpoy"|hint: did you mean copy? see probe --help`,
		"version":               `error: unknown command "version"|hint: write probe --version; see probe --help`,
		"copy a b c":            `error: unexpected argument "c": write probe copy <from> <to>|hint: see probe copy --help`,
		"login ann --user ann":  `error: unexpected argument "ann": probe login takes none|hint: see probe login --help`,
		"copy a":                `error: <to> is missing: where to|hint: write probe copy <from> <to>; see probe copy --help`,
		"copy":                  `error: <from> is missing: what to copy; <to> is missing: where to|hint: write probe copy <from> <to>; see probe copy --help`,
		"copy a b --kidn text":  `error: unknown flag --kidn|hint: did you mean --kind? see probe copy --help`,
		"copy a b -x":           `error: unknown flag -x|hint: see probe copy --help`,
		"copy a b --user ann":   `error: unknown flag --user|hint: --user belongs to login; see probe copy --help`,
		"--size 3":              `error: which command? --size belongs to copy|hint: see probe --help`,
		"copy a b --kind":       `error: --kind needs a value: text or json|hint: see probe copy --help`,
		"copy a b -k":           `error: --kind needs a value: text or json|hint: see probe copy --help`,
		"copy a b --name":       `error: --name needs a value: URLs of the name|hint: see probe copy --help`,
		"copy a b --kind yaml":  `error: --kind is one of text and json, not "yaml"|hint: see probe copy --help`,
		"copy a b --kind JSON5": `error: --kind is one of text and json, not "JSON5"|hint: did you mean json? see probe copy --help`,
		"copy a b --size 1GB":   `error: --size: "1GB" is no whole number (how many MiB at most)|hint: see probe copy --help`,
		"copy a b --size":       `error: --size needs a value: how many MiB at most|hint: see probe copy --help`,
		"copy a b --rate fast":  `error: --rate: "fast" is no number (requests a second)|hint: see probe copy --help`,
		"copy a b --name -5":    `error: --name needs a value: URLs of the name|hint: if -5 is the value, write --name=-5; see probe copy --help`,
		"login":                 `error: --user=NAME is missing: who logs in|hint: see probe login --help`,
	} {
		var out, errs bytes.Buffer
		var g usageProbe
		code := execute(t.Context(), strings.Fields(line), terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
		if got := strings.ReplaceAll(strings.TrimSpace(errs.String()), "\n", "|"); got != want || code != 2 {
			t.Errorf("probe %s: exit %d\n got %s\nwant %s", line, code, got, want)
		}
	}
}

func TestCommandFirst(t *testing.T) {
	commands := []string{"copy", "login"}
	for line, want := range map[string]string{
		"--rate 5 copy a": "copy --rate 5 a", "--rate=5 copy a": "copy --rate=5 a", "copy a": "copy a", "--name copy": "--name copy", "a copy": "a copy", "-v copy": "-v copy", "": "",
	} {
		if got := strings.Join(commandFirst(strings.Fields(line), commands), " "); got != want {
			t.Errorf("%s becomes %s, want %s", line, got, want)
		}
	}
}

// The list of commands is the grammar's.
func TestCommandsAreAll(t *testing.T) {
	var g grammar
	parser, err := kong.New(&g, kong.Vars{"version": "", "formats": "text", "reports": "text", "recorded": "1"})
	if err != nil {
		t.Fatal(err)
	}
	got, want := slices.Clone(commands), []string(nil)
	for _, child := range parser.Model.Children { // hidden ones too
		want = append(want, child.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the commands are %v, the list says %v", want, got)
	}
}
