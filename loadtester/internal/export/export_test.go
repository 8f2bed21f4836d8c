package export

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

func sample() *result.Result {
	rec := record.New()
	for i := range 3000 {
		due := time.Duration(i) * time.Millisecond
		rec.Start(due, due, 0)
		if i%100 == 7 {
			rec.Fail(due, due, due+time.Millisecond, record.Reset, 0)
			continue
		}
		rec.End(due, due, due+time.Duration(i%50+1)*time.Millisecond, 200, true)
	}
	return &result.Result{Run: result.Run{Sending: 3 * time.Second, Elapsed: 3 * time.Second}, Record: rec}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	if err := CSV(&b, sample()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 4 || rows[3][0] != "2" || rows[3][1] != "1000" || rows[3][3] != "10" {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestHGRM(t *testing.T) {
	var b strings.Builder
	if err := HGRM(&b, sample()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if !regexp.MustCompile(`^ +1\.\d+ 0\.0\d+ +\d+ +1\.0\d$`).MatchString(lines[2]) {
		t.Errorf("%q", lines[2])
	}
	if !strings.Contains(b.String(), "1.000000000000       2970\n") {
		t.Error(b.String())
	}
}

// Each line is a comment or a metric as the format has it.
func TestPrometheus(t *testing.T) {
	var b strings.Builder
	if err := Prometheus(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if err := WriteLive(&b, Live{Sent: 5, P99: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+)$`)
	for l := range strings.Lines(b.String()) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("%q", l)
		}
	}
	for _, want := range []string{`loadtester_errors_total{cause="connection_reset"} 30`, `loadtester_responses_total{code="200"} 2970`, "loadtester_latency_seconds_count 2970"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}
