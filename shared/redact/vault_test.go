package redact

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
)

const canary = slips.Canary

// say is how messages quote a word.
var say = []string{"unexpected argument %s", "%q does not exist", `parse "%s": invalid`, "json: %s"}

func TestNoSlipIsShown(t *testing.T) {
	for _, word := range slips.Words(canary) {
		v := NewVault([]string{"run", word}, nil, "TOOL_")
		for _, s := range say {
			if shown := v.Hide(fmt.Sprintf(s, word)); strings.Contains(shown, canary) {
				t.Errorf("%s is shown: %s", word, shown)
			}
		}
		for _, form := range []string{canary, base64.StdEncoding.EncodeToString([]byte(canary)), url.QueryEscape(canary)} {
			if shown := v.Hide("the server said " + form + "."); strings.Contains(shown, strings.TrimRight(form, "=")) {
				t.Errorf("%s: the secret alone is shown: %s", word, shown)
			}
		}
	}
}

func TestWordHidesEveryConnectionString(t *testing.T) {
	for _, word := range slips.Words(canary) {
		if shown := Word(word); strings.Contains(shown, canary) {
			t.Errorf("%s is shown: %s", word, shown)
		}
	}
}

// What is no secret stays readable: messages that hide everything help nobody.
func TestPlainWordsStay(t *testing.T) {
	plain := []string{
		"http://127.0.0.1:8080/users?limit=1", "http://h:3000/a@b", "api.yaml", "./schema/v2.sql", "--rate", "500", "p99<200ms,errors<1%",
		"postgres://localhost:5432/shop", "postgres://app@h:5432/shop", "host=h user=app dbname=shop", "[::1]:80", "GET", "Content-Type: application/json",
		`{"email": "not-an-email"}`, "src/routes/", "C:\\api.yaml", "10:30",
	}
	for _, word := range plain {
		if shown := Word(word); shown != word {
			t.Errorf("%s becomes %s", word, shown)
		}
		v := NewVault([]string{word}, []string{"PWD=/home/ann", "HOME=/home/ann", "SSH_AUTH_SOCK=/run/agent", "XDG_SESSION_TYPE=wayland"}, "TOOL_")
		message := word + " in /home/ann under wayland: no such file"
		if shown := v.Hide(message); shown != message {
			t.Errorf("%q becomes %q", message, shown)
		}
	}
	for _, message := range []string{
		`api.yaml:3:7: unexpected token: "}"`, "the host name is missing: write http://host:port", "unknown flag --tokens", "line 3: the key password is not known",
		"write postgres://user:password@host:5432/database", "loadtester run http://127.0.0.1:8080/users --rate 500", "at 10:30:05 ann@example.com asked",
		"see https://example.com/a:b", "Bearer tokens are read from --header",
	} {
		want := strings.ReplaceAll(message, "user:password@", "user:***@")
		if shown := Text(message); shown != want {
			t.Errorf("%q becomes %q", message, shown)
		}
	}
}

func TestPasswordsThatEqualOpenWords(t *testing.T) {
	v := NewVault([]string{"postgres://postgres:postgres@h/shop"}, nil, "")
	if got, want := v.Hide("cannot connect to postgres://postgres:postgres@h/shop: postgres is down"), "cannot connect to postgres://postgres:***@h/shop: postgres is down"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVaultReadsTheEnvironment(t *testing.T) {
	v := NewVault(nil, []string{"PGPASSWORD=" + canary, "TOOL_CONNECTION=postgress://u:second-Zq1@h/x", "HTTPS_PROXY=http://u:third-Zq2@p:1"}, "TOOL_")
	got := v.Hide("a " + canary + " b second-Zq1 c third-Zq2")
	if want := "a *** b *** c ***"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVaultWriterLearns(t *testing.T) {
	var b bytes.Buffer
	v := &Vault{}
	w := v.Writer(&b)
	fmt.Fprint(w, "one ", canary)
	v.Add(canary)
	fmt.Fprint(w, " two ", canary[:4])
	fmt.Fprint(w, canary[4:], " end")
	w.Flush()
	if want := "one " + canary + " two *** end"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// FuzzVault puts any secret into every slip and looks for it in what is said of
// the word.
func FuzzVault(f *testing.F) {
	for _, s := range []string{canary, "p@ss/w?rd", "a b'c\\d", "x=y&z;1", "100%%41", "://@:/", "ünï-cödé", "a#b;c,d", "u:%s@://", "\"q\"uo'te"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, secret string) {
		if len(secret) < 6 || strings.TrimSpace(secret) != secret || strings.Contains(secret, Mask) || strings.Contains(Mask, secret) {
			return
		}
		open := slips.Words(" ")
		for i, word := range slips.Words(secret)[:16] {
			if strings.Contains(strings.ToLower(open[i]), strings.ToLower(secret)) || strings.Contains(say[0], secret) {
				continue
			}
			if shown := NewVault([]string{word}, nil, "").Hide("unexpected argument " + word); strings.Contains(shown, secret) {
				t.Errorf("%q is shown: %q", word, shown)
			}
		}
	})
}
