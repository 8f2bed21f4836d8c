package cli

import (
	"strings"
	"testing"
)

// needySchema is a schema of which a part needs an extension that no server has.
const needySchema = `CREATE EXTENSION nosuchthing;
CREATE TABLE plain (id int PRIMARY KEY, n text);
CREATE VIEW keep AS SELECT id FROM plain;
CREATE TABLE docs (id serial PRIMARY KEY, v nosuchtype(3));
CREATE INDEX ON docs USING nosuchmethod (v nosuchops);
CREATE TABLE notes (id int PRIMARY KEY, doc int REFERENCES docs);
CREATE TABLE more (id int PRIMARY KEY, doc int);
ALTER TABLE ONLY more ADD CONSTRAINT more_doc FOREIGN KEY (doc) REFERENCES docs (id);
CREATE VIEW dv AS SELECT id FROM docs;
COMMENT ON TABLE docs IS 'of vectors';
CREATE FUNCTION near(a nosuchtype) RETURNS int LANGUAGE sql AS 'SELECT 1';
`

// What needs an extension that the scratch server lacks is left out by name on both
// sides, and the rest is planned and proved.
func TestDiffOfWhatNeedsNoExtension(t *testing.T) {
	dir := t.TempDir()
	old := file(t, dir, "v1.sql", needySchema)
	now := file(t, dir, "v2.sql", strings.Replace(strings.Replace(needySchema, "n text", "n text, k int", 1), "doc int);", "doc int, z int);", 1))
	r := run(t, "diff", "--from", old, "--to", now)
	if r.code != 0 || !strings.Contains(r.out, "PROVED: 2 changes") || !strings.Contains(r.out, "ADD COLUMN z") || !strings.Contains(r.out, "ADD COLUMN k") {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{"table public.docs", "table public.notes", "view public.dv"} {
		if want := name + " is not compared: it needs nosuchthing"; !strings.Contains(r.errors, "warning: "+want) || !strings.Contains(strings.Join(strings.Fields(r.out), " "), want) {
			t.Errorf("%s: %+v", want, r)
		}
	}
	if strings.Contains(r.errors, "public.plain is") || strings.Contains(r.errors, "public.keep") || strings.Contains(r.errors, "table public.more") {
		t.Errorf("more is left out than needs it: %s", r.errors)
	}
	if r := run(t, "diff", "--from", old, "--to", now, "--format", "json"); !strings.Contains(r.out, "table public.docs is not compared") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "diff", "--from", old, "--to", old, "--exit-code"); r.code != 0 || !strings.Contains(r.out, "EQUAL: the schemas are the same, but for what is not compared") {
		t.Errorf("%+v", r)
	}
}

// A difference of what is left out is never passed over, and a wrong name stays an
// error.
func TestDiffOfWhatNeedsAnExtension(t *testing.T) {
	dir := t.TempDir()
	old := file(t, dir, "v1.sql", needySchema)
	for _, test := range []struct {
		name, old, new string
		code           int
		says           string
	}{
		{"type", "nosuchtype(3)", "nosuchtype(4)", 1, "2 differences that the scratch server cannot judge: CREATE TABLE docs"},
		{"comment", "of vectors", "of others", 1, "cannot judge: COMMENT ON TABLE docs"},
		{"one is gone", "CREATE VIEW dv AS SELECT id FROM docs;", "", 1, "cannot judge: CREATE VIEW dv"},
		{"a column of the extension", "CREATE VIEW keep", "ALTER TABLE plain ADD v nosuchtype; CREATE VIEW keep", 1, "cannot judge"},
		{"relation", "FROM docs;", "FROM dosc;", 2, `relation "dosc" does not exist`},
		{"column", "(doc) REFERENCES docs", "(dco) REFERENCES plain", 2, `column "dco"`},
		{"statement of no object", "COMMENT ON TABLE docs", "INSERT INTO docs VALUES (1); COMMENT ON TABLE docs", 2, `relation "docs" does not exist`},
	} {
		now := file(t, dir, "v2.sql", strings.Replace(needySchema, test.old, test.new, 1))
		for _, ways := range [][2]string{{old, now}, {now, old}} {
			if r := run(t, "diff", "--from", ways[0], "--to", ways[1]); r.code != test.code || !strings.Contains(r.errors, test.says) {
				t.Errorf("%s: %+v", test.name, r)
			}
		}
	}
}
