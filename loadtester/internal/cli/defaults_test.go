package cli

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// --help says the default of each flag that has one: where a placeholder stands in
// its place, and of a switch that is on, in words.
func TestHelpSaysDefaults(t *testing.T) {
	var g grammar
	parser, err := kong.New(&g, kong.Vars{"version": "", "formats": "text", "reports": "text", "recorded": "1"})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		f, ok := node.(*kong.Flag)
		if !ok || !f.HasDefault || f.Default == "" {
			return next(nil)
		}
		seen++
		hidden := f.PlaceHolder != "" || f.IsBool() && f.Default == "true"
		if hidden && !strings.Contains(f.Help, "default:") {
			t.Errorf("--%s has the default %s, and its help does not say so: %s", f.Name, f.Default, f.Help)
		}
		return next(nil)
	})
	if err != nil || seen < 15 {
		t.Errorf("%d flags with a default, %v", seen, err)
	}
}
