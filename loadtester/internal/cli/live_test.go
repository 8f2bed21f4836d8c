package cli

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// mixed answers 404 to /missing, hangs up on /broken, and 200 to the rest.
func mixed(t *testing.T) string {
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/missing":
			w.WriteHeader(404)
		case "/broken":
			panic(http.ErrAbortHandler)
		}
	})
	return url
}

// threeTargets is a file of them.
func threeTargets(t *testing.T, url string) string {
	return writeFile(t, "targets.http", "GET "+url+"/fine\n\nGET "+url+"/missing\n\nGET "+url+"/broken\n")
}

// Each request has its row, on each path of the engine and in both forms.
func TestResults(t *testing.T) {
	url := mixed(t)
	targets := threeTargets(t, url)
	for _, c := range []struct {
		name string
		args []string
		rows int
	}{
		{"open", []string{"--rate", "100", "--requests", "90"}, 90},
		{"closed", []string{"--concurrency", "3", "--requests", "90"}, 90},
		{"net/http", []string{"--rate", "100", "--requests", "90", "--engine", "nethttp"}, 90},
		{"warm-up", []string{"--rate", "100", "--warmup", "0.5", "--duration", "0.9"}, 90},
		{"never sent", []string{"--rate", "1000", "--requests", "90", "--max-connections", "1", "--on-saturation", "drop"}, 90},
	} {
		for _, form := range []string{"ndjson", "csv"} {
			t.Run(c.name+" "+form, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "results."+form)
				args := append([]string{"run", "--targets", targets, "--results", file, "-q", "--format", "json", "--allow-generator-limited"}, c.args...)
				_, stdout, stderr := tool(t, args...)
				var all struct {
					Requests struct{ Sent, Succeeded, Failed, Shortfall int }
				}
				if err := json.Unmarshal([]byte(stdout), &all); err != nil {
					t.Fatalf("%v\n%s", err, stderr)
				}
				run := all.Requests
				rows := readRows(t, file)
				count := map[string]int{}
				for _, r := range rows {
					count[r["outcome"]]++
					want := map[string]string{"GET /fine": "success  200", "GET /missing": "failure status 404"}[r["target"]]
					if r["target"] == "GET /broken" && r["outcome"] != "not_sent" && r["cause"] != "connection_closed" && r["cause"] != "connection_reset" && r["cause"] != "other" {
						t.Errorf("%v", r)
					}
					if got := r["outcome"] + " " + r["cause"] + " " + r["status"]; r["target"] != "GET /broken" && r["outcome"] != "not_sent" && got != want {
						t.Errorf("%v", r)
					}
					if _, err := time.Parse(time.RFC3339Nano, r["due"]); err != nil || r["outcome"] == "success" && (r["latency_ms"] == "" || r["service_ms"] == "") {
						t.Errorf("%v", r)
					}
				}
				if len(rows) != c.rows || run.Sent == 0 || count["success"] != run.Succeeded || count["failure"] != run.Failed || count["not_sent"] != run.Shortfall {
					t.Errorf("%d rows of %d: %v, the report has %+v", len(rows), c.rows, count, run)
				}
			})
		}
	}
	file := filepath.Join(t.TempDir(), "results.txt")
	if code, _, stderr := tool(t, "run", url, "--results", file); code != 2 || !strings.Contains(stderr, "does not say which form") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if code, _, stderr := tool(t, "run", url, "--results", filepath.Join(t.TempDir(), "none", "r.csv")); code != 2 || !strings.Contains(stderr, "cannot write") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// readRows reads a file of either form.
func readRows(t *testing.T, file string) (rows []map[string]string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) == ".csv" {
		list, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range list[1:] {
			r := map[string]string{}
			for i, v := range line {
				r[list[0][i]] = v
			}
			rows = append(rows, r)
		}
		return rows
	}
	for line := range strings.Lines(string(text)) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		r := map[string]string{}
		for k, v := range fields {
			b, _ := json.Marshal(v)
			r[k] = strings.Trim(string(b), `"`)
		}
		rows = append(rows, r)
	}
	return rows
}

// A run ends when its server has died, and says why.
func TestAbortOn(t *testing.T) {
	var dead atomic.Bool
	url, _ := echo(t, func(w http.ResponseWriter, _ *http.Request) {
		if dead.Load() {
			w.WriteHeader(503)
		}
	})
	saved, file := filepath.Join(t.TempDir(), "run.ltr"), filepath.Join(t.TempDir(), "r.csv")
	time.AfterFunc(time.Second, func() { dead.Store(true) })
	for _, engine := range []string{"auto", "nethttp"} {
		began := time.Now()
		code, stdout, stderr := tool(t, "run", url, "--rate", "100", "--duration", "60", "--abort-on", "errors>50%/1s", "-q", "--save", saved, "--results", file, "--engine", engine)
		if code != 1 || !strings.Contains(stdout, "ABORTED: by errors>50%/1s: ") || !strings.Contains(stderr, "the run was ended by errors>50%/1s") {
			t.Errorf("exit %d\n%s%s", code, stdout, stderr)
		}
		if took := time.Since(began); took > 40*time.Second {
			t.Errorf("it went on for %v", took)
		}
		if code, stdout, stderr := tool(t, "report", saved); code != 0 || !strings.Contains(stdout, "ABORTED: by errors>50%/1s: ") {
			t.Errorf("saved: exit %d\n%s%s", code, stdout, stderr)
		}
		if len(readRows(t, file)) < 50 {
			t.Error("the rows of an aborted run are lost")
		}
	}
	if code, _, stderr := tool(t, "run", url, "--abort-on", "errors>50%"); code != 2 || !strings.Contains(stderr, "has no /TIME") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// Objectives of single targets, when the run ends and when it is read again.
func TestObjectivesOfTargets(t *testing.T) {
	url := mixed(t)
	saved := filepath.Join(t.TempDir(), "run.ltr")
	code, stdout, stderr := tool(t, "run", "--targets", threeTargets(t, url), "--rate", "100", "--requests", "90", "-q", "--save", saved,
		"--slo-for", "GET /fine=errors<1%,p99<30s", "--slo-for", "GET /missing=errors<1%")
	if code != 1 || !strings.Contains(stderr, "1 of 3 expectations missed") || !strings.Contains(stdout, "GET /missing: errors<1%") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	for _, c := range []struct {
		slo  string
		code int
		want string
	}{
		{"", 1, "1 of 3 expectations missed"},
		{"GET /fine=p99<30s", 0, ""},
		{"GET /fine=p99<1us", 1, "1 of 1 expectation missed"},
		{"*=errors<1%", 1, "2 of 3 expectations missed"},
		{"GET /none=errors<1%", 2, `no target is called "GET /none"`},
		{"GET /fine=status.404<1%", 2, "is not known of each target"},
		{"errors", 2, "has no NAME="},
	} {
		args := []string{"report", saved, "--format", "junit"}
		if c.slo != "" {
			args = append(args, "--slo-for", c.slo)
		}
		code, stdout, stderr := tool(t, args...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d: %s", c.slo, code, stderr)
		}
		if c.slo == "*=errors<1%" && strings.Count(stdout, "<testcase") < 3 {
			t.Errorf("%s: %s", c.slo, stdout)
		}
	}
}

// What a running test shows is read by Prometheus' own parser.
func TestLiveHistograms(t *testing.T) {
	url := mixed(t)
	address := freeAddress(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		toolEnv("run", "--targets", threeTargets(t, url), "--rate", "100", "--duration", "3", "--metrics-listen", address, "-q")
	}()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	for seen := false; !seen; {
		select {
		case <-done:
			t.Fatal("no histograms were seen")
		case <-time.After(100 * time.Millisecond):
		}
		resp, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			continue // not there yet
		}
		families, err := parser.TextToMetricFamilies(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		h := families["loadtester_request_duration_seconds"]
		if h == nil || families["loadtester_requests_sent_total"] == nil {
			continue
		}
		found := map[string]bool{}
		for _, m := range h.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			found[labels["target"]+" "+labels["status"]+" "+labels["cause"]] = true
			last := uint64(0)
			for _, b := range m.GetHistogram().GetBucket() {
				if b.GetCumulativeCount() < last {
					t.Errorf("%v: buckets fall", labels)
				}
				last = b.GetCumulativeCount()
			}
			if last != m.GetHistogram().GetSampleCount() || len(m.GetHistogram().GetBucket()) != 15 {
				t.Errorf("%v: %v", labels, m.GetHistogram())
			}
		}
		seen = found["GET /fine 200 "] && found["GET /missing 404 status"]
	}
	<-done
}
