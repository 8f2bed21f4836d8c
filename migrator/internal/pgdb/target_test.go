package pgdb

import (
	"os"
	"strings"
	"testing"
)

func TestIsDSN(t *testing.T) {
	for word, want := range map[string]bool{
		"postgres://localhost/mydb": true, "postgresql://a": true, "POSTGRES://a": true,
		"host=/tmp dbname=x": true, "dbname=x": true, "service = prod": true,
		"schema.sql": false, "schema/": false, "-": false, "./host=x.sql.d/": false, "a=b.sql": false,
	} {
		if IsDSN(word) != want {
			t.Errorf("%s: %t", word, !want)
		}
	}
}

func TestParseTarget(t *testing.T) {
	for _, name := range []string{"PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSSLMODE"} {
		t.Setenv(name, "") // so that it comes back afterwards
		os.Unsetenv(name)
	}
	for dsn, want := range map[string]struct{ address, database, user, mode string }{
		"postgres://u:p@db.example.org:5433/app":          {"db.example.org:5433", "app", "u", "prefer"},
		"postgres://u@db.example.org/app?sslmode=require": {"db.example.org:5432", "app", "u", "require"},
		"postgres://u@%2Ftmp%2Fpg:5433/app":               {"/tmp/pg/.s.PGSQL.5433", "app", "u", "disable"},
		"host=/tmp user=u dbname=app":                     {"/tmp/.s.PGSQL.5432", "app", "u", "disable"},
		"user=u host=127.0.0.1":                           {"127.0.0.1:5432", "u", "u", "prefer"},
	} {
		got, err := Parse(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got.Address() != want.address || got.Database() != want.database || got.User() != want.user || string(got.config.SSLMode) != want.mode {
			t.Errorf("%s: %s %s %s %s", dsn, got.Address(), got.Database(), got.User(), got.config.SSLMode)
		}
		if got.config.ConnectTimeout <= 0 || got.config.ApplicationName != "migrator" {
			t.Errorf("%s: no time limit, or no name", dsn)
		}
	}
}

// Whatever a connection string looks like, its password is in no error and in
// no form of the target that is printed.
func FuzzPasswordIsNeverShown(f *testing.F) {
	for _, s := range []string{"postgres://u:%s@h/d", "postgres://u:%s@h:bad/d", "postgres://u:%s%%zz@h/d", "host=h password=%s x", "password='%s", "postgres://h/d?password=%s", "postgres://u:%s@[::1/d", "postgres://u:a@%s@h:x"} {
		f.Add(s)
	}
	const secret = "S3cr3tW0rd"
	f.Fuzz(func(t *testing.T, form string) {
		if !strings.Contains(form, "u:%s@") && !strings.Contains(form, "password=%s") && !strings.Contains(form, "password='%s") {
			return
		}
		if strings.Count(form, "%s") != 1 {
			return
		}
		target, err := Parse(strings.Replace(form, "%s", secret, 1))
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", form, err)
		}
		if err == nil && strings.Contains(target.String(), secret) {
			t.Errorf("%q: %s", form, target)
		}
	})
}
