package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// TestDatabaseWideTable: a table with as many columns as PostgreSQL has room for becomes
// code that the compiler takes, and rows go in and out.
func TestDatabaseWideTable(t *testing.T) {
	const width = 1600
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	columns, row := []string{"c0 int PRIMARY KEY"}, map[string]int{"c0": 0}
	for i := 1; i < width; i++ {
		columns = append(columns, fmt.Sprintf("c%d int", i))
		row[fmt.Sprintf("c%d", i)] = i
	}
	url := pgtest.Start(t).Database("CREATE TABLE wide (" + strings.Join(columns, ", ") + ")")
	s := server{"wide", "wide", filepath.Join(root, "wide"), nil}
	generate(t, "database", url, "--framework", "fastify", "--output", s.dir)
	build7(t, limit, []server{s})
	t.Setenv("DATABASE_URL", url)
	base := s.serve(t)
	sent, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(base+"/wide", "application/json", strings.NewReader(string(sent)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("POST /wide: %s", response.Status)
	}
	read, err := http.Get(base + "/wide/0")
	if err != nil {
		t.Fatal(err)
	}
	defer read.Body.Close()
	var body struct{ Data map[string]int }
	if err := json.NewDecoder(read.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	for name, want := range row {
		if got, there := body.Data[name]; !there || got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
	request, err := http.NewRequest(http.MethodDelete, base+"/wide/0", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("If-Match", read.Header.Get("ETag"))
	gone, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	gone.Body.Close()
	if gone.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE /wide/0 with If-Match: %s", gone.Status)
	}
}
