package plan

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// kind is one of the catalog's details: its name, and the properties that are
// compared, by the names of their fields and as differs knows them.
type kind struct {
	name       string
	properties map[string]string
}

// parse reads a package's source without its tests.
func parse(t *testing.T, folder string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// kinds are the types of package catalog that have the method detail.
func kinds(t *testing.T) []kind {
	t.Helper()
	structs, details := map[string]*ast.StructType{}, []string{}
	for _, f := range parse(t, "../catalog") {
		ast.Inspect(f, func(n ast.Node) bool {
			switch d := n.(type) {
			case *ast.TypeSpec:
				if s, ok := d.Type.(*ast.StructType); ok {
					structs[d.Name.Name] = s
				}
			case *ast.FuncDecl:
				if d.Name.Name == "detail" && d.Recv != nil {
					details = append(details, d.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
				}
			}
			return true
		})
	}
	slices.Sort(details)
	var all []kind
	for _, name := range details {
		k := kind{name, map[string]string{}}
		for _, f := range structs[name].Fields.List {
			if f.Tag != nil {
				tag, _ := strconv.Unquote(f.Tag.Value)
				if reflect.StructTag(tag).Get("diff") == "-" {
					continue
				}
			}
			for _, n := range f.Names {
				k.properties[n.Name] = snake(n.Name)
			}
		}
		all = append(all, k)
	}
	return all
}

// snake is a field's name as Difference has it.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte(' ')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// used are the cases of the type switches of each function, the words that differs
// is asked for, and the fields that are read, in this package.
func used(t *testing.T) (cases map[string][]string, words, fields map[string]bool) {
	t.Helper()
	cases, words, fields = map[string][]string{}, map[string]bool{}, map[string]bool{}
	for _, f := range parse(t, ".") {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				switch e := n.(type) {
				case *ast.CaseClause:
					for _, c := range e.List {
						if star, ok := c.(*ast.StarExpr); ok {
							if sel, ok := star.X.(*ast.SelectorExpr); ok {
								cases[fn.Name.Name] = append(cases[fn.Name.Name], sel.Sel.Name)
							}
						}
					}
				case *ast.CallExpr:
					if sel, ok := e.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "differs" {
						for _, a := range e.Args {
							if lit, ok := a.(*ast.BasicLit); ok {
								word, _ := strconv.Unquote(lit.Value)
								words[word] = true
							}
						}
					}
				case *ast.SelectorExpr:
					fields[e.Sel.Name] = true
				}
				return true
			})
		}
	}
	return cases, words, fields
}

// TestEveryKindHasItsStatements: a new kind of the catalog that somebody forgot to
// make, drop or change is told here, not to a user.
func TestEveryKindHasItsStatements(t *testing.T) {
	cases, _, _ := used(t)
	made := append(cases["makeObject"], cases["makeSimple"]...)
	altered := append(cases["alterObject"], cases["alterSimple"]...)
	replaced := cases["mustReplace"]
	// DROP needs no case: "DROP" with the kind's own words does for most.
	neither := map[string]string{
		"BaseType":          "is written in C: never ours to make, and named as not managed",
		"Composite":         "changes by its attributes",
		"Schema":            "has nothing that changes but what all have: owner, comment, privileges",
		"PublicationSchema": "is its name",
	}
	var names []string
	for _, k := range kinds(t) {
		names = append(names, k.name)
		if k.name != "BaseType" && !slices.Contains(made, k.name) {
			t.Errorf("nothing makes a %s: makeObject and makeSimple have no case", k.name)
		}
		if _, ok := neither[k.name]; !ok && !slices.Contains(altered, k.name) && !slices.Contains(replaced, k.name) {
			t.Errorf("nothing changes a %s: alterObject, alterSimple and mustReplace have no case", k.name)
		}
	}
	if len(names) < 25 {
		t.Errorf("only %d kinds were found: %v", len(names), names)
	}
	for name := range neither {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no kind", name)
		}
	}
}

// TestPropertiesAreSpeltRight: differs is asked for properties by their names. One
// that no kind has would never differ, and nobody would see it.
func TestPropertiesAreSpeltRight(t *testing.T) {
	_, words, _ := used(t)
	known := map[string]bool{"kind": true, "comment": true, "owner": true, "grants": true}
	for _, k := range kinds(t) {
		for _, p := range k.properties {
			known[p] = true
		}
	}
	for w := range words {
		if !known[w] {
			t.Errorf("differs(%q): no kind has that property", w)
		}
	}
	if len(words) < 30 {
		t.Errorf("only %d words were found", len(words))
	}
}

// TestNoPropertyIsForgotten: what is compared is brought about by some statement,
// so the planner reads it.
func TestNoPropertyIsForgotten(t *testing.T) {
	_, words, fields := used(t)
	others := map[string]string{
		"ViewColumn.Position": "follows from the view's query",
	}
	for _, k := range kinds(t) {
		for field, word := range k.properties {
			if others[k.name+"."+field] == "" && !words[word] && !fields[field] {
				t.Errorf("%s.%s is compared, and the planner never reads it", k.name, field)
			}
		}
	}
}
