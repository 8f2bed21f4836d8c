package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// engines are the ways by which requests are sent.
func engines() map[string]func(*Options) {
	all := map[string]func(*Options){
		"net/http":         func(o *Options) { o.Path = NetHTTPPath },
		"net/http, HTTP/2": func(o *Options) { o.Path, o.Protocol = NetHTTPPath, H2C },
	}
	if loopsHere {
		all["loop"] = func(o *Options) { o.Path = LoopPath }
		all["two loops"] = func(o *Options) { o.Path, o.Loops = LoopPath, 2 }
		all["loop, HTTP/2"] = func(o *Options) { o.Path, o.Protocol = LoopPath, H2C }
	}
	return all
}

// fate is what became of one request, whoever sent it.
type fate struct {
	Request uint64
	Target  int
	End     record.End
	Class   record.Class
	Status  int
	Success bool
}

// Each form of arrivals sends the same requests on each of the engine's ways, and
// the same becomes of each of them.
func TestArrivalsCountAlike(t *testing.T) {
	s := startHTTP(t, false, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/500":
			w.WriteHeader(500)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "too little")
		default:
			_, _ = io.WriteString(w, "hello")
		}
	})
	set, err := target.Compile([]target.Spec{{URL: s.URL + "/"}, {URL: s.URL + "/500"}, {URL: s.URL + "/"}, {URL: s.URL + "/cut"}}, target.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	parsed := func(text string) *pace.Schedule {
		p, err := pace.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	open := func(p *pace.Schedule, length time.Duration, n uint64) Options {
		return Options{Schedule: p.For(length, n)}
	}
	recorded := []time.Duration{0, 5e6, 5e6, 90e6, 100e6, 300e6, 301e6, 302e6}
	for name, o := range map[string]Options{
		"constant":        open(pace.Constant(50), time.Second, 0),
		"counted":         open(pace.Constant(200), 0, 60),
		"poisson":         open(pace.Constant(60).Poisson(7), time.Second, 0),
		"poisson counted": open(pace.Constant(60).Poisson(7), 0, 40),
		"ramp":            open(parsed("10..90/1s"), 0, 0),
		"stages":          open(parsed("20/500ms,80/500ms"), 0, 0),
		"wave":            open(parsed("sine:20..80/500ms"), time.Second, 0),
		"bursts":          open(parsed("burst:10/250ms"), time.Second, 0),
		"recorded":        open(pace.Recorded(recorded, 1), 0, 0),
		"recorded again":  open(pace.Recorded(recorded, 2), 0, 20),
		"warm-up":         {Schedule: pace.Constant(50).For(time.Second, 0), Warmup: 400 * time.Millisecond},
		"a shard":         {Schedule: pace.Constant(100).For(time.Second, 0), Slice: pace.Slice{Index: 1, Of: 3}},
		"closed":          {Concurrency: 4, Requests: 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var first map[string]any
			var fates []fate
			for engine, change := range engines() {
				o := with(o, change)
				var mu sync.Mutex
				var list []fate
				o.Each = func(_ time.Time, e record.Outcome) {
					mu.Lock()
					defer mu.Unlock()
					if e.Class != record.OK { // a body that is cut off has other names in HTTP/2
						e.Class, e.Status = record.Other, 0
					}
					list = append(list, fate{e.Request, e.Target, e.End, e.Class, e.Status, e.Success})
				}
				got := counts(runOne(t, set, o))
				slices.SortFunc(list, func(a, b fate) int { return cmp.Compare(a.Request, b.Request) })
				for class := range got["errors"].(map[string]int64) {
					got["errors"] = fmt.Sprint("of one class: ", len(got["errors"].(map[string]int64)) == 1, class != "")
				}
				if got["sent"].(int64) < 8 || int64(len(list)) != got["sent"].(int64) {
					t.Errorf("%s: %d ends of %v requests", engine, len(list), got["sent"])
				}
				if first == nil {
					first, fates = got, list
					continue
				}
				if d := gocmp.Diff(first, got); d != "" {
					t.Errorf("%s counts differently:\n%s", engine, d)
				}
				if d := gocmp.Diff(fates, list); d != "" {
					t.Errorf("%s: other requests, or other ends:\n%s", engine, d)
				}
			}
		})
	}
}

// However a run ends, or does not begin, it leaves no descriptor behind.
func TestEveryWayCloses(t *testing.T) {
	fine := startHTTP(t, false, func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Millisecond) })
	secure := startHTTP(t, true, func(http.ResponseWriter, *http.Request) {})
	running := compileURL(t, fine.URL)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	short := Options{Schedule: pace.Constant(100).For(30*time.Millisecond, 0)}
	ways := map[string]func(o Options) error{
		"refused": func(o Options) error {
			_, err := Run(t.Context(), compileURL(t, "http://127.0.0.1:1/"), o)
			return err
		},
		"unknown authority": func(o Options) error {
			o.Protocol = Auto
			_, err := Run(t.Context(), compileURL(t, secure.URL), o)
			return err
		},
		"too late": func(o Options) error {
			o.StartAt = time.Now().Add(-time.Minute)
			_, err := Run(t.Context(), running, o)
			return err
		},
		"cancelled before": func(o Options) error {
			_, err := Run(cancelled, running, o)
			return err
		},
		"interrupted": func(o Options) error {
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
			defer cancel()
			o.Schedule = pace.Constant(300).For(time.Minute, 0)
			_, err := Run(ctx, running, o)
			return errors.Join(err, ctx.Err())
		},
		"whole": func(o Options) error {
			_, err := Run(t.Context(), running, o)
			return err
		},
	}
	for engine, change := range engines() {
		for way, run := range ways {
			o := with(short, change)
			run(o) // what is opened once: the first of each is no measure
			before, threads := descriptors(t), runtime.NumGoroutine()
			runs := 50
			if way == "whole" || way == "interrupted" { // they take their time
				runs = 10
			}
			for range runs {
				if err := run(o); (err == nil) != (way == "whole") {
					t.Fatalf("%s, %s: %v", engine, way, err)
				}
			}
			fine.CloseClientConnections() // the server's side is in this process, too
			secure.CloseClientConnections()
			after, goroutines := descriptors(t), runtime.NumGoroutine()
			for range 50 {
				if after <= before+2 && goroutines <= threads+2 {
					break
				}
				time.Sleep(20 * time.Millisecond)
				after, goroutines = descriptors(t), runtime.NumGoroutine()
			}
			if after > before+2 || goroutines > threads+4 {
				t.Errorf("%s, %s: %d descriptors and %d goroutines before, %d and %d after %d runs", engine, way, before, threads, after, goroutines, runs)
			}
		}
	}
}
