package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// unbounded are the places outside of main and tests where a context that never
// ends is right, and why.
var unbounded = map[string]string{
	"scaffolder/internal/spec/resolve.go":            "the library looks a reference up in a document that it holds",
	"loadtester/internal/target/openapi/document.go": "the same",
}

// What tidies up after the work has ended does it with a context of its own. That
// has a bound: a server that no longer answers would keep the program for ever.
func TestContextsHaveABound(t *testing.T) {
	w := workspace(t)
	seen := map[string]bool{}
	for _, m := range Modules() {
		err := filepath.WalkDir(filepath.Join(w.Root, m), func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && e.Name() == "testdata":
				return fs.SkipDir
			case e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || e.Name() == "main.go":
				return nil
			}
			name, _ := filepath.Rel(w.Root, path)
			name = filepath.ToSlash(name)
			for _, at := range bare(t, path) {
				seen[name] = true
				if unbounded[name] == "" {
					t.Errorf("%s:%d: a context that never ends: take the caller's, or write context.WithTimeout around it", name, at)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range unbounded {
		if !seen[name] {
			t.Errorf("%s has no unbounded context any more: take it out of the list", name)
		}
	}
}

// bare are the lines of a file on which context.Background or context.TODO stands
// outside of WithTimeout and WithDeadline.
func bare(t *testing.T, path string) (lines []int) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	bounded := map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch calls(call) {
		case "WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause":
			bounded[call.Args[0]] = true
		case "Background", "TODO":
			if !bounded[call] {
				lines = append(lines, files.Position(call.Pos()).Line)
			}
		}
		return true
	})
	return lines
}

// calls is the function of package context that is called, or "".
func calls(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok && x.Name == "context" {
			return s.Sel.Name
		}
	}
	return ""
}
