package feed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

func TestRead(t *testing.T) {
	want := target.Feeder{Columns: []string{"email", "id"}, Rows: [][]string{{"a@x", "1"}, {"b;, c", "2"}}}
	for name, in := range map[string]string{
		"comma":     "email,id\na@x,1\n\"b;, c\",2\n",
		"semicolon": "\xef\xbb\xbfemail;id\r\na@x;1\r\n\"b;, c\";2",
		"tab":       "email\tid\na@x\t1\nb;, c\t2\n",
		"jsonl":     `{"email":"a@x","id":1}` + "\n" + `{"id":2,"email":"b;, c"}`,
		"array":     `[{"email":"a@x","id":1},{"id":2,"email":"b;, c"}]`,
	} {
		got, err := Read([]byte(in), "f")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	odd, err := Read([]byte(`{"a":{"b":[1]},"c":null,"d":true}`), "f")
	if err != nil || cmp.Diff([][]string{{`{"b":[1]}`, "", "true"}}, odd.Rows) != "" {
		t.Errorf("%v %v", odd.Rows, err)
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "f: it has no rows",
		"a,b\n":               "f: it has no rows",
		"a,b\n1\n":            "f:2:1: wrong number of fields",
		"a,b c\n1,2\n":        `f:1: the column name "b c"`,
		"{\"a\":1}\n{\"a\":":  "f:2: unexpected EOF",
		"[{\"a\":1},\n{a}]":   "f:2: invalid character 'a'",
		"{\"a\":1}\n[1]":      "f:2: cannot unmarshal array",
		"a,b\n\"x,1\ny,2\nzz": "f:",
	} {
		_, err := Read([]byte(in), "f")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got  %v\n want %s", in, err, want)
		}
	}
}

func TestParse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.csv")
	if err := os.WriteFile(file, []byte("id\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]target.Feeder{
		file:                    {Name: "users"},
		"people=" + file:        {Name: "people"},
		file + ",random":        {Name: "users", Random: true},
		"x=" + file + ",random": {Name: "x", Random: true},
	} {
		got, err := Parse(arg)
		if err != nil || got.Name != want.Name || got.Random != want.Random {
			t.Errorf("%s: %+v %v", arg, got, err)
		}
	}
	if _, err := Parse(file + "x"); err == nil {
		t.Error("a missing file passed")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte(`[{"a":1}]`))
	f.Add([]byte(`{"a":1}{"b":"x"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if got, err := Read(in, "f"); err == nil {
			got.Name = "f"
			_, _ = target.Compile([]target.Spec{{URL: "http://h/{{f.a}}", Template: true}}, target.Options{Feeders: []target.Feeder{got}})
		}
	})
}
