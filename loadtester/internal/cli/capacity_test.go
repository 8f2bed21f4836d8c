package cli

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCapacity(t *testing.T) {
	worker := make(chan struct{}, 1)
	url, _ := echo(t, func(http.ResponseWriter, *http.Request) {
		worker <- struct{}{}
		time.Sleep(10 * time.Millisecond)
		<-worker
	})
	code, stdout, stderr := tool(t, "capacity", url, "--slo", "p99<300ms,errors<1%", "--from", "20", "--step", "1", "--warmup", "0.2", "--precision", "0.5", "--timeout", "2", "--format", "json")
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
	if got.Schema != "loadtester.capacity" || got.Capacity < 15 || got.Capacity > 110 || len(got.Steps) < 3 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(stderr, "20/s  answered ") {
		t.Errorf("no progress: %s", stderr)
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
