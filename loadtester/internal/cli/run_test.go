package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/terminal"
)

// tool runs the whole tool in-process.
func tool(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return toolIn(t, t.Context(), args...)
}

func toolIn(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	// The machine of a test may be busy: then the verdict is right, and not what
	// is tested.
	t.Setenv("LOADTESTER_ALLOW_GENERATOR_LIMITED", "true")
	return toolWith(ctx, args...)
}

// toolEnv runs the tool in the environment as it is, from any goroutine.
func toolEnv(args ...string) (code int, stdout, stderr string) {
	return toolWith(context.Background(), append(args, "--allow-generator-limited")...)
}

func toolWith(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Main(ctx, args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv}, "v0.0.0-test")
	return code, out.String(), errs.String()
}

// echo answers 200 and counts; /status/NNN answers NNN.
func echo(t *testing.T, handler http.HandlerFunc) (url string, hits *atomic.Int64) {
	t.Helper()
	hits = new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if handler != nil {
			handler(w, r)
			return
		}
		_, _ = io.WriteString(w, "hello")
	}))
	t.Cleanup(srv.Close)
	return srv.URL, hits
}

// The command lines that the tool was asked for, as they stand, but for the
// host, and the durations, which are shorter here.
func TestAskedCommandLines(t *testing.T) {
	var logins atomic.Int64
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/login" && logins.Add(1) > 100 {
			w.Header().Set("Retry-After", "900")
			w.WriteHeader(429)
			return
		}
		if strings.Contains(string(body), "not-an-email") {
			w.WriteHeader(400)
			return
		}
		if r.URL.Path == "/orders" && (r.Method != "POST" || r.Header.Get("Authorization") != "Bearer token123" || string(body) != `{"product_id": 1, "quantity": 2}`) {
			w.WriteHeader(500)
		}
	})
	t.Chdir(t.TempDir())
	if code, _, stderr := tool(t, url+"/endpoint", "--concurrency", "2", "--duration", "0.3", "--format", "json", "--output", "baseline.json"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, c := range []struct {
		args []string
		code int
		want string // in stdout, or in stderr when the code is not 0
	}{
		{[]string{"https://api.example.com/users", "--concurrency", "50", "--duration", "30"}, 0, "Concurrency: 50"},
		{[]string{"https://api.example.com/orders", "--method", "POST", "--header", "Authorization: Bearer token123",
			"--body", `{"product_id": 1, "quantity": 2}`, "--concurrency", "100", "--duration", "60"}, 0, "Failed: 0 (0.0%)"},
		{[]string{"https://api.example.com/v1/users", "https://api.example.com/v2/users", "--compare", "--concurrency", "50", "--duration", "30"},
			0, "DIFFERENCES (B against A)"},
		{[]string{"https://api.example.com/login", "--concurrency", "200", "--duration", "10", "--expect-rate-limit"}, 0, "RATE LIMITER"},
		{[]string{"https://api.example.com/users", "--method", "POST", "--body", `{"email": "not-an-email"}`, "--expect-status", "400"}, 0, "Successful"},
		{[]string{"https://api.example.com/endpoint", "--concurrency", "50"}, 0, "Concurrency: 50"},
		{[]string{"https://api.example.com/endpoint", "--compare", "baseline.json"}, 0, "DIFFERENCES (B against A)"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			args := make([]string, 0, len(c.args)+2)
			timed := false
			for i, a := range c.args {
				a = strings.Replace(a, "https://api.example.com", url, 1)
				if i > 0 && c.args[i-1] == "--duration" {
					a, timed = "0.3", true
				}
				args = append(args, a)
			}
			if !timed && c.code == 0 {
				args = append(args, "--duration", "0.3")
			}
			code, stdout, stderr := tool(t, args...)
			if code != c.code {
				t.Fatalf("exit %d, want %d\n%s%s", code, c.code, stdout, stderr)
			}
			if out := map[bool]string{true: stdout, false: stderr}[code == 0]; !strings.Contains(out, c.want) {
				t.Errorf("%q is not in:\n%s", c.want, out)
			}
			if strings.Contains(stdout+stderr, "token123") {
				t.Error("the secret of a header is in the output")
			}
		})
	}
}

// An open loop sends all that is due, and the JSON form keeps its promise.
func TestJSON(t *testing.T) {
	url, hits := echo(t, nil)
	code, stdout, stderr := tool(t, "run", url+"/?api_key=hunter2", "--rate", "200", "--duration", "1", "--format", "json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if hits.Load() != 200 {
		t.Errorf("the server saw %d requests, not 200", hits.Load())
	}
	if strings.Contains(stdout, "hunter2") {
		t.Error("the secret of the URL is in the report")
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"schema", "version", "tool", "verdict", "arrival", "duration_s", "statuses", "errors",
		"requests.sent", "requests.completed", "requests.failed", "requests.shortfall", "rate.target", "rate.achieved",
		"latency_ms.min", "latency_ms.mean", "latency_ms.p50", "latency_ms.p90", "latency_ms.p95", "latency_ms.p99",
		"latency_ms.p99_9", "latency_ms.p99_99", "latency_ms.max", "service_ms.p50",
		"send_lag_us.p50", "send_lag_us.p99", "send_lag_us.p99_9", "send_lag_us.max",
		"generator.cpu_seconds", "generator.peak_rss_bytes",
	} {
		var at any = got
		for part := range strings.SplitSeq(key, ".") {
			m, _ := at.(map[string]any)
			at = m[part]
		}
		if at == nil {
			t.Errorf("the key %s is missing", key)
		}
	}
	if sent := got["requests"].(map[string]any)["sent"]; sent != 200.0 {
		t.Errorf("requests.sent is %v", sent)
	}
}

// The other forms of the report come out, to a file.
func TestForms(t *testing.T) {
	url, _ := echo(t, nil)
	for _, form := range []string{"text", "json", "markdown", "html", "junit", "github", "csv", "hgrm", "prometheus"} {
		file := filepath.Join(t.TempDir(), "report")
		code, stdout, stderr := tool(t, url, "--rate", "100", "--requests", "20", "--format", form, "--output", file)
		if code != 0 || stdout != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %s", form, code, stdout, stderr)
		}
		text, err := os.ReadFile(file)
		if err != nil || form != "github" && len(text) == 0 {
			t.Errorf("%s: %v, %d bytes", form, err, len(text))
		}
	}
}

// ^C gives the report so far, within a second.
func TestInterrupt(t *testing.T) {
	url, _ := echo(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	start := time.Now()
	code, stdout, _ := toolIn(t, ctx, url, "--rate", "100", "--duration", "60")
	if code != problem.Interrupted || !strings.Contains(stdout, "INTERRUPTED") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	if took := time.Since(start); took > 1300*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

// Bad input is one error line and a hint, exit 2, and no output file.
func TestBadInput(t *testing.T) {
	url, hits := echo(t, nil)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no scheme", []string{"api.example.com/users", "--rate", "1"}, "no scheme"},
		{"unknown scheme", []string{"ftp://127.0.0.1/", "--rate", "1"}, "scheme"},
		{"unknown host", []string{"http://no-such-host.invalid/", "--rate", "1"}, "unknown host no-such-host.invalid"},
		{"refused", []string{"http://" + closed.Addr().String() + "/", "--rate", "1"}, "connection refused"},
		{"rate 0", []string{url, "--rate", "0"}, "rate"},
		{"negative rate", []string{url, "--rate=-5"}, "rate"},
		{"rate in words", []string{url, "--rate", "fast"}, `"fast"`},
		{"negative duration", []string{url, "--rate", "1", "--duration=-3"}, "duration"},
		{"duration 0", []string{url, "--rate", "1", "--duration", "0"}, "duration"},
		{"no unit", []string{url, "--rate", "1", "--duration", "3x"}, "duration"},
		{"negative concurrency", []string{url, "--concurrency=-1"}, "concurrency"},
		{"unknown format", []string{url, "--rate", "1", "--format", "xml"}, "xml"},
		{"body file missing", []string{url, "--rate", "1", "--body", "@missing.json"}, "missing.json"},
		{"header without a colon", []string{url, "--rate", "1", "--header", "Authorization Bearer secret123"}, "colon"},
		{"no folder", []string{url, "--rate", "1", "--output", filepath.Join(t.TempDir(), "no", "such", "x")}, "cannot write"},
		{"a folder", []string{url, "--rate", "1", "--output", t.TempDir()}, "is a directory"},
		{"no such CA file", []string{url, "--rate", "1", "--ca-file", "missing.pem"}, "missing.pem"},
		{"bad SLO", []string{url, "--rate", "1", "--slo", "fast"}, "fast"},
		{"bad statuses", []string{url, "--rate", "1", "--expect-status", "abc"}, "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "out")
			args := c.args
			if !strings.Contains(strings.Join(args, " "), "--output") {
				args = append(args, "--output", file)
			}
			code, stdout, stderr := tool(t, args...)
			if code != problem.CannotRun || stdout != "" {
				t.Errorf("exit %d, stdout %q", code, stdout)
			}
			lines := strings.Split(strings.TrimSpace(stderr), "\n")
			if len(lines) != 2 || !strings.HasPrefix(lines[0], "error: ") || !strings.HasPrefix(lines[1], "hint: ") {
				t.Errorf("not one error and one hint:\n%s", stderr)
			}
			if !strings.Contains(stderr, c.want) {
				t.Errorf("%q is not in:\n%s", c.want, stderr)
			}
			if _, err := os.Stat(file); err == nil {
				t.Error("an output file is there")
			}
			if strings.Contains(stderr, "secret123") {
				t.Error("a secret is in the error")
			}
		})
	}
	if hits.Load() != 0 {
		t.Errorf("the server saw %d requests", hits.Load())
	}
}

// Expectations that are missed make exit 1, and the report is there.
func TestExpectations(t *testing.T) {
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(503)
			return
		}
		_, _ = io.WriteString(w, "hello")
	})
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{url, "--expect-status", "200"}, 0},
		{[]string{url, "--expect-status", "400"}, 1},
		{[]string{url + "/bad", "--expect-status", "5xx"}, 0},
		{[]string{url, "--slo", "errors<1%"}, 0},
		{[]string{url + "/bad", "--slo", "errors<1%"}, 1},
		{[]string{url, "--expect-body", "ell"}, 0},
		{[]string{url, "--expect-body", "bye", "--slo", "errors<1%"}, 1},
	} {
		code, stdout, stderr := tool(t, append(c.args, "--rate", "100", "--requests", "20")...)
		if code != c.code || !strings.Contains(stdout, "THROUGHPUT") {
			t.Errorf("%v: exit %d, want %d\n%s%s", c.args, code, c.code, stdout, stderr)
		}
		// The first line says it, not only the table and the exit code.
		verdict, _, _ := strings.Cut(stdout, "\n\nEXPECTATIONS")
		if strings.Contains(verdict, " missed") != (code == 1) {
			t.Errorf("%v: exit %d\n%s", c.args, code, verdict)
		}
	}
}

// One word heads a run in every form, now and when it is shown again; what JSON
// says of the measurement beside it does not depend on what was expected.
func TestOneVerdict(t *testing.T) {
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(500)
		}
	})
	for _, c := range []struct {
		args                 []string
		verdict, measurement string
	}{
		{[]string{url}, "VALID", "VALID"},
		{[]string{url, "--slo", "p99<1h"}, "VALID", "VALID"},
		{[]string{url, "--slo", "p99<1ns"}, "FAILED", "VALID"},
		{[]string{url, "--expect-body", "nobody"}, "FAILED", "VALID"},
		{[]string{url + "/bad"}, "FAILED", "VALID"},
		{[]string{url + "/bad", "--slo", "errors<1%", "--duration", "5", "--abort-on", "errors>50%/1s"}, "ABORTED", "ABORTED"},
	} {
		saved := filepath.Join(t.TempDir(), "run.ltr")
		args := append(c.args, "--rate", "100", "--save", saved, "--format", "json", "--report", "text="+saved+".txt")
		if !slices.Contains(args, "--duration") {
			args = append(args, "--requests", "20")
		}
		_, stdout, stderr := tool(t, args...)
		_, again, _ := tool(t, "report", saved, "--format", "json")
		for _, form := range []string{stdout, again} {
			var got struct{ Verdict, Measurement, Status string }
			if err := json.Unmarshal([]byte(form), &got); err != nil {
				t.Fatalf("%v: %v\n%s", c.args, err, stderr)
			}
			if got.Measurement == "GENERATOR-LIMITED" && c.measurement == "VALID" { // a busy machine
				got.Measurement = "VALID"
				if got.Verdict == "GENERATOR-LIMITED" {
					continue
				}
			}
			if got.Verdict != c.verdict || got.Measurement != c.measurement || (got.Status == "pass") != (c.verdict == "VALID") {
				t.Errorf("%v: %+v, want %s and %s", c.args, got, c.verdict, c.measurement)
			}
			text, err := os.ReadFile(saved + ".txt")
			if err != nil || !strings.Contains(string(text), got.Verdict+": ") {
				t.Errorf("%v: the text does not say %s: %v\n%s", c.args, got.Verdict, err, text)
			}
		}
	}
}
