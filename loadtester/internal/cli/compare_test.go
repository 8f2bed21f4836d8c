package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// twoVersions is a server with /v1 and /v2, and counts what each got.
func twoVersions(t *testing.T) (url string, v1, v2 *atomic.Int64) {
	v1, v2 = new(atomic.Int64), new(atomic.Int64)
	mux := http.NewServeMux()
	mux.HandleFunc("/v1", func(w http.ResponseWriter, _ *http.Request) { v1.Add(1); _, _ = io.WriteString(w, "1") })
	mux.HandleFunc("/v2", func(w http.ResponseWriter, _ *http.Request) { v2.Add(1); _, _ = io.WriteString(w, "2") })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL, v1, v2
}

type comparison struct {
	Schema string
	A, B   struct {
		Targets []string
		Sent    int64
	}
	Paired      bool
	InTurns     bool `json:"in_turns"`
	Differences []struct{ Metric, Verdict string }
}

func parseComparison(t *testing.T, text string) comparison {
	t.Helper()
	var c comparison
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return c
}

func TestCompareLive(t *testing.T) {
	url, v1, v2 := twoVersions(t)
	code, out, errs := tool(t, url+"/v1", url+"/v2", "--compare", "--rate", "100", "--duration", "2", "--format", "json", "-q")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	checkSchema(t, "compare.schema.json", out)
	c := parseComparison(t, out)
	if c.Schema != "loadtester.compare" || !c.Paired || c.A.Sent != 200 || c.B.Sent != 200 || len(c.Differences) != 8 {
		t.Errorf("%+v", c)
	}
	if v1.Load() != 200 || v2.Load() != 200 {
		t.Errorf("/v1 got %d, /v2 %d", v1.Load(), v2.Load())
	}
	if len(c.A.Targets) != 1 || !strings.HasSuffix(c.A.Targets[0], "/v1") || !strings.HasSuffix(c.B.Targets[0], "/v2") {
		t.Errorf("%v %v", c.A.Targets, c.B.Targets)
	}

	code, out, errs = tool(t, url+"/v1", url+"/v2", "--compare", "--concurrency", "2", "--requests", "40", "--format", "json", "-q")
	if c = parseComparison(t, out); code != 0 || c.Paired || !c.InTurns || c.A.Sent != 40 || c.B.Sent != 40 {
		t.Errorf("closed loop: exit %d, %+v, %s", code, c, errs)
	}
}

// An interleaved run of three seconds has a verdict, and what it saves is read
// again: its cells are whole seconds, though the statistics had finer ones.
func TestCompareLiveIsSaved(t *testing.T) {
	url, _, _ := twoVersions(t)
	file := filepath.Join(t.TempDir(), "b.ltr")
	code, out, errs := tool(t, url+"/v1", url+"/v2", "--compare", "--rate", "100", "--warmup", "1", "--duration", "4", "--save", file, "-q")
	if code != 0 || strings.Contains(out, "NOT JUDGED") || !strings.Contains(out, "permutation test") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	r, err := result.ReadFile(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Record.Series.Width; w != time.Second {
		t.Errorf("cells of %s", w)
	}
}

func TestCompareSaved(t *testing.T) {
	url, _, v2 := twoVersions(t)
	dir := t.TempDir()
	baseline, saved := filepath.Join(dir, "baseline.json"), filepath.Join(dir, "run.ltr")
	if code, _, errs := tool(t, url+"/v1", "--rate", "100", "--duration", "1", "--format", "json", "-o", baseline, "--save", saved, "-q"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, file := range []string{baseline, saved} {
		v2.Store(0)
		// The seed's form: rate and duration are those of the baseline.
		code, out, errs := tool(t, url+"/v2", "--compare", file, "--format", "json", "-q")
		if code != 0 {
			t.Fatalf("%s: exit %d: %s", file, code, errs)
		}
		c := parseComparison(t, out)
		if c.Paired || c.A.Sent != 100 || c.B.Sent != 100 || v2.Load() < 100 || !strings.HasSuffix(c.A.Targets[0], "/v1") {
			t.Errorf("%s: %+v", file, c)
		}
	}
	code, out, _ := tool(t, "compare", baseline, saved)
	if code != 0 || !strings.Contains(out, "=== Comparison ===") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestCompareFaults(t *testing.T) {
	url, _, _ := twoVersions(t)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"missing baseline": {[]string{url + "/v1", "--compare", "baseline.json"}, "baseline.json"},
		"condition":        {[]string{url + "/v1", url + "/v2", "--compare", "--rate", "9", "--fail-if", "p99"}, `the condition "p99"`},
		"url":              {[]string{"compare", "ftp://x/", url + "/v2", "--rate", "9"}, `unknown scheme "ftp"`},
	} {
		code, out, errs := tool(t, c.args...)
		if code != 2 || out != "" || !strings.HasPrefix(errs, "error: ") || !strings.Contains(errs, c.want) || !strings.Contains(errs, "\nhint: ") {
			t.Errorf("%s: exit %d, %q %q", name, code, out, errs)
		}
	}
}
