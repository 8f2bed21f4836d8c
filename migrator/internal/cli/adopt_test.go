package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runnersFolder writes four migrations as a runner has them; the first n of them.
func runnersFolder(t *testing.T, runner string, n int) string {
	t.Helper()
	dir := t.TempDir()
	changes := "--liquibase formatted sql\n"
	for i, name := range []string{"users", "orders", "index", "note"}[:n] {
		up := []string{"CREATE TABLE users (id int PRIMARY KEY, email text);", "CREATE TABLE orders (id int);\nINSERT INTO orders VALUES (1);",
			"CREATE INDEX CONCURRENTLY users_email ON users (email);", "ALTER TABLE orders ADD COLUMN note text;"}[i]
		down := []string{"DROP TABLE users;", "DROP TABLE orders;", "DROP INDEX CONCURRENTLY users_email;", "ALTER TABLE orders DROP COLUMN note;"}[i]
		alone := name == "index"
		version := fmt.Sprintf("2026010100000%d", i+1)
		switch runner {
		case "golang-migrate":
			file(t, dir, fmt.Sprintf("%d_%s.up.sql", i+8, name), up)
			file(t, dir, fmt.Sprintf("%d_%s.down.sql", i+8, name), down)
		case "goose":
			head := map[bool]string{true: "-- +goose NO TRANSACTION\n"}[alone]
			file(t, dir, fmt.Sprintf("%05d_%s.sql", i+8, name), head+"-- +goose Up\n"+up+"\n\n-- +goose Down\n"+down+"\n")
		case "dbmate":
			head := map[bool]string{true: " transaction:false"}[alone]
			file(t, dir, version+"_"+name+".sql", "-- migrate:up"+head+"\n"+up+"\n\n-- migrate:down"+head+"\n"+down+"\n")
		case "atlas":
			head := map[bool]string{true: "-- atlas:txmode none\n\n"}[alone]
			file(t, dir, version+"_"+name+".sql", head+up+"\n")
		case "liquibase":
			changes += fmt.Sprintf("\n--changeset bob:%d runInTransaction:%t\n%s\n--rollback %s\n", i+8, !alone, up, down)
			file(t, dir, "changes.sql", changes)
		case "flyway":
			file(t, dir, fmt.Sprintf("V1.%d__%s.sql", i+8, name), up)
			file(t, dir, fmt.Sprintf("U1.%d__%s.sql", i+8, name), down)
			if alone {
				file(t, dir, fmt.Sprintf("V1.%d__%s.sql.conf", i+8, name), "executeInTransaction=false\n")
			}
			if name == "orders" {
				file(t, dir, "R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT id FROM users;")
			}
		}
	}
	return dir
}

// A database that another runner has migrated half way is taken over and goes on;
// and that runner goes on after us.
func TestAdoptFromOtherRunners(t *testing.T) {
	program := buildRunners(t)
	for _, runner := range []string{"golang-migrate", "goose", "dbmate"} {
		t.Run(runner, func(t *testing.T) {
			dsn, _ := database(t)
			adoptAndBack(t, runner, dsn, func(folder string) ([]byte, error) {
				return exec.CommandContext(t.Context(), program, runner, folder, dsn, "up").CombinedOutput()
			})
		})
	}
}

func adoptAndBack(t *testing.T, runner, dsn string, theirs func(folder string) ([]byte, error)) {
	up := func(folder string) {
		t.Helper()
		if out, err := theirs(folder); err != nil {
			t.Fatalf("%s: %v\n%s", runner, err, out)
		}
	}
	migrator := func(code int, want string, args ...string) {
		t.Helper()
		r := run(t, append(args, "--connection", dsn)...)
		if r.code != code || !strings.Contains(r.out+r.errors, want) {
			t.Fatalf("%s: exit code %d, want %d and %q:\n%s%s", args, r.code, code, want, r.out, r.errors)
		}
	}
	half, all := runnersFolder(t, runner, 2), runnersFolder(t, runner, 4)
	up(half)
	migrator(0, "NOT TAKEN OVER", "status", all)
	migrator(2, "migrator knows of none", "apply", all)
	migrator(0, "2 pending", "adopt", all)
	migrator(0, "NOTHING TO DO", "adopt", all)
	migrator(0, "1 migration applied", "apply", all, "--steps", "1")
	up(all) // it runs the fourth only: the others would fail
	migrator(2, "since its history was taken over", "apply", all)
	migrator(1, "1 changed by the other runner", "status", all, "--exit-code")
	migrator(0, "1 migration taken over, 0 pending", "adopt", all)
	migrator(0, "EQUAL", "verify", all)
	migrator(0, "2 migrations taken back", "rollback", all, "--steps", "2")
	up(all)
	migrator(0, "2 migrations taken over, 0 pending", "adopt", all)
	migrator(0, "UP TO DATE", "status", all, "--exit-code")
	migrator(0, "EQUAL", "verify", all)
}

// A database that Atlas's own program has migrated half way is taken over, and Atlas
// goes on after us. MIGRATOR_TEST_ATLAS is the program.
func TestAdoptFromAtlas(t *testing.T) {
	program := os.Getenv("MIGRATOR_TEST_ATLAS")
	if program == "" {
		t.Skip("MIGRATOR_TEST_ATLAS is not set")
	}
	dsn, db := database(t)
	atlas := func(command, folder, want string, more ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, "migrate", command, "--dir", "file://"+folder, "--url", dsn)
		cmd.Args = append(cmd.Args, more...)
		cmd.Env = append(os.Environ(), "ATLAS_NO_UPDATE_NOTIFIER=1", "ATLAS_NO_ANON_TELEMETRY=1")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("atlas %s: %v, want %q\n%s", command, err, want, out)
		}
	}
	migrator := func(want string, args ...string) {
		t.Helper()
		if r := run(t, append(args, "--connection", dsn)...); r.code != 0 || !strings.Contains(r.out, want) {
			t.Fatalf("%s: exit code %d, want %q:\n%s%s", args, r.code, want, r.out, r.errors)
		}
	}
	half, all := runnersFolder(t, "atlas", 2), runnersFolder(t, "atlas", 4)
	for _, dir := range []string{half, all} {
		if r := run(t, "check", dir, "--files", "atlas", "--hash", "--no-proof"); r.code != 0 {
			t.Fatal(r)
		}
	}
	atlas("apply", half, "2 migrations", "--allow-dirty") // the server has a schema of the test's own
	migrator("2 pending", "adopt", all)
	migrator("1 migration applied", "apply", all, "--steps", "1")
	atlas("status", all, "20260101000003")
	atlas("apply", all, "1 migrations") // the fourth only: the others would fail
	migrator("1 migration taken over, 0 pending", "adopt", all)
	migrator("UP TO DATE", "status", all, "--exit-code")
	migrator("EQUAL", "verify", all)
	var n int
	if err := db.QueryRow("SELECT count(*) FROM atlas_schema_revisions.atlas_schema_revisions").Scan(&n); err != nil || n != 4 {
		t.Error(n, err)
	}
}

// buildRunners builds the program of the other runners.
func buildRunners(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "runners")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = "testdata/runners"
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
