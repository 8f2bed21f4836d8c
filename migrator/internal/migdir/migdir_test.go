package migdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
)

// What Atlas's formatters write for other runners is read as they mean it, and
// what we begin for a runner is read as that runner's.
func TestAtlasFormattersAreReadBack(t *testing.T) {
	p := &migrate.Plan{Name: "add_t", Version: "20260101000000", Reversible: true, Changes: []*migrate.Change{
		{Cmd: "CREATE TABLE t (id int)", Reverse: "DROP TABLE t", Comment: "create the table"}, {Cmd: "CREATE INDEX i ON t (id)", Reverse: "DROP INDEX i"},
	}}
	for format, formatter := range map[migfile.Format]migrate.Formatter{
		migfile.GolangMigrate: sqltool.GolangMigrateFormatter, migfile.Goose: sqltool.GooseFormatter, migfile.Flyway: sqltool.FlywayFormatter,
		migfile.Dbmate: sqltool.DBMateFormatter, migfile.Atlas: migrate.DefaultFormatter,
	} {
		files, err := formatter.Format(p)
		if err != nil {
			t.Fatal(err)
		}
		path := t.TempDir()
		for _, f := range files {
			write(t, path, f.Name(), string(f.Bytes()))
		}
		if format == migfile.Atlas {
			if err := Sign(path); err != nil {
				t.Fatal(err)
			}
		}
		d, err := Read(path, Auto, Ask{})
		if err != nil || d.Format != format || len(d.Migrations) != 1 {
			t.Fatalf("%s: %+v (%v)", format, d, err)
		}
		m := d.Migrations[0]
		if m.Wrong != nil || m.Title != "add_t" && m.Title != "add t" || statements(m.Up) != "CREATE TABLE t (id int); CREATE INDEX i ON t (id)" {
			t.Errorf("%s: %+v: %s (%v)", format, m, statements(m.Up), m.Wrong)
		}
		if want := "DROP INDEX i; DROP TABLE t"; format != migfile.Atlas && statements(m.Down) != want {
			t.Errorf("%s: back: %s (%v)", format, statements(m.Down), m.WrongBack)
		}
	}
}

func statements(f *migfile.File) string {
	var all []string
	if f != nil {
		for _, s := range f.Segments {
			for _, st := range s.Statements {
				all = append(all, st.SQL)
			}
		}
	}
	return strings.Join(all, "; ")
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Each runner counts in its own way.
func TestOrder(t *testing.T) {
	for format, c := range map[migfile.Format]struct{ names, want string }{
		migfile.Single:        {"2_b.sql 10_c.sql 1_a.sql", "1_a.sql 2_b.sql 10_c.sql"},
		migfile.GolangMigrate: {"10_c.up.sql 9_b.up.sql 20260101000000_d.up.sql", "9_b.up.sql 10_c.up.sql 20260101000000_d.up.sql"},
		migfile.Dbmate:        {"10_a.sql 9_b.sql", "10_a.sql 9_b.sql"},
		migfile.Flyway:        {"V1.10__c.sql V1.9__b.sql V1__a.sql R__b.sql R__a.sql V2_1__d.sql", "V1__a.sql V1.9__b.sql V1.10__c.sql V2_1__d.sql R__a.sql R__b.sql"},
	} {
		path := t.TempDir()
		for _, name := range strings.Fields(c.names) {
			write(t, path, name, "SELECT 1;")
		}
		d, err := Read(path, format, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range d.Migrations {
			got = append(got, m.Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", format, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"1.0", "1", 0}, {"1.2", "1.10", -1}, {"2", "1.9.9", 1}, {"01", "1", 0}} {
		if got := compareDotted(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %d", c.a, c.b, got)
		}
	}
}

// A new migration comes behind all others, whatever the clock says, and its files are
// read as what they are.
func TestNewComesLast(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for format, c := range map[migfile.Format]struct{ have, want string }{
		migfile.Single:        {"0009_a.sql", "0010_x.sql 0010_x_rollback.sql"},
		migfile.Goose:         {"20270101000000_a.sql", "20270101000001_x.sql"},
		migfile.GolangMigrate: {"20250101000000_a.up.sql", "20260102030405_x.up.sql 20260102030405_x.down.sql"},
		migfile.Flyway:        {"V3__a.sql", "V4__x.sql U4__x.sql"},
		migfile.Dbmate:        {"", "20260102030405_x.sql"},
		migfile.Liquibase:     {"", "20260102030405_x.sql"},
	} {
		path := t.TempDir()
		if c.have != "" {
			write(t, path, c.have, "-- +goose Up\nSELECT 1;\n")
		}
		d, err := Read(path, format, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range d.New("x", at) {
			got = append(got, f.Name)
			write(t, path, f.Name, f.Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", format, got, c.want)
		}
		d, err = Read(path, format, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		last := d.Migrations[len(d.Migrations)-1]
		if !strings.Contains(last.Name, "x") || last.Wrong != nil || last.Down == nil && format != migfile.Liquibase {
			t.Errorf("%s: %+v", format, last)
		}
	}
}

// Line ends do not count for Flyway. That the sums are its own is held by
// TestAdoptFromJavaRunners of package cli, where adopt compares them with its table.
func TestFlywayChecksum(t *testing.T) {
	if a, b := FlywayChecksum("SELECT 1;\nSELECT 2;\n"), FlywayChecksum("\ufeffSELECT 1;\r\nSELECT 2;"); a != b || a == FlywayChecksum("SELECT 1; SELECT 2;") {
		t.Error(a, b)
	}
}

// No text makes the reader of changesets fail otherwise than by an error, and each
// statement lies where its file says.
func FuzzChangesets(f *testing.F) {
	for _, s := range []string{"--changeset a:1\nSELECT 1;\n--rollback SELECT 2;\n", "--changeset a:1 dbms:oracle\nx", "--changeset a:b runInTransaction:false\n--rollback empty\n--preconditions x", "-- changeset ä:ö splitStatements:false\nSELECT 'é';\n--rollback a\n--rollback b;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = "--liquibase formatted sql\n" + text
		r := &reader{dir: &Dir{Path: ".", Format: migfile.Liquibase}, names: []string{"1.sql"}, texts: map[string]string{"1.sql": text}}
		if err := r.liquibase(); err != nil {
			return
		}
		for _, m := range r.dir.Migrations {
			for _, file := range []*migfile.File{m.Up, m.Down} {
				if file == nil {
					continue
				}
				for _, s := range file.Segments {
					for _, st := range s.Statements {
						if at := file.Text[st.Offset:]; !strings.HasPrefix(at, strings.SplitN(st.SQL, "\n", 2)[0]) {
							t.Fatalf("%q does not stand at %d of %q", st.SQL, st.Offset, file.Text)
						}
					}
				}
			}
		}
	})
}

// A directory that is not there, and one that is a file.
func TestNoDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.sql", "")
	if _, err := Read(filepath.Join(dir, "no"), Auto, Ask{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Read(filepath.Join(dir, "a.sql"), Auto, Ask{}); err == nil {
		t.Error("a file is read as a directory")
	}
	write(t, dir, ".hidden/1_a.sql", "SELECT 1;")
	if d, err := Read(dir, Auto, Ask{}); err != nil || len(d.Migrations) != 1 || !slices.Contains([]string{"a.sql"}, d.Migrations[0].Name) {
		t.Errorf("%+v (%v)", d, err)
	}
}
