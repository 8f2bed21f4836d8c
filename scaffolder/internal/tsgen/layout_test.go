package tsgen

import (
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// The wanted texts are what prettier 3.10 makes of the same code (printWidth 100).
func TestLayout(t *testing.T) {
	long := strings.Repeat("x", 60)
	for name, c := range map[string]struct{ got, want string }{
		"call":            {render(call("f", docText("a"), docText("b")), 0), "f(a, b)"},
		"broken call":     {render(call("f", docText(long), docText(long)), 0), "f(\n  " + long + ",\n  " + long + ",\n)"},
		"union":           {render(atom("A").or("B").layout("type T =", ";"), 0), "type T = A | B;"},
		"union next line": {render(atom("A").or(strings.Repeat("y", 90)).layout("type T =", ";"), 0), "type T =\n  A | " + strings.Repeat("y", 90) + ";"},
		"broken union":    {render(atom(long).or(long+"2").layout("type T =", ";"), 0), "type T =\n  | " + long + "\n  | " + long + "2;"},
		"numbers fill":    {render(listLiteral(numberValues(40), numberDocs(40)), 0), filledNumbers},
		"assign":          {assign("const a =", call("f", docText("b")), 0), "const a = f(b);"},
		"assign breaks":   {assign("const a =", call("f", docText(long), docText(long)), 0), "const a = f(\n  " + long + ",\n  " + long + ",\n);"},
		"assign moves":    {assign("const "+long+" =", call(long, docText("b")), 0), "const " + long + " =\n  " + long + "(b);"},
		"wide letters":    {render(list(docText(quote(strings.Repeat("漢", 30))), docText(quote(strings.Repeat("漢", 20)))), 0), "[\n  '" + strings.Repeat("漢", 30) + "',\n  '" + strings.Repeat("漢", 20) + "',\n]"},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, c.got, c.want)
		}
	}
}

const filledNumbers = `[
  1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015,
  1016, 1017, 1018, 1019, 1020, 1021, 1022, 1023, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031,
  1032, 1033, 1034, 1035, 1036, 1037, 1038, 1039,
]`

func numberValues(n int) []api.Value {
	var out []api.Value
	for i := range n {
		out = append(out, api.Value(itoa(1000+i)))
	}
	return out
}

func numberDocs(n int) []doc {
	var out []doc
	for _, v := range numberValues(n) {
		out = append(out, docText(v))
	}
	return out
}
