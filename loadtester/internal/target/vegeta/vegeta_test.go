package vegeta

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

func TestReadHTTP(t *testing.T) {
	body := filepath.Join(t.TempDir(), "body.json")
	if err := os.WriteFile(body, []byte(`{"id":{{seq}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	in := "# users\n\nGET http://h/users\nX-Account: 8675309\nX-Empty:\n\nPOST http://h/users\nContent-Type: application/json\n@" + body +
		"\n\nDELETE http://h/users/1\nGET http://h/no-empty-line-between\r\nhttp://h/alone?a=b:c\n"
	got, err := Read(strings.NewReader(in), "t.http")
	if err != nil {
		t.Fatal(err)
	}
	want := []target.Spec{
		{Method: "GET", URL: "http://h/users", Header: []target.Field{{Name: "X-Account", Value: "8675309"}, {Name: "X-Empty"}}, Line: 3},
		{Method: "POST", URL: "http://h/users", Header: []target.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"id":{{seq}}}`), Line: 7},
		{Method: "DELETE", URL: "http://h/users/1", Line: 11},
		{Method: "GET", URL: "http://h/no-empty-line-between", Line: 12},
		{Method: "GET", URL: "http://h/alone?a=b:c", Line: 13},
	}
	for i := range want {
		want[i].File, want[i].Template = "t.http", true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadJSON(t *testing.T) {
	in := `{"method":"POST","url":"http://h/","header":{"B":["1","2"],"A":["3"]},"body":"eyJhIjoxfQ=="}` + "\n\n" + `{"url":"http://h/2"}`
	got, err := Read(strings.NewReader("\n"+in), "t.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []target.Spec{
		{Method: "POST", URL: "http://h/", Header: []target.Field{{Name: "A", Value: "3"}, {Name: "B", Value: "1"}, {Name: "B", Value: "2"}}, Body: []byte(`{"a":1}`), Line: 1},
		{URL: "http://h/2", Line: 3},
	}
	for i := range want {
		want[i].File, want[i].Template = "t.json", true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "t: there is no target in it",
		"# only a comment\n":             "t: there is no target in it",
		"\nX: y\n":                       `t:1: "X: y" is not METHOD URL`,
		"GET http://h/\nno colon here\n": `t:2: the header "no colon here" has no colon`,
		"GET http://h/\n@/no/such/file":  "t:2: the file /no/such/file does not exist",
		"{\"url\": 3}":                   "t:1: the target is not valid: cannot unmarshal number into",
		"{\"url\": ":                     "t:1: the target is not valid",
	} {
		_, err := Read(strings.NewReader(in), "t")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got  %v\n want %s", in, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("GET http://h/\nA: b\n\nPOST http://h/2\n")
	f.Add(`{"method":"GET","url":"http://h/","header":{"a":["b"]}}`)
	f.Fuzz(func(t *testing.T, in string) {
		if strings.Contains(in, "@") {
			return
		}
		if specs, err := Read(strings.NewReader(in), "f"); err == nil {
			if len(specs) == 0 {
				t.Fatal("no target and no error")
			}
			_, _ = target.Compile(specs, target.Options{})
		}
	})
}
