package curl

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// chromeForCmd is what Chromium's "Copy as cURL (cmd)" makes of a value.
func chromeForCmd(value, lineEnd string) string {
	value = strings.ReplaceAll(value, `\`, `\\`)
	value = strings.ReplaceAll(value, `"`, `\"`)
	value = regexp.MustCompile("[^a-zA-Z0-9\\s_\\-:=+~'/.',?;()*`]").ReplaceAllString(value, "^$0")
	value = regexp.MustCompile(`%([a-zA-Z0-9_])`).ReplaceAllString(value, "%^$1")
	return `^"` + strings.ReplaceAll(value, "\n", "^"+lineEnd+lineEnd) + `^"`
}

// plainForCmd quotes as documentation does; values with % and line ends it cannot.
func plainForCmd(value string) string {
	value = regexp.MustCompile(`(\\*)"`).ReplaceAllString(value, `$1$1\"`)
	value = regexp.MustCompile(`(\\+)$`).ReplaceAllString(value, "$1$1")
	return `"` + value + `"`
}

// forPowerShell quotes for version 7.3 and later, and earlier quotes for those before.
func forPowerShell(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

func earlier(value string) string {
	value = regexp.MustCompile(`(\\*)"`).ReplaceAllString(value, `$1$1\"`)
	return forPowerShell(value)
}

// What is quoted for a shell of Windows gives the words that were quoted.
func TestWindowsQuoting(t *testing.T) {
	lists := [][]string{
		{"curl", "http://h/?a=1&b=%20c%41&d=^x", "-H", `Cookie: a="b"; c=<d>|e`, "--data-raw", `{"a":"x\"y","b":"C:\\dir\\","n":"100%PATH%"}`},
		{"curl", "http://h/", "-X", "POST", "--data-raw", "line 1\nline \"2\"\n\nend"},
		{"curl", "http://h/", "-H", "", "-d", `a\b\\c\`, "-H", "x: 'y' ''"},
		{"curl", "http://h/", "-d", "größe=ü&x=日本 !@#$(whoami)`id`"},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		const alphabet = `ab "\%^&|<>'$!(){};=` + "`\n"
		words := []string{"curl", "http://h/"}
		for range 3 {
			var w strings.Builder
			for range random.IntN(12) {
				w.WriteByte(alphabet[random.IntN(len(alphabet))])
			}
			words = append(words, w.String())
		}
		lists = append(lists, words)
	}
	earlierVersions := 0
	for _, words := range lists {
		forms := map[string]string{}
		// Chromium doubles every backslash, and the runtime of C takes only those before a
		// quote for two: curl itself sends the others twice.
		for i := range words {
			words[i] = regexp.MustCompile(`\\+([^"\\]|$)`).ReplaceAllString(words[i], "$1")
		}
		for name, lineEnd := range map[string]string{"cmd": "\r\n", "cmd, LF": "\n"} {
			text := words[0]
			for i, w := range words[1:] {
				if text += " "; i > 0 && i%2 == 0 {
					text += "^" + lineEnd + "  "
				}
				text += chromeForCmd(w, lineEnd)
			}
			forms[name] = text + lineEnd
		}
		if all := strings.Join(words, " "); !strings.ContainsAny(all, "%\n\"") {
			forms["cmd, plain"] = "curl ^\r\n " + strings.Join(mapped(words[1:], plainForCmd), " ^\r\n ")
		}
		forms["PowerShell"] = "curl.exe `\r\n " + strings.Join(mapped(words[1:], forPowerShell), " `\r\n ")
		want := slices.Clone(words)
		if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, `\`) }) {
			earlierVersions++
			forms["PowerShell 5"] = "curl.exe `\r\n " + strings.Join(mapped(words[1:], earlier), " `\r\n ")
		} else if slices.ContainsFunc(words, func(w string) bool {
			return regexp.MustCompile(`\\"`).MatchString(w) && !regexp.MustCompile(`(^|[^\\])"`).MatchString(w)
		}) {
			delete(forms, "PowerShell") // \" before each of its quotes: it is for the earlier versions
		}
		for name, text := range forms {
			got, err := shellWords(text, env)
			if err != nil {
				t.Errorf("%s: %q: %v", name, text, err)
				continue
			}
			got[0] = strings.TrimSuffix(got[0], ".exe")
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %q: (-want +got)\n%s", name, text, d)
			}
		}
	}
	if earlierVersions < 20 {
		t.Errorf("only %d lists were quoted for the earlier versions", earlierVersions)
	}
}

func mapped(words []string, f func(string) string) []string {
	var out []string
	for _, w := range words {
		out = append(out, f(w))
	}
	return out
}

// Commands as browsers and documentation have them are what curl itself sends when it is
// given their words.
func TestWindowsCommands(t *testing.T) {
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	for text, words := range map[string][]string{
		"curl ^\"http://api.example.com/orders?a=1^&b=^%^20c^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  -H ^\"sec-ch-ua: ^\\^\"Chromium^\\^\";v=^\\^\"140^\\^\"^\" ^\r\n  --data-raw ^\"^{^\\^\"name^\\^\":^\\^\"x y^\\^\"^}^\"": {
			"http://api.example.com/orders?a=1&b=%20c", "-H", "content-type: application/json", "-H", `sec-ch-ua: "Chromium";v="140"`, "--data-raw", `{"name":"x y"}`,
		},
		"curl.exe -X POST \"http://api.example.com/orders\" ^\n -H \"Content-Type: application/json\" ^\n -d \"{\\\"a\\\": \\\"b ^& c\\\"}\"": {
			"-X", "POST", "http://api.example.com/orders", "-H", "Content-Type: application/json", "-d", `{"a": "b & c"}`,
		},
		`curl -d "{""a"": ""b""}" http://api.example.com/orders`:         {"-d", `{"a": "b"}`, "http://api.example.com/orders"},
		`curl.exe -d '{\"a\": \"it''s\"}' http://api.example.com/orders`: {"-d", `{"a": "it's"}`, "http://api.example.com/orders"},
		"curl.exe -X PUT http://api.example.com/orders/1 `\n  -H \"Authorization: Bearer $env:TOKEN\" `\n  -H 'Content-Type: application/json' `\n  -d '{\"price\": \"5 $\", \"q\": \"a\\\"b\"}'": {
			"-X", "PUT", "http://api.example.com/orders/1", "-H", "Authorization: Bearer abc 123", "-H", "Content-Type: application/json", "-d", `{"price": "5 $", "q": "a\"b"}`,
		},
		"curl -u u:%TOKEN% http://api.example.com/ ^\n -H \"x: 50%\"": {"-u", "u:abc 123", "http://api.example.com/", "-H", "x: 50%"},
	} {
		if strings.Contains(text, "%TOKEN%") { // cmd puts it in before it looks at blanks
			words = []string{"-u", "u:abc", "123", "http://api.example.com/", "-H", "x: 50%"}
			got, err := shellWords(text, env)
			if err != nil || !slices.Equal(got[1:], words) {
				t.Errorf("%q, %v", got, err)
			}
			continue
		}
		command, err := Parse(text, Options{Env: env})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		set, err := target.Compile(command.Specs, target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sent := sentBy(t, program, words)
		if d := cmp.Diff(normal(t, sent), normal(t, set.Request(0, new(target.Scratch)).Wire)); d != "" {
			t.Errorf("%s: curl (-) and we (+):\n%s", text, d)
		}
	}
}

// sentBy is what curl sends when it is given words.
func sentBy(t *testing.T, program string, words []string) []byte {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan []byte, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var raw bytes.Buffer
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		_ = r.Write(&raw)
		got <- raw.Bytes()
	})}
	go server.Serve(listener)
	defer server.Close()
	cmd := exec.CommandContext(t.Context(), program, append(slices.Clone(words), "-sS", "--max-time", "20", "--connect-to", "::"+listener.Addr().String())...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return <-got
}
