package house

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// doors says which rooms may import a heavy library directly. A room also
// stands for those below it.
var doors = []struct {
	library string
	rooms   []string // module/room
}{
	{"github.com/alecthomas/kong", []string{"scaffolder/internal/cli", "migrator/internal/cli", "loadtester/internal/cli"}},
	{"github.com/pb33f/libopenapi", []string{"scaffolder/internal/spec", "loadtester/internal/target"}},
	{"github.com/lib/pq", []string{"migrator/internal/pgdb", "scaffolder/internal/dbspec"}},
	{"ariga.io/atlas", []string{"migrator/internal/diff", "migrator/internal/migdir"}},
	{"github.com/quic-go/quic-go", []string{"loadtester/internal/h3", "scripts/bench-loadtester"}},
	{"github.com/landlock-lsm/go-landlock", []string{"migrator/internal/cage"}},
	{"github.com/elastic/go-seccomp-bpf", []string{"migrator/internal/cage"}},
	{"github.com/wasilibs/go-pgquery", []string{"migrator/internal/pgsql"}},
}

// models are the rooms that import the standard library and other models only.
var models = []string{
	"scaffolder/internal/api",
	"scaffolder/internal/relation",
	"scaffolder/internal/source/token",
	"scaffolder/internal/source/syntax",
	"scaffolder/internal/source/scan",
	"scaffolder/internal/source/parse",
	"loadtester/internal/pace",
}

// below says whether name is dir or stands below it, by path elements.
func below(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

func workspace(t *testing.T) Workspace {
	t.Helper()
	w, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// rooms calls f for every package of every module, named module/room.
func rooms(t *testing.T, w Workspace, f func(name string, p Package)) {
	t.Helper()
	for _, m := range Modules() {
		list, err := w.List(m)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Fatalf("%s has no packages", m)
		}
		for _, p := range list {
			f(path.Join(m, w.Room(m, p)), p)
		}
	}
}

func TestEachHeavyLibraryHasOneDoor(t *testing.T) {
	w := workspace(t)
	rooms(t, w, func(name string, p Package) {
		for _, d := range doors {
			if slices.ContainsFunc(d.rooms, func(room string) bool { return below(name, room) }) {
				continue
			}
			for _, i := range p.Imports {
				if below(i, d.library) {
					t.Errorf("%s imports %s: its doors are %v", name, i, d.rooms)
				}
			}
		}
	})
}

func TestModelsImportTheStandardLibraryOnly(t *testing.T) {
	w := workspace(t)
	seen := map[string]bool{}
	rooms(t, w, func(name string, p Package) {
		if !slices.Contains(models, name) {
			return
		}
		seen[name] = true
		for _, i := range p.Imports {
			if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") && !slices.Contains(models, strings.TrimPrefix(i, w.Path+"/")) {
				t.Errorf("%s imports %s", name, i)
			}
		}
	})
	for _, m := range models {
		if !seen[m] {
			t.Errorf("the model %s is not there: is it named differently now?", m)
		}
	}
}

func TestOnlyMainImportsTheCommandLine(t *testing.T) {
	w := workspace(t)
	rooms(t, w, func(name string, p Package) {
		for _, i := range p.Imports {
			if below(i, w.Path) && strings.HasSuffix(i, "/internal/cli") && i != p.ImportPath+"/internal/cli" {
				t.Errorf("%s imports %s", name, i)
			}
		}
	})
}

func TestSharedStaysSmall(t *testing.T) {
	w := workspace(t)
	list, err := w.List("shared")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		for _, d := range p.Deps {
			for _, bad := range []string{"net/http", "github.com/alecthomas/kong", "github.com/lib/pq", "github.com/pb33f/libopenapi", "ariga.io/atlas"} {
				if below(d, bad) {
					t.Errorf("%s depends on %s", p.ImportPath, d)
				}
			}
			if below(d, w.Path) && !below(d, w.Path+"/shared") {
				t.Errorf("%s depends on %s", p.ImportPath, d)
			}
		}
	}
}

func TestToolsDoNotImportEachOther(t *testing.T) {
	w := workspace(t)
	rooms(t, w, func(name string, p Package) {
		module, _, _ := strings.Cut(name, "/")
		for _, i := range p.Imports {
			if below(i, w.Path) && !below(i, w.Path+"/"+module) && !below(i, w.Path+"/shared") {
				t.Errorf("%s imports %s", name, i)
			}
		}
	})
}

func TestRoomsAreNamedAfterTheirJob(t *testing.T) {
	w := workspace(t)
	rooms(t, w, func(name string, p Package) {
		for _, bad := range []string{"util", "utils", "common", "helper", "helpers", "types", "constants", "misc"} {
			if path.Base(name) == bad {
				t.Errorf("%s: the name says nothing of its job", name)
			}
		}
	})
}
