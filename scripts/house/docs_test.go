package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// roomName is how docs name a room or a file: `migrator/internal/plan`.
var roomName = regexp.MustCompile("`((?:scaffolder|migrator|loadtester|shared|scripts|docs)/[A-Za-z0-9_./-]*)`")

func TestLayoutNamesEveryRoom(t *testing.T) {
	w := workspace(t)
	layout := read(t, w.Root, "docs", "layout.md")
	named := map[string]bool{}
	for _, m := range roomName.FindAllStringSubmatch(layout, -1) {
		name := strings.TrimSuffix(m[1], "/")
		named[name] = true
		if _, err := os.Stat(filepath.Join(w.Root, name)); err != nil {
			t.Errorf("docs/layout.md names %s, which is not there", name)
		}
	}
	rooms(t, w, func(name string, p Package) {
		// A room below a named one is described in its parent's doc.go.
		for dir := name; dir != "."; dir = path.Dir(dir) {
			if named[dir] && strings.Count(dir, "/") >= 1 || path.Dir(name) == "." {
				return
			}
		}
		t.Errorf("docs/layout.md does not name %s", name)
	})
}

var link = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

func TestLinksInTheDocumentationLead(t *testing.T) {
	w := workspace(t)
	files, err := w.Files("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(f, "/testdata/") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(read(t, w.Root, f), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(w.Root, path.Dir(f), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", f, m[1])
			}
		}
	}
}

// The project builds anywhere: it names no registry's host (npm, Go and the
// rest are used as the machine is set up).
func TestNoRegistryIsNamed(t *testing.T) {
	w := workspace(t)
	files, err := w.Files()
	if err != nil {
		t.Fatal(err)
	}
	// In two parts, so that this file does not name them either.
	hosts := []string{"registry.npmjs" + ".org", "proxy.golang" + ".org", "repo1.mav" + "en.org", "static.crates" + ".io", "files.python" + "hosted.org"}
	for _, f := range files {
		text := read(t, w.Root, f)
		for _, host := range hosts {
			if strings.Contains(text, host) {
				t.Errorf("%s names %s", f, host)
			}
		}
	}
}

// A merge that was ended too early leaves its marks, and no compiler reads pages.
func TestNoMarksOfAMerge(t *testing.T) {
	w := workspace(t)
	files, err := w.Files()
	if err != nil {
		t.Fatal(err)
	}
	mark := regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>) `)
	for _, f := range files {
		if strings.Contains(f, "/testdata/") { // broken files that are meant
			continue
		}
		if mark.MatchString(read(t, w.Root, f)) {
			t.Errorf("%s has marks of a merge", f)
		}
	}
}
