package export

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// live is what a real parser reads of live metrics: the number of requests by
// target, status and cause.
func live(t *testing.T, q *Requests) map[string]float64 {
	t.Helper()
	var b strings.Builder
	if err := WriteLive(&b, Live{Requests: q}); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(b.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	count := map[string]float64{}
	for _, m := range families["loadtester_requests_total"].GetMetric() {
		var labels []string
		for _, l := range m.GetLabel() {
			labels = append(labels, l.GetValue())
		}
		count[strings.Join(labels, "|")] += m.GetCounter().GetValue()
	}
	for _, m := range families["loadtester_request_duration_seconds"].GetMetric() {
		h := m.GetHistogram()
		if n := len(h.GetBucket()); n != len(bounds)+1 || h.GetBucket()[n-1].GetCumulativeCount() != h.GetSampleCount() {
			t.Errorf("%v", m)
		}
	}
	return count
}

func TestLiveRequests(t *testing.T) {
	strange := "GET /\"quoted\"\\and\nbroken"
	q := NewRequests([]string{"GET /a", strange})
	end := func(target, status int, class record.Class, success bool) {
		q.Add(record.Outcome{Target: target, Done: time.Millisecond, Status: status, Class: class, Success: success})
	}
	for range 3 {
		end(0, 200, record.OK, true)
	}
	end(0, 404, record.OK, false)
	end(0, 404, record.OK, true) // as it was expected
	end(1, 0, record.Refused, false)
	end(1, 200, record.UnexpectedBody, false)
	end(1, 0, record.NoAnswerTimeout, false)
	q.Add(record.Outcome{End: record.NeverOut})
	q.Add(record.Outcome{End: record.NoEnd})
	want := map[string]float64{
		"GET /a|200|": 3, "GET /a|404|status": 1, "GET /a|404|": 1,
		strange + "||connection_refused": 1, strange + "|200|unexpected_body": 1, strange + "||response_timeout": 1,
	}
	got := live(t, q)
	for key, n := range want {
		if got[key] != n {
			t.Errorf("%q: %v, want %v", key, got[key], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
}

// However many targets there are, the series are bounded, and no request is lost.
func TestLiveRequestsAreBounded(t *testing.T) {
	var names []string
	for i := range 5000 {
		names = append(names, fmt.Sprint("GET /", i))
	}
	q := NewRequests(names)
	for i := range names {
		q.Add(record.Outcome{Target: i, Done: time.Millisecond, Status: 200, Success: true})
	}
	got, sum := live(t, q), 0.0
	for _, n := range got {
		sum += n
	}
	if sum != 5000 || len(got) > mostSeries+10 || got["others|200|"] == 0 {
		t.Errorf("%v requests in %d series, %v of others", sum, len(got), got["others|200|"])
	}
}
