package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// The hazards that lint names are what the server does: its locks and rewrites, seen
// by a dry run on a table with rows.
func TestLintNamesWhatTheServerDoes(t *testing.T) {
	before := []string{
		"CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u SELECT generate_series(1, 1000)",
		"CREATE DOMAIN short AS text CHECK (length(VALUE) < 99)", "CREATE DOMAIN plain AS varchar(20)", "CREATE TYPE mood AS ENUM ('a', 'b')", "CREATE TYPE pair AS (a int)",
		"CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, v varchar(20), r int4range, type text, n numeric(10, 2), at timestamp(3), z timestamptz, d plain, s short, u_id int REFERENCES u, CONSTRAINT other FOREIGN KEY (b) REFERENCES u)",
		"INSERT INTO t SELECT i, i, i, 'v', int4range(i, i + 1), 'x', i, now(), now(), 'd', 's', i FROM generate_series(1, 1000) i",
		"CREATE INDEX old ON t (a)", "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID", "CREATE VIEW w AS SELECT id FROM u",
		"CREATE MATERIALIZED VIEW m AS SELECT id FROM t", "CREATE TABLE p (k int) PARTITION BY LIST (k)", "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "CREATE TABLE p2 (k int)",
		"CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()",
		"CREATE POLICY pol ON t USING (true)", "CREATE RULE r AS ON DELETE TO u DO ALSO NOTHING", "CREATE SEQUENCE q",
		"CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE t ALTER COLUMN a TYPE bigint; END'",
		"CREATE TABLE keyed (id int PRIMARY KEY, code int UNIQUE, note int)", "CREATE TABLE keyed1 (keyed int REFERENCES keyed)", "CREATE TABLE keyed2_old (keyed int, code int REFERENCES keyed (code), own int UNIQUE, up int REFERENCES keyed2_old (own))",
		"ALTER TABLE keyed2_old RENAME TO keyed2", "ALTER TABLE keyed RENAME COLUMN code TO number",
		"CREATE PROCEDURE clear() LANGUAGE sql AS 'TRUNCATE t'",
	}
	dsn, _ := database(t, before...)
	files := lint.New(lint.Options{})
	files.Text(strings.Join(before, ";\n"))
	dir := t.TempDir()
	for _, sql := range []string{
		"ALTER TABLE t ADD COLUMN kind text", "ALTER TABLE t ADD COLUMN k bigint NOT NULL DEFAULT 0", "ALTER TABLE t ADD COLUMN k timestamptz DEFAULT now()",
		"ALTER TABLE t ADD COLUMN k uuid DEFAULT gen_random_uuid()", "ALTER TABLE t ADD COLUMN k float DEFAULT random()", "ALTER TABLE t ADD COLUMN k bigserial",
		"ALTER TABLE t ADD COLUMN k bigint GENERATED ALWAYS AS IDENTITY", "ALTER TABLE t ADD COLUMN k int GENERATED ALWAYS AS (a + 1) STORED",
		"ALTER TABLE t ADD COLUMN k int REFERENCES u (id)", "ALTER TABLE t ADD COLUMN k int DEFAULT 1 REFERENCES u (id)", "ALTER TABLE t ADD COLUMN c int CHECK (c > 0)",
		"ALTER TABLE t ADD COLUMN c int UNIQUE", "ALTER TABLE t ALTER COLUMN a TYPE bigint", "ALTER TABLE t ALTER COLUMN v TYPE text", "ALTER TABLE t ALTER COLUMN type SET STATISTICS 100",
		"ALTER TABLE t ALTER COLUMN b SET NOT NULL", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
		"ALTER TABLE t VALIDATE CONSTRAINT positive", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES u (id)", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES u (id) NOT VALID",
		"ALTER TABLE t ADD CONSTRAINT k UNIQUE (b)", "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&)", "ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET (fillfactor = 80)",
		"CREATE INDEX i ON t (b)", "DROP INDEX old", "REINDEX TABLE t", "REFRESH MATERIALIZED VIEW m", "LOCK TABLE t", "LOCK TABLE t IN SHARE MODE", "TRUNCATE t", "DROP TABLE t CASCADE", "CLUSTER t USING t_pkey",
		"ALTER TABLE p DETACH PARTITION p1", "UPDATE t SET b = 1", "DELETE FROM t WHERE id = 1",
		"ALTER TABLE t ALTER COLUMN v TYPE varchar(10)", "ALTER TABLE t ALTER COLUMN v TYPE varchar(40)", "ALTER TABLE t ALTER COLUMN n TYPE numeric(12, 2)", "ALTER TABLE t ALTER COLUMN n TYPE numeric(12, 3)", "ALTER TABLE t ALTER COLUMN n TYPE numeric",
		"ALTER TABLE t ALTER COLUMN at TYPE timestamp", "ALTER TABLE t ALTER COLUMN at TYPE timestamp(1)", "ALTER TABLE t ALTER COLUMN at TYPE timestamptz", "ALTER TABLE t ALTER COLUMN z TYPE timestamp", "ALTER TABLE t ALTER COLUMN d TYPE text",
		"ALTER TABLE t ALTER COLUMN s TYPE text", "ALTER TABLE t ALTER COLUMN v TYPE short", "ALTER TABLE t ALTER COLUMN type TYPE varchar", "ALTER TABLE t ALTER COLUMN a TYPE int", "ALTER TABLE t ALTER COLUMN a TYPE bigint USING a * 2",
		"ALTER TABLE t DROP COLUMN u_id", "ALTER TABLE t DROP CONSTRAINT t_u_id_fkey", "ALTER TABLE t DROP CONSTRAINT other", "ALTER TABLE t DROP CONSTRAINT positive", "ALTER TABLE t ALTER COLUMN u_id TYPE bigint",
		"ALTER TABLE t RENAME COLUMN a TO c", "ALTER TABLE t RENAME TO t2", "ALTER TABLE t RENAME CONSTRAINT positive TO above", "ALTER INDEX old RENAME TO new", "ALTER TABLE u SET SCHEMA information_schema",
		"ALTER TABLE t ALTER COLUMN b SET DEFAULT 1", "ALTER TABLE t ALTER COLUMN b DROP DEFAULT", "ALTER TABLE t ALTER COLUMN a SET STORAGE PLAIN", "ALTER TABLE t OWNER TO CURRENT_USER", "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t DISABLE TRIGGER g",
		"ALTER TABLE t ENABLE TRIGGER g", "ALTER TABLE t CLUSTER ON old", "ALTER TABLE t REPLICA IDENTITY FULL", "ALTER TABLE t SET LOGGED", "ALTER TABLE t ADD COLUMN m mood DEFAULT 'a'", "ALTER TABLE t ADD COLUMN k text DEFAULT md5('x')", "ALTER TABLE t ADD COLUMN k short", "ALTER TABLE t ADD COLUMN k short DEFAULT 'x'",
		"ALTER TABLE t ADD COLUMN k int NOT NULL DEFAULT -1", "ALTER TABLE t ADD COLUMN k timestamptz DEFAULT clock_timestamp()", "ALTER TABLE t ADD COLUMN k text DEFAULT CURRENT_USER", "ALTER TABLE t ADD COLUMN k int, ADD COLUMN l int DEFAULT 2", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0), ADD COLUMN k int",
		"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id), DROP CONSTRAINT t_pkey", "ALTER TABLE ONLY t ADD COLUMN k int", "DROP TRIGGER g ON t", "DROP POLICY pol ON t", "DROP RULE r ON u", "CREATE TRIGGER h AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()",
		"CREATE POLICY more ON t USING (true)", "CREATE RULE s AS ON UPDATE TO u DO ALSO NOTHING", "CREATE TABLE x (id int REFERENCES u)", "CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3)", "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)", "CREATE INDEX ON p (k)", "ALTER TABLE p ADD COLUMN l int",
		"DROP TABLE p2", "DROP TABLE p", "DROP MATERIALIZED VIEW m", "DROP VIEW w", "DROP FUNCTION nothing() CASCADE", "DROP FUNCTION widen()", "DROP TYPE mood", "DROP SEQUENCE q", "DROP INDEX IF EXISTS none", "DROP TABLE IF EXISTS none", "TRUNCATE u CASCADE", "REINDEX INDEX old",
		"COMMENT ON TABLE t IS 'x'", "GRANT SELECT ON t TO PUBLIC", "ANALYZE t", "CREATE STATISTICS st ON a, b FROM t", "CREATE VIEW w2 AS SELECT a FROM t", "CREATE TABLE x AS SELECT * FROM t", "SELECT a INTO x FROM t", "INSERT INTO t (id, a) VALUES (5000, 5000)", "SELECT * FROM t FOR UPDATE", "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE",
		"SELECT widen()", "CALL clear()", "DO $$ BEGIN ALTER TABLE t ADD COLUMN k uuid DEFAULT gen_random_uuid(); EXECUTE 'CREATE INDEX i ON u (id)'; END $$", "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %I', 't', 'b'); END $$", "DO $$ BEGIN PERFORM 1 FROM t; END $$",
		"WITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone", "ALTER TABLE t DROP COLUMN b",
		"ALTER TABLE keyed ALTER COLUMN id TYPE bigint", "ALTER TABLE keyed ALTER COLUMN number TYPE bigint", "ALTER TABLE keyed ALTER COLUMN note TYPE bigint", "ALTER TABLE keyed ALTER COLUMN id TYPE int", "ALTER TABLE keyed2 ALTER COLUMN own TYPE bigint", "ALTER TABLE keyed1 ALTER COLUMN keyed TYPE bigint", "DROP TABLE keyed CASCADE",
	} {
		r := run(t, "apply", file(t, dir, "1.sql", sql+";\n"), "--connection", dsn, "--dry-run=target", "--format", "json")
		var seen struct {
			Statements []struct {
				Locks              []struct{ Mode, Relation string }
				Rewritten, Scanned []struct{ Relation string }
				Error              string
			}
		}
		if err := json.Unmarshal([]byte(r.out), &seen); err != nil || len(seen.Statements) != 1 || seen.Statements[0].Error != "" {
			t.Errorf("%s: %v %s%s", sql, err, r.out, r.errors)
			continue
		}
		st := seen.Statements[0]
		said := map[lint.Kind]string{}
		judged := files.Clone().Text(sql)
		for _, d := range judged.Findings {
			for _, h := range d.Hazards {
				said[h.Kind] = h.Message
			}
		}
		locked := func(modes ...string) bool {
			return slices.ContainsFunc(st.Locks, func(l struct{ Mode, Relation string }) bool { return slices.Contains(modes, l.Mode) })
		}
		saidIt := saidOf(sql+";\n", judged)
		for _, l := range st.Locks {
			if l.Mode == "ACCESS EXCLUSIVE" && !strings.Contains("public.w public.q", l.Relation) && !lockNamed(saidIt, strings.Replace(l.Relation, "p1", "p", 1)) {
				t.Errorf("%s: ACCESS EXCLUSIVE on %s is not named", sql, l.Relation)
			}
		}
		rewrite, named := said[lint.Rewrite]
		switch {
		case named && len(st.Rewritten) == 0 && !strings.Contains(rewrite, " if "):
			t.Errorf("%s: a rewrite is named, and there is none", sql)
		case !named && len(st.Rewritten) > 0 && said[lint.DataLoss] == "" && said[lint.IndexBuild] == "" && !strings.HasPrefix(sql, "REFRESH"):
			t.Errorf("%s: a rewrite is not named: %v", sql, st.Rewritten)
		}
		if _, ok := said[lint.BlocksReads]; ok && !locked("ACCESS EXCLUSIVE") && !(strings.Contains(sql, "IF EXISTS none") && strings.Contains(said[lint.BlocksReads]+" if ", " if ")) {
			t.Errorf("%s: blocks-reads is named, and the locks are %v", sql, st.Locks)
		}
		if _, ok := said[lint.BlocksWrites]; ok && !locked("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE") {
			t.Errorf("%s: blocks-writes is named, and the locks are %v", sql, st.Locks)
		}
		_, scan := said[lint.Scan]
		_, build := said[lint.IndexBuild]
		if len(st.Scanned) > 0 && locked("ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE") && !scan && !build && !named && said[lint.DataLoss] == "" && !strings.HasPrefix(sql, "REFRESH") {
			t.Errorf("%s: a scan under a lock is not named: %v", sql, st.Scanned)
		}
	}
}

// lockNamed says that a lock on a table is named for any statement.
func lockNamed(all map[string]*said, table string) bool {
	for _, s := range all {
		if s.locks(table) {
			return true
		}
	}
	return false
}
