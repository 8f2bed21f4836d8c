package house

import (
	"slices"
	"strings"
	"testing"
)

// law reads law.txt: a line for each room of the tools, with the rooms that it may
// import (those of its own module by their names, the shared ones as shared/…).
func law(t *testing.T, w Workspace) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, line := range strings.Split(read(t, w.Root, "scripts", "house", "law.txt"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if room, imports, ok := strings.Cut(line, ":"); ok {
			if _, twice := out[room]; twice {
				t.Errorf("law.txt has two lines for %s", room)
			}
			out[strings.TrimSpace(room)] = strings.Fields(imports)
		}
	}
	return out
}

// Every room of the three tools imports what law.txt lets it import, no more; and
// the law says no more than what is done, so that it can be read as a map.
func TestRoomsImportWhatTheLawSays(t *testing.T) {
	w := workspace(t)
	allowed := law(t, w)
	seen := map[string]bool{}
	rooms(t, w, func(name string, p Package) {
		module, _, _ := strings.Cut(name, "/")
		if !slices.Contains(Tools(), module) {
			return
		}
		seen[name] = true
		var imports []string
		for _, i := range p.Imports {
			if below(i, w.Path) {
				imports = append(imports, strings.TrimPrefix(strings.TrimPrefix(i, w.Path+"/"), module+"/internal/"))
			}
		}
		line := name + ": " + strings.Join(imports, " ")
		may, known := allowed[name]
		if !known {
			t.Errorf("law.txt says nothing of a room; if its imports are right, add\n%s", line)
			return
		}
		for _, i := range imports {
			if !slices.Contains(may, i) {
				t.Errorf("%s may not import %s: its line in law.txt has %v", name, i, may)
			}
		}
		for _, i := range may {
			if !slices.Contains(imports, i) {
				t.Errorf("%s does not import %s any more: take it out of its line in law.txt", name, i)
			}
		}
	})
	for name := range allowed {
		if !seen[name] {
			t.Errorf("law.txt has a line for %s, which is not there", name)
		}
	}
}

// The rooms of the generator, from the ground up: each imports only rooms above it.
var generator = []string{
	"api", "pattern", "sample", "tree", "typescript", "tsgen/templates", "tsgen/operation", "tsgen/handler", "tsgen/framework",
	"tsgen/declare", "tsgen/failure", "tsgen/complete", "tsgen/check", "tsgen/security", "tsgen/input", "tsgen/answer", "tsgen/contract", "tsgen",
}

func TestArrowsOfTheGeneratorRunOneWay(t *testing.T) {
	w := workspace(t)
	allowed := law(t, w)
	for i, room := range generator {
		for _, imported := range allowed["scaffolder/internal/"+room] {
			if at := slices.Index(generator, imported); at >= i || at < 0 && !strings.HasPrefix(imported, "shared/") {
				t.Errorf("the law lets %s import %s, which does not stand above it", room, imported)
			}
		}
	}
	// The language knows no API, and no text is searched for what was written into it:
	// the language room stands alone.
	if may := allowed["scaffolder/internal/typescript"]; len(may) > 0 {
		t.Errorf("the language room imports %v", may)
	}
}
