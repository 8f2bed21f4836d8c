package cli

import (
	"strings"
	"testing"
)

// What new tables get without a word, and how texts are ordered, may differ
// between the database and the scratch server: that is said.
func TestDiffSaysWhatTheCopyLacks(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE p (k text, n int) PARTITION BY RANGE (k)")
	if _, err := db.Exec("ALTER DATABASE " + db.Target.Database() + " SET default_toast_compression = 'lz4'"); err != nil {
		t.Fatal(err)
	}
	to := file(t, t.TempDir(), "to.sql", "CREATE TABLE p (k text, n int, m int) PARTITION BY RANGE (k)")
	r := run(t, "diff", "--from", dsn, "--to", to)
	if r.code != 0 || !strings.Contains(strings.Join(strings.Fields(r.out), " "), "the proof does not cover: setting default_toast_compression, value: lz4 in the database, pglz in the copy") {
		t.Errorf("%+v", r)
	}
}

// A partition whose DETACH CONCURRENTLY was cut off is named, with what to do.
func TestDiffOfAHalfDetachedPartition(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9)")
	// As after a cut: nobody else may set this but the server.
	if _, err := db.Exec("SET allow_system_table_mods = on; UPDATE pg_catalog.pg_inherits SET inhdetachpending = true WHERE inhrelid = 'p1'::regclass"); err != nil {
		t.Fatal(err)
	}
	to := file(t, t.TempDir(), "to.sql", "CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE p1 (k int);")
	r := run(t, "diff", "--from", dsn, "--to", to)
	if r.code != 2 || !strings.Contains(r.errors, "partition public.p1 is half detached") || !strings.Contains(r.errors, "ALTER TABLE public.p DETACH PARTITION public.p1 FINALIZE") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "diff", "--from", dsn, "--to", to, "--exclude", "public.p1", "--exit-code"); r.code != 0 {
		t.Errorf("%+v", r)
	}
}

// Options of a user mapping that the role may not read are no options that are not
// there: the mapping is left alone.
func TestDiffOfHiddenOptions(t *testing.T) {
	const schema = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR public SERVER s OPTIONS (secret 'x'); CREATE TABLE t (id int);"
	dsn, db := database(t, schema)
	small := as(t, dsn, db, "copier", "")
	to := file(t, t.TempDir(), "to.sql", schema+"ALTER TABLE t ADD a int;")
	r := run(t, "diff", "--from", small, "--to", to, "--no-owners", "--output", "-")
	if r.code != 0 || !strings.Contains(r.errors, "warning: the options of user mapping s.public may not be read by this role: it is left alone") || strings.Contains(r.out, "USER MAPPING") || !strings.Contains(r.out, "ADD COLUMN a") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "inspect", small); r.code != 0 || !strings.Contains(r.errors, "it is printed without them") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "diff", "--from", dsn, "--to", to, "--no-owners"); strings.Contains(r.errors, "may not be read") {
		t.Errorf("%+v", r)
	}
}
