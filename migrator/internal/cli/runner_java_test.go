package cli

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Flyway and Liquibase run their files, too. They come from Maven, about 11 MB,
// and need Java 17: MIGRATOR_TEST_JAVA=1 asks for that.
func TestJavaRunnersRunTheirFiles(t *testing.T) {
	if os.Getenv("MIGRATOR_TEST_JAVA") == "" {
		t.Log("not run: MIGRATOR_TEST_JAVA=1 runs it, with mvn and java (docs/figures/migrator.md has the last result)")
		return
	}
	lib := javaRunners(t)
	dir := t.TempDir()
	old, now := file(t, dir, "old.sql", runnersOld), file(t, dir, "new.sql", runnersNew)
	for _, runner := range []string{"flyway", "liquibase"} {
		t.Run(runner, func(t *testing.T) {
			dsn, db, files := filesFor(t, runner, dir, now)
			java := func(way string) {
				cmd := exec.CommandContext(t.Context(), "java", "-cp", filepath.Join(lib, "*"), "testdata/javarunners/Runner.java", runner, files, jdbc(t, dsn), way)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", way, err, out)
				}
			}
			java("up")
			sameButHistory(t, db, dsn, now)
			if runner == "flyway" {
				undoFlyway(t, dsn, files) // its free edition runs no undo files
			} else {
				java("down")
			}
			sameButHistory(t, db, dsn, old)
		})
	}
}

// undoFlyway runs the undo files as Flyway would, the last version first.
func undoFlyway(t *testing.T, dsn, files string) {
	t.Helper()
	undo, err := filepath.Glob(filepath.Join(files, "U*.sql"))
	if err != nil || len(undo) == 0 {
		t.Fatal(undo, err)
	}
	slices.Sort(undo)
	slices.Reverse(undo)
	for _, f := range undo {
		if out, err := exec.CommandContext(t.Context(), "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", f).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", f, err, out)
		}
	}
}

// jdbc is a connection string as Java's drivers take it.
func jdbc(t *testing.T, dsn string) string {
	t.Helper()
	target, err := pgdb.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(target.URL())
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"user": {u.User.Username()}}
	if password, ok := u.User.Password(); ok {
		q.Set("password", password)
	}
	return "jdbc:postgresql://" + u.Host + u.Path + "?" + q.Encode()
}

// A database that Flyway or Liquibase has migrated half way is taken over, and these
// go on after us.
func TestAdoptFromJavaRunners(t *testing.T) {
	if os.Getenv("MIGRATOR_TEST_JAVA") == "" {
		t.Log("not run: MIGRATOR_TEST_JAVA=1 runs it, with mvn and java")
		return
	}
	lib := javaRunners(t)
	for _, runner := range []string{"flyway", "liquibase"} {
		t.Run(runner, func(t *testing.T) {
			dsn, _ := database(t)
			adoptAndBack(t, runner, dsn, func(folder string) ([]byte, error) {
				return exec.CommandContext(t.Context(), "java", "-cp", filepath.Join(lib, "*"), "testdata/javarunners/Runner.java", runner, folder, jdbc(t, dsn), "up").CombinedOutput()
			})
		})
	}
}

// javaRunners are the libraries of Flyway and Liquibase.
func javaRunners(t *testing.T) string {
	t.Helper()
	lib := t.TempDir()
	fetch := exec.CommandContext(t.Context(), "mvn", "-q", "-B", "-f", "testdata/javarunners/pom.xml", "dependency:copy-dependencies", "-DoutputDirectory="+lib)
	if out, err := fetch.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return lib
}
