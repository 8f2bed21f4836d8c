package e2e

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// TestDatabase makes servers of a database for all frameworks, and asks them for what
// their document promises. They must answer alike.
func TestDatabase(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	postgres := pgtest.Start(t)
	schema := string(read(t, "testdata/database/shop.sql"))
	var all []server
	urls := map[string]string{}
	for _, framework := range frameworks {
		s := server{"database-" + framework, "database", filepath.Join(root, "database-"+framework), nil}
		urls[s.name] = postgres.Database(schema)
		generate(t, "database", urls[s.name], "--title", "shop", "--framework", framework, "--output", s.dir)
		generate(t, "database", urls[s.name], "--title", "shop", "--framework", framework, "--output", s.dir, "--check")
		all = append(all, s)
	}
	guarded := server{"roles-koa", "roles", filepath.Join(root, "roles-koa"), nil}
	urls[guarded.name] = postgres.Database(string(read(t, "testdata/database/rls.sql")))
	generate(t, "database", urls[guarded.name], "--roles", "reader,writer", "--soft-delete", "deleted_at", "--bulk", "--case", "camel", "--int64", "string", "--framework", "koa", "--output", guarded.dir)
	compile(t, append(all, guarded), "--stricter")
	t.Run("TypeScript 7, looser", func(t *testing.T) { typeScript7(t, root, append(all, guarded), "looser", looser) })
	t.Run("eslint", func(t *testing.T) { script(t, root, "lint.mjs", []server{all[0], guarded}) })
	t.Run("prettier", func(t *testing.T) { script(t, root, "format.mjs", append(all, guarded)) })
	var first, attacks string
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Setenv("DATABASE_URL", urls[s.name])
			base := s.serve(t)
			said := run(t, limit, ".", "node", "testdata/database/judge.mjs", base)
			if first == "" {
				first = said
			} else if diff := firstDifferentLine(first, said); diff != "" {
				t.Errorf("it answers otherwise than %s:\n%s", all[0].name, diff)
			}
			run(t, limit, ".", "node", "testdata/database/rules.mjs", base)
			s.keepsContract(t, "the database fails when it reads /broken")
			run(t, limit, s.dir, "node", "--test", "dist/contract/crud.test.js")
			attacked := run(t, limit, ".", "node", "testdata/database/injection.mjs", s.serve(t))
			if attacks == "" {
				attacks = attacked
			} else if diff := firstDifferentLine(attacks, attacked); diff != "" {
				t.Errorf("it answers attacks otherwise than %s:\n%s", all[0].name, diff)
			}
		})
	}
	t.Run("roles", func(t *testing.T) { guarded.actsAsRoles(t, postgres, urls[guarded.name]) })
	t.Run("settings", func(t *testing.T) { all[0].readsDatabaseSettings(t, urls[all[0].name]) })
	t.Run("deadlock", func(t *testing.T) { all[0].outlivesDeadlocks(t, postgres, urls[all[0].name]) })
	t.Run("terminated", func(t *testing.T) { all[0].outlivesTerminatedSessions(t, postgres, urls[all[0].name]) })
	t.Run("outage", func(t *testing.T) { all[0].outlivesTheDatabase(t, postgres, urls[all[0].name]) })
}

// actsAsRoles: tokens decide what is seen.
func (s server) actsAsRoles(t *testing.T, postgres *pgtest.Server, url string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	for name, value := range map[string]string{
		"DATABASE_URL": url, "DATABASE_STATEMENT_TIMEOUT": "500", "JWT_ISSUER": "test", "JWT_AUDIENCE": "test", "JWT_ALGORITHMS": "RS256",
		"JWT_PUBLIC_KEY": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
	} {
		t.Setenv(name, value)
	}
	run(t, limit, ".", "node", "testdata/database/rls.mjs", s.serve(t), string(private))
	s.leaksNothing(t, postgres, url, string(private))
}

// outlivesTheDatabase: while it is away the server says so, and goes on when it is back.
func (s server) outlivesTheDatabase(t *testing.T, postgres *pgtest.Server, url string) {
	t.Setenv("DATABASE_URL", url)
	base := s.serve(t)
	status := func(path string) int {
		response, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	}
	want := func(statuses map[string]int) {
		t.Helper()
		for path, want := range statuses {
			if got := status(path); got != want {
				t.Errorf("GET %s: %d, want %d", path, got, want)
			}
		}
	}
	want(map[string]int{"/staff": 200, "/ready": 200, "/health": 200})
	postgres.Down()
	want(map[string]int{"/staff": 503, "/ready": 503, "/health": 200})
	postgres.Up()
	want(map[string]int{"/staff": 200, "/ready": 200, "/health": 200})
}

func firstDifferentLine(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	if len(x) != len(y) {
		return "the number of lines"
	}
	return ""
}
