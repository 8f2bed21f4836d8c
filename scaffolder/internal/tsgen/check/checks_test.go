package check

import (
	"io/fs"
	"regexp"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/templates"
)

// TestValidatorsHideNothing reads the templates: a property of a document has the
// name of no function that validators call.
func TestValidatorsHideNothing(t *testing.T) {
	local := New(nil, "./", true).locals()
	for _, file := range []string{"validation", "zod", "formats"} {
		text, err := fs.ReadFile(templates.Of("common"), "src/middleware/"+file+".ts.tmpl")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^export (?:function|const) (\w+)`).FindAllStringSubmatch(string(text), -1) {
			switch name := m[1]; name {
			case "invalid", "pattern", "slowPattern": // not called inside of functions
			default:
				if local.Unique(name) == name {
					t.Errorf("a property %s hides the function of %s.ts", name, file)
				}
			}
		}
	}
}
