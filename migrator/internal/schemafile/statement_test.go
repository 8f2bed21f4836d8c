package schemafile

import (
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

func TestRoleOf(t *testing.T) {
	for sql, want := range map[string]role{
		"CREATE TABLE t (id int)":                      execute,
		"GRANT SELECT ON t TO r":                       execute,
		"GRANT a TO b":                                 serverWide,
		"REVOKE a FROM b":                              serverWide,
		"GRANT CONNECT ON DATABASE d TO r":             elsewhere,
		"CREATE ROLE r":                                serverWide,
		"CREATE USER r":                                serverWide,
		"CREATE USER MAPPING FOR r SERVER s":           execute,
		"ALTER ROLE r SET search_path = x":             serverWide,
		"CREATE DATABASE d":                            elsewhere,
		"ALTER SYSTEM SET work_mem = '1GB'":            elsewhere,
		"BEGIN":                                        ignore,
		"START TRANSACTION":                            ignore,
		"COMMIT":                                       ignore,
		"COPY t FROM stdin":                            moves,
		"COMMENT ON DATABASE d IS 'x'":                 elsewhere,
		"COMMENT ON ROLE r IS 'x'":                     serverWide,
		"COMMENT ON TABLE t IS 'about the database'":   execute,
		"COMMENT ON COLUMN t.database IS 'x'":          execute,
		"INSERT INTO t VALUES (1)":                     execute,
		"SELECT pg_catalog.set_config('a', 'b', true)": execute,
	} {
		if got := roleOf(sqltext.Statement{SQL: sql}); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestRollbackNames(t *testing.T) {
	for name, want := range map[string]bool{
		"1_a.down.sql": true, "1_a_rollback.sql": true, "U1.2__a.sql": true, "1_a.up.sql": false, "users.sql": false, "V1__a.sql": false, "Users__x.sql": false,
	} {
		if rollbackName.MatchString(name) != want {
			t.Error(name)
		}
	}
}
