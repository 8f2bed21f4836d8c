package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What clients feel is in the report; what lapses is not written.
func TestDiffBesideTraffic(t *testing.T) {
	dir := t.TempDir()
	old := file(t, dir, "old.sql", "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE UNIQUE INDEX u ON t (a); CREATE VIEW v AS SELECT a FROM t;")
	now := file(t, dir, "new.sql", "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL); CREATE UNIQUE INDEX u ON t (a) INCLUDE (id); CREATE VIEW v AS SELECT a FROM t;")
	up := filepath.Join(dir, "up.sql")
	r := run(t, "diff", "--from", old, "--to", now, "--up", up, "--prove", "traffic", "--traffic-rows", "2000")
	for _, want := range []string{"PROVED: ", "and nothing lapsed", "BESIDE TRAFFIC", "public.t", "2,002", "clients waited"} {
		if !strings.Contains(strings.Join(strings.Fields(r.out), " "), want) {
			t.Errorf("%q is missing in %+v", want, r)
		}
	}
	if text, err := os.ReadFile(up); err != nil || r.code != 0 || !strings.Contains(string(text), "u__new") {
		t.Error(r, err)
	}
	if r := run(t, "diff", "--from", old, "--to", now, "--no-proof", "--prove", "traffic"); r.code != 2 || !strings.Contains(r.errors, "exclude each other") {
		t.Error(r)
	}
	if r := run(t, "diff", "--from", old, "--to", now, "--prove", "traffic", "--traffic-rows", "0"); r.code != 2 {
		t.Error(r)
	}
}
