package cli

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCapacity(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "search.ltr")
	worker := make(chan struct{}, 1)
	url, _ := echo(t, func(http.ResponseWriter, *http.Request) {
		worker <- struct{}{}
		time.Sleep(10 * time.Millisecond)
		<-worker
	})
	code, stdout, stderr := tool(t, "capacity", url, "--slo", "p99<300ms,errors<1%", "--from", "20", "--step", "1", "--warmup", "0.2", "--precision", "0.5", "--timeout", "2", "--format", "json", "--save", saved)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var got struct {
		Schema   string
		Capacity float64 `json:"capacity_per_second"`
		Steps    []struct{ Rate float64 }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	checkSchema(t, "capacity.schema.json", stdout)
	if got.Schema != "loadtester.capacity" || got.Capacity < 15 || got.Capacity > 110 || len(got.Steps) < 3 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(stderr, "20/s  answered ") {
		t.Errorf("no progress: %s", stderr)
	}

	// What was saved is the whole search.
	code, again, stderr := tool(t, "report", saved, "--format", "json")
	if code != 0 || again != stdout {
		t.Errorf("exit %d: the saved search is another:\n%s\n%s\n%s", code, stdout, again, stderr)
	}
	for _, c := range []struct{ line, want string }{
		{"report " + saved + " --slo p99<1s", "knows no objective but its own, p99<300ms,errors<1%"},
		{"compare " + saved + " " + saved, "only report shows"},
		{"merge " + saved + " -o -", "only report shows"},
	} {
		if code, _, stderr := tool(t, strings.Fields(c.line)...); code != 2 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d: %s", c.line, code, stderr)
		}
	}
}

func TestCapacityNone(t *testing.T) {
	url, _ := echo(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	code, stdout, stderr := tool(t, "capacity", url, "--from", "10", "--step", "0.3", "--warmup", "0", "-q")
	if code != 1 || !strings.Contains(stdout, "NONE: no rate keeps p99<200ms,errors<1%") || !strings.Contains(stderr, "error: no rate keeps") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	code, _, stderr = tool(t, "capacity", url, "--slo", "fast")
	if code != 2 || !strings.Contains(stderr, `the objective "fast"`) {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
