package sqltext_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

func sqls(text string) []string {
	var all []string
	for _, s := range sqltext.Split(text) {
		if s.Meta != "" {
			all = append(all, s.Meta)
			continue
		}
		all = append(all, s.SQL)
	}
	return all
}

func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":                 {"", nil},
		"only comments":         {"-- a\n/* b */ ;;", nil},
		"two":                   {"SELECT 1; SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		"in a string":           {"SELECT 'a;b'; SELECT ''';'", []string{"SELECT 'a;b'", "SELECT ''';'"}},
		"escape string":         {`SELECT E'a\';b'; SELECT 2`, []string{`SELECT E'a\';b'`, "SELECT 2"}},
		"plain string":          {`SELECT 'a\'; SELECT 2`, []string{`SELECT 'a\'`, "SELECT 2"}},
		"continued escape":      {"SELECT E'a'\n 'b\\';c'; SELECT 2", []string{"SELECT E'a'\n 'b\\';c'", "SELECT 2"}},
		"not continued":         {`SELECT E'a' 'b\'; SELECT 2`, []string{`SELECT E'a' 'b\'`, "SELECT 2"}},
		"old strings":           {"SET standard_conforming_strings = off; SELECT 'a\\';b'; SELECT 2", []string{"SET standard_conforming_strings = off", "SELECT 'a\\';b'", "SELECT 2"}},
		"quoted name":           {`SELECT "a;""b"; SELECT 2`, []string{`SELECT "a;""b"`, "SELECT 2"}},
		"unicode name":          {`SELECT U&"a;b" , U&';'; SELECT 2`, []string{`SELECT U&"a;b" , U&';'`, "SELECT 2"}},
		"dollar":                {"SELECT $$a;b$$; SELECT $x$;$$;$x$", []string{"SELECT $$a;b$$", "SELECT $x$;$$;$x$"}},
		"dollar in a name":      {"SELECT a$b$; SELECT b$; SELECT $1;", []string{"SELECT a$b$", "SELECT b$", "SELECT $1"}},
		"nested comments":       {"SELECT /* a /* ; */ ; */ 1; SELECT 2", []string{"SELECT /* a /* ; */ ; */ 1", "SELECT 2"}},
		"comment in operator":   {"SELECT 1 +--;\n2; SELECT 3 */*;*/ 4", []string{"SELECT 1 +--;\n2", "SELECT 3 */*;*/ 4"}},
		"rule":                  {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", []string{"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"}},
		"atomic":                {"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3", []string{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END", "SELECT 3"}},
		"atomic, replaced":      {"CREATE OR REPLACE PROCEDURE \"P\"() BEGIN ATOMIC INSERT INTO t VALUES (1); END; SELECT 3", []string{"CREATE OR REPLACE PROCEDURE \"P\"() BEGIN ATOMIC INSERT INTO t VALUES (1); END", "SELECT 3"}},
		"begin is a word":       {"BEGIN; SELECT 1; END; SELECT 2", []string{"BEGIN", "SELECT 1", "END", "SELECT 2"}},
		"atomic without begin":  {"CREATE FUNCTION f(begin int, atomic int) RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT 2", []string{"CREATE FUNCTION f(begin int, atomic int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "SELECT 2"}},
		"meta":                  {"\\restrict abc\nSELECT 1;\n\\connect app\nSELECT 2", []string{`\restrict abc`, "SELECT 1", `\connect app`, "SELECT 2"}},
		"gexec":                 {"SELECT 1 \\gexec\nSELECT 2;", []string{"SELECT 1", "SELECT 2"}},
		"copy":                  {"COPY t FROM stdin;\n1;\t'\n\\.\nSELECT 2;", []string{"COPY t FROM stdin", "SELECT 2"}},
		"copy of psql":          {"\\copy t from stdin csv\n1;\t'\n\\.\nSELECT 2;\n\\copy t from 'x'\nSELECT 3", []string{`\copy t from stdin csv`, "SELECT 2", `\copy t from 'x'`, "SELECT 3"}},
		"umlauts":               {"SELECT 'ä;ö', \"ü\", ñ$; SELECT 2", []string{"SELECT 'ä;ö', \"ü\", ñ$", "SELECT 2"}},
		"windows line ends":     {"SELECT 1;\r\n-- x;\r\nSELECT 2;\r\n", []string{"SELECT 1", "SELECT 2"}},
		"comment at the end":    {"SELECT 1 -- one;\n; SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		"numbers and parameter": {"SELECT 1.5e-3, .5, $1, 1..2; SELECT 0x1F", []string{"SELECT 1.5e-3, .5, $1, 1..2", "SELECT 0x1F"}},
	} {
		if got := sqls(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\n got %q\nwant %q", name, c.text, got, c.want)
		}
	}
}

func TestSplitPlaces(t *testing.T) {
	text := "-- migrator:rename a b\n\nSELECT 1;\n\n  SELECT\n2;\nCOPY t FROM STDIN;\n1\t2\n\\.\nSELECT 'open"
	got := sqltext.Split(text)
	if len(got) != 4 || got[0].Line != 3 || got[1].Line != 5 || got[2].Line != 7 || got[3].Line != 10 {
		t.Fatalf("%+v", got)
	}
	if !slices.Equal(got[0].Comments, []string{"-- migrator:rename a b"}) || got[2].Copy != "1\t2\n" || !got[3].OpenEnded || got[2].OpenEnded {
		t.Errorf("%+v", got)
	}
	for _, s := range got {
		if text[s.Offset:s.Offset+len(s.SQL)] != s.SQL {
			t.Errorf("offset %d is not where %q is", s.Offset, s.SQL)
		}
	}
	if line, column := sqltext.Position(text, got[1].Offset); line != 5 || column != 3 {
		t.Error(line, column)
	}
}

// parsed is how PostgreSQL's own parser parts a text; ok is false when it
// refuses it.
func parsed(text string) (statements []string, ok bool) {
	tree, err := pgsql.Parse(text)
	if err != nil {
		return nil, false
	}
	for _, s := range tree {
		// The parser's statements begin with the comments before them.
		statements = append(statements, sqltext.Split(text[s.From:s.To] + "\n")[0].SQL)
	}
	return statements, true
}

// pieces are what statements are made of; many together are nonsense, and the
// parser says which are not.
var pieces = []string{
	"SELECT 1", "SELECT", " ", " ", "\n", "; ", ";", ";\n", "'a;b'", "E'\\';'", "E'a'\n'\\';'", "'it''s'", "$$;$$", "$a$ $$ ; $a$", "-- ;\n", "/* ; /* ; */ */", "\"q;\"", "U&\"d\\0061;\"", "U&';'",
	"a", ", b", "+", "-", "1", " 2.5", "(", ")", "(SELECT 2)", " FROM t", "AS x", "BEGIN", "COMMIT", "END", "CASE WHEN a THEN 1 END", "x'1F'", "b'01'", "n'x'", "$1", "a$1", "::text", "[1]",
	"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ", "SELECT 1; ", "END", "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC ", "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 1;$$",
	"CREATE RULE r AS ON INSERT TO t DO ALSO (", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a int)", "DO 'BEGIN END'", "RETURN 1", "begin atomic", "é",
}

// Random texts that PostgreSQL's parser takes are parted as it parts them.
func TestSplitAsPostgres(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := b.String()
		want, ok := parsed(text)
		if !ok {
			continue
		}
		taken++
		if got := sqls(text); !slices.Equal(got, want) {
			t.Fatalf("%q\n got %q\nwant %q", text, got, want)
		}
	}
	if taken < 500 {
		t.Errorf("only %d texts were SQL", taken)
	}
}

func FuzzSplit(f *testing.F) {
	for _, p := range pieces {
		f.Add(p + ";" + p)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		s := sqltext.NewScanner(text)
		for {
			token, ok := s.Next()
			if !ok {
				break
			}
			if token.From != at || token.To <= token.From {
				t.Fatalf("a token from %d to %d, the one before ended at %d", token.From, token.To, at)
			}
			at = token.To
		}
		if at != len(text) {
			t.Fatalf("tokens end at %d of %d", at, len(text))
		}
		last := 0
		for _, st := range sqltext.Split(text) {
			if st.Offset < last || st.SQL != "" && text[st.Offset:st.Offset+len(st.SQL)] != st.SQL {
				t.Fatalf("%+v", st)
			}
			last = st.Offset
		}
	})
}

// The rows of a COPY begin in the line after it, whatever ends a line.
func TestSplitCopyData(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for _, copy := range []string{"COPY t\nFROM STDIN; -- so", "\n\\copy t from stdin"} {
			text := strings.ReplaceAll("SELECT 1;\n"+copy+"\n1\t2\n3\t4\n\\.\nSELECT 2;", "\n", end)
			got := sqltext.Split(text)
			if len(got) != 3 || got[1].CopyLine != 4 || got[1].Copy != "1\t2"+end+"3\t4"+end || got[2].SQL != "SELECT 2" || got[2].CopyLine != 0 {
				t.Errorf("%q: %+v", text, got)
			}
		}
	}
	if got := sqltext.Split("COPY t FROM STDIN;\n\\.\n"); len(got) != 1 || got[0].Copy != "" || got[0].CopyLine != 2 {
		t.Errorf("no rows: %+v", got)
	}
}
