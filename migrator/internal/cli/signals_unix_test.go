//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingIsLeft: a closed terminal, ^\, SIGTERM, and a reader that goes away
// end a run as ^C does: nothing is left on this machine or on somebody's server.
func TestNothingIsLeft(t *testing.T) {
	dsn, db := database(t, v1)
	dir, temp := t.TempDir(), shortFolder(t)
	slow := file(t, dir, "slow.sql", v2+"\n;SELECT pg_catalog.pg_sleep(60);")
	to := file(t, dir, "v2.sql", v2)
	left := func() (all []string) {
		folders, err := filepath.Glob(filepath.Join(temp, "migrator-scratch-*"))
		if err != nil {
			t.Fatal(err)
		}
		var text string
		if err := db.QueryRow(`SELECT concat_ws(' ', (SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'migrator%'),
			(SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname LIKE 'migrator\_%'))`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return append(folders, strings.Fields(text)...)
	}
	wait := func(what string, until func() bool) {
		t.Helper()
		for n := 0; !until(); n++ {
			if n == 600 {
				t.Fatal("waited a minute for ", what)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	for _, mode := range []string{"local", "server"} {
		for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTERM} {
			cmd := process(t, temp, "diff", "--from", dsn, "--to", slow, "--scratch", mode)
			var errs strings.Builder
			cmd.Stderr = &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			wait("the load", func() bool { return len(left()) > 0 })
			cmd.Process.Signal(s)
			if s == syscall.SIGHUP {
				cmd.Process.Signal(s) // as a shell repeats it
			}
			cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != 130 || len(left()) > 0 || strings.Contains(errs.String(), "goroutine") {
				t.Errorf("%s, %s: exit code %d, left %q, said %q", mode, s, code, left(), errs.String())
			}
		}
		// A reader that has seen enough.
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd := process(t, temp, "diff", "--from", dsn, "--to", to, "--scratch", mode, "--allow", "all")
		cmd.Stdout, cmd.Stderr = write, write
		read.Close()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		write.Close()
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code < 0 || len(left()) > 0 {
			t.Errorf("%s, a closed pipe: exit code %d, left %q", mode, code, left())
		}
	}
}

// TestSecretsAreForTheOwner: a migration that holds a password is not for others.
func TestSecretsAreForTheOwner(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, text string
		want       os.FileMode
	}{
		{"a.sql", "CREATE TABLE t ()", 0o644},
		{"b.sql", "ALTER ROLE r PASSWORD 'x'", 0o600},
		{"a.sql", "CREATE USER MAPPING FOR u SERVER s OPTIONS (password 'x')", 0o600}, // which was there
	} {
		path := filepath.Join(dir, c.name)
		if err := writeFile(path, c.text); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != c.want {
			t.Errorf("%s: %v (%v)", c.text, info.Mode(), err)
		}
	}
}

// TestEscaped: what cannot be shown, or would do something, is shown escaped.
func TestEscaped(t *testing.T) {
	for text, want := range map[string]string{"a\n::error::b": `a\n::error::b`, "a\x1b[31m": `a\u001b[31m`, "a\u202eb": `a\u202eb`, "é 日": "é 日", "a\r\u0085": `a\u000d\u0085`} {
		if got := escaped(text); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}
