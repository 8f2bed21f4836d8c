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

// kind is one of the catalog's details: its name, and the names of the fields that
// are compared.
type kind struct {
	name       string
	properties []string
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
		k := kind{name: name}
		for _, f := range structs[name].Fields.List {
			if f.Tag != nil {
				tag, _ := strconv.Unquote(f.Tag.Value)
				if reflect.StructTag(tag).Get("diff") == "-" {
					continue
				}
			}
			for _, n := range f.Names {
				k.properties = append(k.properties, n.Name)
			}
		}
		all = append(all, k)
	}
	return all
}

// used are the cases of the type switches of each function, and the fields that are
// read or that differs is asked for, in this package.
func used(t *testing.T) (cases map[string][]string, fields map[string]bool) {
	t.Helper()
	cases, fields = map[string][]string{}, map[string]bool{}
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
				case *ast.SelectorExpr:
					fields[strings.TrimPrefix(e.Sel.Name, "Field")] = true
				}
				return true
			})
		}
	}
	return cases, fields
}

// TestEveryKindHasItsStatements: a new kind of the catalog that somebody forgot to
// make, drop or change is told here, not to a user.
func TestEveryKindHasItsStatements(t *testing.T) {
	cases, _ := used(t)
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

// TestFieldsAreTheProperties: what is compared has a Field, by which differs is
// asked for it, and every other Field is one of those that stand here.
func TestFieldsAreTheProperties(t *testing.T) {
	others := []string{"None", "Kind", "Comment", "Owner", "Grants", "Inheritance", "Dependencies", "Value", "TextOrder", "IndexOrder"}
	var known, constants []string
	for _, k := range kinds(t) {
		known = append(known, k.properties...)
	}
	for _, f := range parse(t, "../catalog") {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(s.Names[0].Name, "Field") {
				constants = append(constants, strings.TrimPrefix(s.Names[0].Name, "Field"))
			}
			return true
		})
	}
	for _, p := range known {
		if !slices.Contains(constants, p) {
			t.Errorf("the property %s has no Field", p)
		}
	}
	for _, c := range constants {
		if !slices.Contains(known, c) && !slices.Contains(others, c) {
			t.Errorf("Field%s is no property of any kind", c)
		}
	}
	if len(constants) < 80 {
		t.Errorf("only %d were found", len(constants))
	}
}

// TestNoPropertyIsForgotten: what is compared is brought about by some statement,
// so the planner reads it.
func TestNoPropertyIsForgotten(t *testing.T) {
	_, fields := used(t)
	others := map[string]string{
		"ViewColumn.Position": "follows from the view's query",
	}
	for _, k := range kinds(t) {
		for _, field := range k.properties {
			if others[k.name+"."+field] == "" && !fields[field] {
				t.Errorf("%s.%s is compared, and the planner never reads it", k.name, field)
			}
		}
	}
}
