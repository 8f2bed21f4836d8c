package inspect_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/inspect"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
)

var (
	folder = flag.String("folder", "", "also every .sql file of this folder and its folders, each a schema of its own")
	before = flag.String("before", "", "a script to run before all, which makes the roles that they want")
	every  = flag.Int("every", 8, "try one in so many of the cases' schemas")
)

// schema is a script that makes one.
type schema struct{ name, sql string }

// since is the line of a case that names the first version which has what it is
// about; goldenMajor is the version that this machine's programs are of.
var since = regexp.MustCompile(`(?m)^Since: (\d\d)$`)

const goldenMajor = "15"

// schemas are some of those of the cases, and all of the folder.
func schemas(t *testing.T) []schema {
	var all []schema
	paths, err := filepath.Glob("../cases/testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	seen := map[string]bool{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if m := since.FindSubmatch(a.Comment); m != nil && string(m[1]) > goldenMajor {
			continue // needs a newer server than most machines have
		}
		for _, f := range a.Files {
			text := string(f.Data)
			if f.Name != "new.sql" && f.Name != "old.sql" || seen[text] {
				continue
			}
			if seen[text] = true; len(seen)%*every == 0 {
				all = append(all, schema{strings.TrimSuffix(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), ".txtar") + "/" + f.Name, text})
			}
		}
	}
	if *folder != "" {
		err := filepath.WalkDir(*folder, func(path string, d os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".sql") && path != *before {
				var text []byte
				text, err = os.ReadFile(path)
				all = append(all, schema{path, string(text)})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// What is printed of a schema loads, is the same schema, and prints the same.
func TestRoundTrip(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if *before != "" {
		script, err := os.ReadFile(*before)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Database(t.Context(), string(script)); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	tried, equal := 0, 0
	t.Cleanup(func() {
		t.Logf("figure | inspect, loaded and inspected again: equal | %d of %d", equal, tried)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, s := range schemas(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			good := roundTrip(t, server, s.sql)
			mu.Lock()
			defer mu.Unlock()
			tried++
			if good {
				equal++
			}
		})
	}
}

func roundTrip(t *testing.T, server *judge.Server, sql string) bool {
	first, c := look(t, server, sql)
	if first == "" {
		return false
	}
	second, again := look(t, server, first)
	if second == "" {
		t.Log(first)
		return false
	}
	differences := catalog.Compare(c, again, catalog.Ignore{})
	for _, d := range differences {
		t.Errorf("differs: %s", d)
	}
	if first != second {
		t.Errorf("it prints otherwise:\n%s\n-----\n%s", first, second)
	} else if len(differences) > 0 {
		t.Log(first)
	}
	return first == second && len(differences) == 0
}

// look loads a script, and prints the schema; "" when it does not load.
func look(t *testing.T, server *judge.Server, script string) (string, *catalog.Catalog) {
	ctx := context.WithoutCancel(t.Context())
	db, err := server.Database(ctx, script)
	if err != nil {
		t.Errorf("loading: %v", err)
		return "", nil
	}
	defer db.Release(ctx)
	c, err := catalog.Read(ctx, db.DB.DB, catalog.Options{})
	if err != nil {
		t.Errorf("reading: %v", err)
		return "", nil
	}
	text, _, err := inspect.SQL(migfile.Header{Title: "the schema"}, c, inspect.Options{})
	if err != nil {
		t.Errorf("printing: %v", err)
	}
	return text, c
}
