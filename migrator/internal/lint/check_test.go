package lint

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT 1", ""},
		{"create table t (id int)", ""},
		{"drop table t", "data-loss blocks-reads"},
		{"DELETE FROM t", "data-loss"},
		{"update t set a = 1", "data-loss"},
		{"update t set a = 1 where b", ""},
		{"CREATE INDEX i ON t (a)", "index-build blocks-writes"},
		{"CREATE INDEX CONCURRENTLY i ON t (a)", "index-build"},
		{"CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "index-build may-fail"},
		{"ALTER TABLE t ADD COLUMN a int", ""},
		{"ALTER TABLE t ADD COLUMN a int NOT NULL", "may-fail"},
		{"ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0", ""},
		{"ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()", "rewrite"},
		{"ALTER TABLE t DROP COLUMN a, ADD COLUMN b int", "data-loss"},
		{"ALTER TABLE t DROP a", "data-loss"},
		{"ALTER TABLE t ALTER COLUMN a DROP DEFAULT", ""},
		{"ALTER TABLE t ALTER COLUMN a TYPE bigint", "rewrite blocks-reads"},
		{"ALTER TABLE t ALTER a SET NOT NULL", "scan may-fail"},
		{"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "scan blocks-writes may-fail"},
		{"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", ""},
		{"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)", "scan blocks-writes may-fail"},
		{"ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX k", ""},
		{"ALTER TABLE t ADD PRIMARY KEY (id)", "index-build blocks-reads may-fail"},
		{"/* DROP TABLE x */ ALTER TABLE t RENAME TO u", "correctness"},
		{"GRANT SELECT ON t TO r", "permissions"},
		{"REFRESH MATERIALIZED VIEW v", "blocks-reads"},
		{"COMMENT ON TABLE t IS 'DROP TABLE t'", ""},
	} {
		var kinds []string
		for _, h := range Check(test.sql) {
			kinds = append(kinds, string(h.Kind))
		}
		if got := strings.Join(kinds, " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.sql, got, test.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("ALTER TABLE t ADD CONSTRAINT c CHECK ((a > 0), DROP b")
	f.Add("drop table \"a")
	f.Fuzz(func(t *testing.T, sql string) { Check(sql) })
}
