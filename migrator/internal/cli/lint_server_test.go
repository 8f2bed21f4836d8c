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
	dsn, _ := database(t,
		"CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u SELECT generate_series(1, 1000)",
		"CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, v varchar(20), r int4range, type text)",
		"INSERT INTO t SELECT i, i, i, 'v', int4range(i, i + 1), 'x' FROM generate_series(1, 1000) i",
		"CREATE INDEX old ON t (a)", "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID",
		"CREATE MATERIALIZED VIEW m AS SELECT id FROM t", "CREATE TABLE p (k int) PARTITION BY LIST (k)", "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)")
	dir := t.TempDir()
	for _, sql := range []string{
		"ALTER TABLE t ADD COLUMN kind text", "ALTER TABLE t ADD COLUMN n bigint NOT NULL DEFAULT 0", "ALTER TABLE t ADD COLUMN at timestamptz DEFAULT now()",
		"ALTER TABLE t ADD COLUMN k uuid DEFAULT gen_random_uuid()", "ALTER TABLE t ADD COLUMN k float DEFAULT random()", "ALTER TABLE t ADD COLUMN k bigserial",
		"ALTER TABLE t ADD COLUMN k bigint GENERATED ALWAYS AS IDENTITY", "ALTER TABLE t ADD COLUMN k int GENERATED ALWAYS AS (a + 1) STORED",
		"ALTER TABLE t ADD COLUMN u_id int REFERENCES u (id)", "ALTER TABLE t ADD COLUMN u_id int DEFAULT 1 REFERENCES u (id)", "ALTER TABLE t ADD COLUMN c int CHECK (c > 0)",
		"ALTER TABLE t ADD COLUMN c int UNIQUE", "ALTER TABLE t ALTER COLUMN a TYPE bigint", "ALTER TABLE t ALTER COLUMN v TYPE text", "ALTER TABLE t ALTER COLUMN type SET STATISTICS 100",
		"ALTER TABLE t ALTER COLUMN b SET NOT NULL", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)", "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
		"ALTER TABLE t VALIDATE CONSTRAINT positive", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES u (id)", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES u (id) NOT VALID",
		"ALTER TABLE t ADD CONSTRAINT k UNIQUE (b)", "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&)", "ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET (fillfactor = 80)",
		"CREATE INDEX i ON t (b)", "DROP INDEX old", "REINDEX TABLE t", "REFRESH MATERIALIZED VIEW m", "LOCK TABLE t", "LOCK TABLE t IN SHARE MODE", "TRUNCATE t", "DROP TABLE t CASCADE", "CLUSTER t USING t_pkey",
		"ALTER TABLE p DETACH PARTITION p1", "UPDATE t SET b = 1", "DELETE FROM t WHERE id = 1", "WITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone", "ALTER TABLE t DROP COLUMN b",
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
		for _, d := range lint.New(lint.Options{}).Text(sql).Findings {
			for _, h := range d.Hazards {
				said[h.Kind] = h.Message
			}
		}
		locked := func(modes ...string) bool {
			return slices.ContainsFunc(st.Locks, func(l struct{ Mode, Relation string }) bool { return slices.Contains(modes, l.Mode) })
		}
		rewrite, named := said[lint.Rewrite]
		switch {
		case named && len(st.Rewritten) == 0 && !strings.Contains(rewrite, " if "):
			t.Errorf("%s: a rewrite is named, and there is none", sql)
		case !named && len(st.Rewritten) > 0 && said[lint.DataLoss] == "" && said[lint.IndexBuild] == "" && !strings.HasPrefix(sql, "REFRESH"):
			t.Errorf("%s: a rewrite is not named: %v", sql, st.Rewritten)
		}
		if _, ok := said[lint.BlocksReads]; ok && !locked("ACCESS EXCLUSIVE") {
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
