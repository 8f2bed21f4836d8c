package parse

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// sourcesOfCases are all files of the cases.
func sourcesOfCases(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, filepath.Join("..", "..", "e2e", "testdata", "judge", "odd.txtar"))
	files := map[string]string{"sample.ts": sampleSource}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			if !strings.HasSuffix(f.Name, ".tree") {
				files[filepath.Base(name)+"/"+f.Name] = string(f.Data)
			}
		}
	}
	return files
}

// TestWalkVisitsEveryNodeOnce compares Walk with what reflection finds in the tree.
func TestWalkVisitsEveryNodeOnce(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for name, source := range sourcesOfCases(t) {
		file, _ := File(name, source)
		found := map[syntax.Node]int{}
		for _, s := range file.Statements {
			reflected(reflect.ValueOf(s), found)
		}
		walked := map[syntax.Node]int{}
		syntax.Walk(file, func(n syntax.Node) bool {
			if n != syntax.Node(file) {
				walked[n]++
			}
			return true
		})
		for n := range found {
			seen[reflect.TypeOf(n)] = true
			if walked[n] != 1 {
				t.Errorf("%s: %s: Walk visits %T %d times", name, file.Position(n.Range().Start), n, walked[n])
			}
		}
		for n := range walked {
			if found[n] == 0 {
				t.Errorf("%s: Walk visits %T, which is not in the tree", name, n)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("the cases have only %d kinds of node", len(seen))
	}
}

// reflected counts the nodes in v.
func reflected(v reflect.Value, found map[syntax.Node]int) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			if n, ok := v.Interface().(syntax.Node); ok {
				if found[n]++; found[n] > 1 {
					return
				}
			}
		}
		reflected(v.Elem(), found)
	case reflect.Slice:
		for i := range v.Len() {
			reflected(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reflected(v.Field(i), found)
		}
	}
}

// TestSpansContainEachOther holds that a node lies in its parent, and that the spans of
// a file are in order.
func TestSpansContainEachOther(t *testing.T) {
	for name, source := range sourcesOfCases(t) {
		file, diagnostics := File(name, source)
		if len(diagnostics) == 0 {
			checkSpans(t, name, file)
		}
	}
}

func checkSpans(t *testing.T, name string, file *syntax.File) {
	t.Helper()
	var stack []syntax.Node
	syntax.Walk(file, func(n syntax.Node) bool {
		s := n.Range()
		if s.Start > s.End || int(s.End) > len(file.Source) {
			t.Errorf("%s: %T has the span %v", name, n, s)
		}
		for len(stack) > 0 && stack[len(stack)-1].Range().End < s.End {
			stack = stack[:len(stack)-1]
		}
		if len(stack) > 0 && stack[len(stack)-1].Range().Start > s.Start {
			t.Errorf("%s: %T at %v begins before %T at %v", name, n, s, stack[len(stack)-1], stack[len(stack)-1].Range())
		}
		stack = append(stack, n)
		return true
	})
}

// hostile are pieces that, repeated, are deep, ambiguous, or both.
var hostile = []string{
	"(", "((a", "[", "{", "{a:", "a(", "a[", "a<", "a<b<", "<T>(", "<T>", "<a>", "<a b={", "`${", "(a = ", "(a=>", "a ? (b) : ", "a?(b):c=>",
	"({a:(", "({a = ", "async (", "async <T>(", "!", "- ", "new ", "await ", "typeof ", "yield ", "a.b", "a+", "a**", "a=", "a,", "a?b:", "if(a)", "else ", "a:",
	"for(", "while(1)", "do ", "switch(a){case b:", "try{", "function f(", "function f(){", "class A{", "class A extends ", "x = class {a=", "@a(",
	"type A = ", "let a:(", "let a:{b:", "let a:[", "let a:A<", "let a:()=>", "let a: T extends ", "T extends infer U extends ", "keyof ", "a as ", "(a:", "(a?:(",
	"let {a:", "let [", "namespace A{", "import {", "export {", "'\\", "/", "/[", "<!--", "/*", "#", "\\u{", "a?.", "a!", "0_", "a<{[", "declare ", "static\n", "public ", "await(", "abstract class A", "T extends (x: ", "a ? (b = ", "let x: ({a = (", "(a): b => ", "x as a<", "=", "a?.(", "<a.b>", "@a ", "a<b>(c);", "f<(a=", "f<<T>(", ")", "]", "}", ";", "=>", "}}", "\xff",
}

// TestHostileInputEnds parses each hostile piece many times over: it must end, and read
// no more tokens than a number of times the length of the source. Without the bounds in
// try.go it reads the square of it, or more.
func TestHostileInputEnds(t *testing.T) {
	for _, piece := range hostile {
		for _, name := range []string{"a.ts", "a.tsx", "a.js"} {
			source := strings.Repeat(piece, 6000)
			p := newParser(name, source)
			p.file(name)
			if most := 30 * len(source); p.steps > most {
				t.Errorf("%s: %q 6,000 times: %d tokens read, of %d bytes", name, piece, p.steps, len(source))
			}
		}
	}
}

// FuzzFile holds that no source ends the parser, that spans lie in the source, and that
// Walk ends.
func FuzzFile(f *testing.F) {
	for name, source := range sourcesOfCases(f) {
		f.Add(name, source)
	}
	for _, piece := range hostile {
		f.Add("a.tsx", strings.Repeat(piece, 3))
	}
	f.Fuzz(func(t *testing.T, name, source string) {
		p := newParser(name, source)
		file := p.file(name)
		if most := 30*len(source) + 1000; p.steps > most {
			t.Errorf("%d tokens read, of %d bytes", p.steps, len(source))
		}
		syntax.Walk(file, func(n syntax.Node) bool {
			s := n.Range()
			if s.Start < 0 || s.Start > s.End || int(s.End) > len(file.Source) {
				t.Fatalf("%T has the span %v in %d bytes", n, s, len(file.Source))
			}
			return true
		})
		for _, d := range p.Diagnostics {
			file.Position(d.Start)
		}
	})
}
