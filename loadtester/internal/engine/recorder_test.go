package engine

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// contains is a matcher of the tests.
type contains struct{ text, seen string }

func (c *contains) Reset()        { c.seen = "" }
func (c *contains) Feed(b []byte) { c.seen += string(b) }
func (c *contains) End() bool     { return strings.Contains(c.seen, c.text) }

// counts are what both paths must agree on.
func counts(r *result.Result) map[string]any {
	rec := r.Record
	statuses := map[string]int64{}
	for status, n := range rec.Statuses {
		if n > 0 {
			statuses[fmt.Sprint(status)] = n
		}
	}
	series := 0
	for _, c := range rec.Series.Cells {
		if c != nil && c.Sent > 0 {
			series++
		}
	}
	return map[string]any{
		"sent": rec.Sent, "answered": rec.Answered, "succeeded": rec.Succeeded, "failed": rec.Failed, "unfinished": rec.Unfinished,
		"shortfall": rec.Shortfall, "dropped": rec.Dropped, "warm-up": rec.Warmup, "statuses": statuses, "errors": named(rec),
		"latencies": rec.Latency.Count(), "services": rec.Service.Count(), "lags": rec.SendLag.Count(), "seconds": series,
		"bodies": rec.Phases[record.PhaseFirstByte].Count(), "walks": rec.Walks,
	}
}

// faults answers by path: a status, a late answer, a packed body, a broken one.
func faults(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/500":
		w.WriteHeader(500)
	case "/late":
		time.Sleep(700 * time.Millisecond)
	case "/slow":
		time.Sleep(150 * time.Millisecond)
	case "/packed":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		io.WriteString(z, `{"token":"hello"}`)
	case "/long":
		io.WriteString(w, strings.Repeat("x", 5000))
	case "/cut":
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "too little")
	default:
		io.WriteString(w, `{"plain":"hello"}`)
	}
}

// What happens is counted alike on every path: the same requests, in every form of
// arrival, against the same faults.
func TestPathsCountAlike(t *testing.T) {
	s := startHTTP(t, false, faults)
	chain := func(specs ...target.Spec) *target.Set {
		for k := range specs {
			specs[k].URL = s.URL + specs[k].URL
			specs[k].Template = true
		}
		set, err := target.Compile(specs, target.Options{Chain: len(specs) > 1})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	save := []target.Save{{Name: "token", From: target.FromBody, Path: "token"}}
	use := []target.Field{{Name: "X-Token", Value: "{{$token}}"}}
	open := Options{Schedule: pace.Constant(40).For(0, 20)}
	warm := Options{Schedule: pace.Constant(40).For(time.Second, 0), Warmup: 500 * time.Millisecond}
	for name, c := range map[string]struct {
		set  *target.Set
		o    Options
		want map[string]any // a few counts by hand: the paths could agree on nonsense
	}{
		"plain":     {chain(target.Spec{URL: "/"}), open, map[string]any{"succeeded": int64(20), "latencies": int64(20), "lags": int64(20)}},
		"closed":    {chain(target.Spec{URL: "/"}), Options{Concurrency: 3, Requests: 20}, map[string]any{"succeeded": int64(20), "lags": int64(0)}},
		"warm-up":   {chain(target.Spec{URL: "/"}), warm, map[string]any{"warm-up": int64(20), "sent": int64(20)}},
		"status":    {chain(target.Spec{URL: "/500"}), open, map[string]any{"failed": int64(20), "latencies": int64(20)}},
		"timeout":   {chain(target.Spec{URL: "/late"}), Options{Schedule: pace.Constant(40).For(0, 8), Timeout: 300 * time.Millisecond}, map[string]any{"failed": int64(8), "latencies": int64(8), "answered": int64(0)}},
		"cut off":   {chain(target.Spec{URL: "/cut"}), open, map[string]any{"failed": int64(20), "latencies": int64(0)}},
		"too long":  {chain(target.Spec{URL: "/long"}), with(open, func(o *Options) { o.MaxBody = 1000 }), map[string]any{"failed": int64(20), "latencies": int64(20)}},
		"body":      {chain(target.Spec{URL: "/"}), with(open, expecting("nobody")), map[string]any{"failed": int64(20), "latencies": int64(20), "answered": int64(20)}},
		"packed":    {chain(target.Spec{URL: "/packed"}), with(open, expecting("hello")), map[string]any{"succeeded": int64(20)}},
		"saturated": {chain(target.Spec{URL: "/slow"}), Options{Schedule: pace.Constant(40).For(time.Second, 0), Warmup: 500 * time.Millisecond, MaxConns: 1, Saturation: Fail}, map[string]any{"sent": int64(20)}},
		"dropped":   {chain(target.Spec{URL: "/slow"}), Options{Schedule: pace.Constant(40).For(time.Second, 0), Warmup: 500 * time.Millisecond, MaxConns: 1, Saturation: Drop}, nil},
		"chain":     {chain(target.Spec{URL: "/packed", Save: save}, target.Spec{URL: "/", Header: use}), open, map[string]any{"succeeded": int64(40), "walks": record.Walks{Whole: 20}}},
		"no value":  {chain(target.Spec{URL: "/", Save: save}, target.Spec{URL: "/", Header: use}), open, map[string]any{"sent": int64(20), "failed": int64(20), "answered": int64(20), "walks": record.Walks{Ended: []int64{20}}}},
		"unwanted":  {chain(target.Spec{URL: "/"}, target.Spec{URL: "/", Expect: []int{201}}, target.Spec{URL: "/"}), open, map[string]any{"sent": int64(40), "failed": int64(20), "walks": record.Walks{Ended: []int64{0, 20}}}},
		"wanted":    {chain(target.Spec{URL: "/500", Expect: []int{500}}, target.Spec{URL: "/"}), open, map[string]any{"succeeded": int64(40), "walks": record.Walks{Whole: 20}}},
		"fails":     {chain(target.Spec{URL: "/500"}, target.Spec{URL: "/"}), open, map[string]any{"sent": int64(20), "failed": int64(20), "walks": record.Walks{Ended: []int64{20}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := map[string]map[string]any{}
			for engine, change := range engines() {
				o := with(c.o, change)
				if o.muxed() && o.MaxConns > 0 { // a hundred go over one connection
					continue
				}
				got := counts(runOne(t, c.set, o))
				for key, want := range c.want {
					if !cmp.Equal(got[key], want) {
						t.Errorf("%s, %s: %v, want %v", engine, key, got[key], want)
					}
				}
				if name == "cut off" { // that has another name in HTTP/2
					delete(got, "errors")
				}
				if name == "saturated" || name == "dropped" { // which of them finds the connection free is the machine's
					for _, key := range []string{"answered", "succeeded", "failed", "statuses", "errors", "latencies", "services", "shortfall", "dropped", "lags", "bodies", "seconds", "warm-up"} {
						delete(got, key)
					}
					if name == "dropped" {
						delete(got, "sent")
					}
				}
				seen[engine] = got
			}
			var first map[string]any
			for engine, got := range seen {
				if first == nil {
					first = got
				} else if d := cmp.Diff(first, got); d != "" {
					t.Errorf("%s counts differently:\n%s", engine, d)
				}
			}
		})
	}
}

func with(o Options, change func(*Options)) Options {
	change(&o)
	return o
}

func expecting(text string) func(*Options) {
	return func(o *Options) { o.Body = func() BodyMatcher { return &contains{text: text} } }
}

// A run that does not begin leaves no descriptor behind.
func TestFailedRunsCloseWhatTheyOpened(t *testing.T) {
	set := compileURL(t, "http://127.0.0.1:1/")
	run := func() {
		if _, err := Run(t.Context(), set, Options{Schedule: pace.Constant(10).For(0, 5)}); err == nil {
			t.Fatal("nobody listens, and the run began")
		}
	}
	run()
	before := descriptors(t)
	for range 50 {
		run()
	}
	if after := descriptors(t); after > before+2 {
		t.Errorf("%d descriptors before, %d after 50 failed runs", before, after)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(list)
}
