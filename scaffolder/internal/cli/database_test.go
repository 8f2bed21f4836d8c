package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
	"github.com/seniorbackend/tools/shared/terminal"
)

// scaffold runs the command line, and gives what it printed.
func scaffold(t testing.TB, want int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	streams := terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &out}
	if code := Main(t.Context(), args, streams, "v0.0.0"); code != want {
		t.Fatalf("scaffolder %s: exit %d, want %d\n%s", strings.Join(args, " "), code, want, out.String())
	}
	return out.String()
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestDatabaseMigrates: a project from a database lives on while the database changes.
func TestDatabaseMigrates(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(`CREATE TABLE books (id int PRIMARY KEY, created_at timestamptz, deleted_at timestamptz);
		CREATE TABLE tags (id int PRIMARY KEY); CREATE TABLE secret (id int PRIMARY KEY)`)
	dir := filepath.Join(t.TempDir(), "server")
	first := []string{"database", url, "-o", dir, "-f", "koa", "--case", "camel", "--exclude", "secret", "--int64", "string", "--bulk", "--soft-delete", "deleted_at"}
	contains(t, scaffold(t, 0, first...), "createBooksInBulk")
	again := []string{"database", url, "-o", dir}
	contains(t, scaffold(t, 0, append(again, "--check")...), "createBooksInBulk") // all flags are remembered
	manifest, err := os.ReadFile(filepath.Join(dir, ".scaffolder.json"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(manifest), "postgres://") {
		t.Error("the manifest holds the connection string")
	}
	contains(t, scaffold(t, 2, append(again, "-f", "express")...), "hint: leave --framework out")

	// The user's handlers keep every byte; what is new comes behind them.
	books := filepath.Join(dir, "src/routes/books.ts")
	code, err := os.ReadFile(books)
	if err != nil {
		t.Fatal(err)
	}
	code = append(code, "\n// mine\n"...)
	if err := os.WriteFile(books, code, 0o644); err != nil {
		t.Fatal(err)
	}
	server.Run(url, `CREATE SCHEMA archive; CREATE TABLE archive.books (id int PRIMARY KEY); DROP TABLE tags;
		ALTER TABLE books ADD COLUMN page_count int; CREATE TABLE reviews (id int PRIMARY KEY, book_id int REFERENCES books)`)
	drift := scaffold(t, 1, append(again, "--check")...)
	contains(t, drift, "differs from what the database generates", "- GET /reviews (listReviews)", "src/routes/tags.ts any more")
	said := scaffold(t, 0, again...)
	contains(t, said, "listArchiveBooks", "src/routes/tags.ts any more; it is yours to delete", "- DELETE /tags/{id}: was removed")
	after, err := os.ReadFile(books)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(after, code) {
		t.Error("the user's file has changed")
	}
	table, err := os.ReadFile(filepath.Join(dir, "src/data/books.ts"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(table), "'/books'", "'pageCount'") // and is not /public-books now
	if _, err := os.Stat(filepath.Join(dir, "src/data/tags.ts")); !os.IsNotExist(err) {
		t.Error("data/tags.ts is left behind")
	}
	scaffold(t, 0, append(again, "--check")...)
	contains(t, scaffold(t, 2, "generate", filepath.Join(dir, ".scaffolder/document.yaml"), "-o", dir), "made from a database", "hint: run scaffolder database")
	contains(t, scaffold(t, 1, append(again, "--exclude", "", "--no-bulk", "--check")...), "listSecret", "createBooksInBulk")
}
