package redact

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

func TestDSN(t *testing.T) {
	for in, want := range map[string]string{
		"postgres://localhost/mydb":                   "postgres://localhost/mydb",
		"postgres://ann@localhost/mydb":               "postgres://ann@localhost/mydb",
		"postgres://ann:s3cret@localhost/mydb":        "postgres://ann:***@localhost/mydb",
		"postgres://ann:@localhost/mydb":              "postgres://ann:@localhost/mydb",
		"postgres://ann:p@ss/w?rd#x@localhost/mydb":   "postgres://ann:***@localhost/mydb",
		"postgres://ann:%zz@localhost:x/mydb":         "postgres://ann:***@localhost:x/mydb",
		"postgres://h/db?user=a&password=b&sslmode=c": "postgres://h/db?user=a&password=***&sslmode=c",
		"postgres://h/db?sslpassword=b;pass%77ord=c":  "postgres://h/db?sslpassword=***;pass%77ord=***",
		"host=h user=ann password=s3cret dbname=d":    "host=h user=ann password=*** dbname=d",
		"host=h password = 'a b\\'c' dbname=d":        "host=h password = *** dbname=d",
		"host=h password='never closed dbname=d":      "host=h password=***",
		"host=h password=":                            "host=h password=",
		"password=a\\ b host=h":                       "password=*** host=h",
		"mydb":                                        "mydb",
		"postgres://a:b@h1,c:d@h2/db":                 "postgres://a:***@h2/db",
	} {
		if got := DSN(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"http://localhost:8080/a?email=a@b.c":      "http://localhost:8080/a?email=a@b.c",
		"https://ann:s3@h/a?api_key=x&q=1#token=y": "https://ann:***@h/a?api_key=***&q=1#token=***",
		"https://h/?X-Amz-Signature=abc&limit=2":   "https://h/?X-Amz-Signature=***&limit=2",
		"http://ann:p@ss w@h:port/":                "http://ann:***@h:port/",
		"not a url":                                "not a url",
	} {
		if got := URL(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"Authorization", "Bearer token123", "Bearer ***"}, {"Authorization", "token123", "***"},
		{"Proxy-Authorization", "Basic abc=", "Basic ***"}, {"Cookie", "sid=1; a=b", "***"}, {"X-API-Key", "k", "***"},
		{"Content-Type", "text/plain", "text/plain"}, {"Accept", "*/*", "*/*"}, {"Authorization", "", ""},
	} {
		if got := Header(c.name, c.value); got != c.want {
			t.Errorf("%s: %s is shown as %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestWriterAcrossWrites(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, "s3cret", "s3cret-longer", "ab")
	for _, part := range []string{"a s3c", "ret, s3cret-", "longer and ab s3cre", "w; s3cret"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "a ***, *** and ab s3crew; ***"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// FuzzNoPasswordIsShown puts any password into every shape of connection
// string, well formed or not, and looks for it in what is printed.
func FuzzNoPasswordIsShown(f *testing.F) {
	for _, p := range []string{"s3cret", "p@ss/w?rd", "a b'c\\", "x=y&z", "100%", "://@:", "ünï", "a#b;c"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, password string) {
		if len(password) < 4 || strings.Contains("postgres://ann@db.example.com:5432/shop?sslmode=disable host user dbname password", password) {
			return
		}
		quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password)
		shapes := []string{
			"postgres://ann:" + password + "@db.example.com:5432/shop?sslmode=disable",
			"postgres://ann:" + url.QueryEscape(password) + "@db.example.com/shop",
			"postgres://db.example.com/shop?user=ann&password=" + url.QueryEscape(password),
			"host=db.example.com user=ann password='" + quoted + "' dbname=shop",
			"host=db.example.com password='" + quoted,
		}
		for _, dsn := range shapes {
			shown := DSN(dsn)
			if strings.Contains(shown, password) || strings.Contains(shown, url.QueryEscape(password)) && len(url.QueryEscape(password)) > 3 {
				t.Errorf("%s is shown as %s", dsn, shown)
			}
			var b bytes.Buffer
			w := NewWriter(&b, Secrets(dsn)...)
			for i := range dsn { // byte by byte, the worst cut
				w.Write([]byte(dsn[i : i+1]))
			}
			w.Flush()
		}
		var b bytes.Buffer
		w := NewWriter(&b, password)
		half := len(password) / 2
		w.Write([]byte("before " + password[:half]))
		w.Write([]byte(password[half:] + " after"))
		w.Flush()
		if b.String() != "before *** after" && !strings.Contains("before ", password[:1]) {
			t.Errorf("stream: %q", b.String())
		}
	})
}
