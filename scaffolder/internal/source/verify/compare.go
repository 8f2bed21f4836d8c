package verify

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Comparison is how what was mounted differs from what was read. Names of parameters do
// not count.
type Comparison struct {
	Same       int
	NotRead    []Endpoint // mounted only
	NotMounted []Endpoint // read only
	// Packages are those that mounted endpoints of their own, with how many. What
	// packages do is not read.
	Packages []PackageCount
}

// PackageCount is how many endpoints a package mounted.
type PackageCount struct {
	Name  string
	Count int
}

// Compare compares what was read with what was mounted.
func Compare(read []Endpoint, boot *Boot) Comparison {
	var out Comparison
	have, mounted := index(read), index(boot.Endpoints)
	packages := map[string]int{}
	seen := map[string]bool{}
	for _, e := range boot.Endpoints {
		id := e.Method + " " + shape(e.Path)
		if seen[id] || e.Method == "HEAD" && (mounted.has("GET", e.Path) || have.has("GET", e.Path)) {
			continue
		}
		seen[id] = true
		switch {
		case have.has(e.Method, e.Path):
			out.Same++
		case e.Package != "":
			packages[e.Package]++
		default:
			out.NotRead = append(out.NotRead, e)
		}
	}
	clear(seen)
	for _, e := range read {
		id := e.Method + " " + shape(e.Path)
		if seen[id] || mounted.has(e.Method, e.Path) || e.Method == "HEAD" && mounted.has("GET", e.Path) {
			continue
		}
		seen[id] = true
		out.NotMounted = append(out.NotMounted, e)
	}
	for name, n := range packages {
		out.Packages = append(out.Packages, PackageCount{name, n})
	}
	slices.SortFunc(out.Packages, func(a, b PackageCount) int { return cmp.Compare(a.Name, b.Name) })
	sortByPlace(out.NotRead)
	sortByPlace(out.NotMounted)
	return out
}

func sortByPlace(list []Endpoint) {
	slices.SortStableFunc(list, func(a, b Endpoint) int {
		return cmp.Or(comparePosition(a.At, b.At), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
}

func comparePosition(a, b syntax.Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// methodsOf are the methods of each path.
type methodsOf map[string]map[string]bool

func index(list []Endpoint) methodsOf {
	out := methodsOf{}
	for _, e := range list {
		key := shape(e.Path)
		if out[key] == nil {
			out[key] = map[string]bool{}
		}
		out[key][e.Method] = true
	}
	return out
}

// has says whether requests of a method are answered: every method is, where all are
// that APIs use.
func (m methodsOf) has(method, path string) bool {
	methods := m[shape(path)]
	if methods["ALL"] || methods[method] {
		return true
	}
	if method != "ALL" {
		return false
	}
	for _, one := range []string{"GET", "PUT", "POST", "DELETE", "PATCH"} {
		if !methods[one] {
			return false
		}
	}
	return true
}

// shape is a path without the names of its parameters, and without a slash at its end.
func shape(path string) string {
	var b strings.Builder
	in := false
	for _, c := range path {
		switch {
		case c == '{':
			in = true
			b.WriteString("{}")
		case c == '}':
			in = false
		case !in:
			b.WriteRune(c)
		}
	}
	if s := strings.TrimSuffix(b.String(), "/"); s != "" {
		return s
	}
	return "/"
}
