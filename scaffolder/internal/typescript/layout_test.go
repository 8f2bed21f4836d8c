package typescript

import (
	"strconv"
	"strings"
	"testing"
)

// The wanted texts are what prettier 3.10 makes of the same code (printWidth 100).
func TestLayout(t *testing.T) {
	long := strings.Repeat("x", 60)
	for name, c := range map[string]struct{ got, want string }{
		"call":            {Render(Call("f", Text("a"), Text("b")), 0), "f(a, b)"},
		"broken call":     {Render(Call("f", Text(long), Text(long)), 0), "f(\n  " + long + ",\n  " + long + ",\n)"},
		"union":           {Render(Atom("A").Or("B").Layout("type T =", ";"), 0), "type T = A | B;"},
		"union next line": {Render(Atom("A").Or(strings.Repeat("y", 90)).Layout("type T =", ";"), 0), "type T =\n  A | " + strings.Repeat("y", 90) + ";"},
		"broken union":    {Render(Atom(long).Or(long+"2").Layout("type T =", ";"), 0), "type T =\n  | " + long + "\n  | " + long + "2;"},
		"alias":           {Render(Atom(long).Layout("type "+long+" =", ";"), 0), "type " + long + " =\n  " + long + ";"},
		"alias of a list": {Render(ListOf(Atom(long)).Layout("type "+long+" =", ";"), 0), "type " + long + " =\n  " + long + "[];"},
		"member":          {Render(Atom(long).Layout(long+":", ";"), 0), long + ": " + long + ";"},
		"import of one":   {Import("import ", "./"+long+".js", Text(long)), "import { " + long + " } from './" + long + ".js';"},
		"import of two":   {Import("import ", "./"+long+".js", Text("a"), Text(long)), "import {\n  a,\n  " + long + ",\n} from './" + long + ".js';"},
		"numbers fill":    {Render(NumberList(numberDocs(40)), 0), filledNumbers},
		"assign":          {Assign("const a =", Call("f", Text("b")), 0), "const a = f(b);"},
		"assign breaks":   {Assign("const a =", Call("f", Text(long), Text(long)), 0), "const a = f(\n  " + long + ",\n  " + long + ",\n);"},
		"assign moves":    {Assign("const "+long+" =", Call(long, Text("b")), 0), "const " + long + " =\n  " + long + "(b);"},
		"wide letters":    {Render(List(Text(Quote(strings.Repeat("漢", 30))), Text(Quote(strings.Repeat("漢", 20)))), 0), "[\n  '" + strings.Repeat("漢", 30) + "',\n  '" + strings.Repeat("漢", 20) + "',\n]"},
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

func numberDocs(n int) []Doc {
	var out []Doc
	for i := range n {
		out = append(out, Text(strconv.Itoa(1000+i)))
	}
	return out
}
