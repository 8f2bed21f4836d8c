package judge_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/judge"
)

var runs = flag.Int("runs", 1, "how many times TestSmall runs each diff; the least time counts")

const small = `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text);
CREATE INDEX users_email ON users (email);
CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint REFERENCES users, body text);
`

// TestSmall tells what a small diff costs that is proved both ways: the tool and
// its scratch server together, without the live database's server.
func TestSmall(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	program, dir := build(t), t.TempDir()
	live, err := server.Database(t.Context(), small)
	if err != nil {
		t.Fatal(err)
	}
	from, to := filepath.Join(dir, "from.sql"), filepath.Join(dir, "to.sql")
	for path, text := range map[string]string{from: small, to: small + "ALTER TABLE users ADD age int DEFAULT 3; CREATE VIEW v AS SELECT id, name FROM users;"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ what, from string }{{"two files", from}, {"a database and a file", live.Target.URL()}} {
		var least, cpu time.Duration
		for range *runs {
			cmd := exec.CommandContext(t.Context(), program, "diff", "--from", c.from, "--to", to, "--up", filepath.Join(dir, "up.sql"), "--down", filepath.Join(dir, "down.sql"), "--allow", "all")
			start := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", c.what, err, out)
			}
			took, used := time.Since(start), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
			if least == 0 || took < least {
				least = took
			}
			if cpu == 0 || used < cpu {
				cpu = used
			}
		}
		t.Logf("figure | small schemas, %s, proved both ways: least time, least CPU of %d | %.2f s, %.2f s", c.what, *runs, least.Seconds(), cpu.Seconds())
	}
}
