package compare

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Real servers of 20 ms, interleaved at 100/s for 4 seconds: equal ones are not
// called different, one that is 20 % slower is, and each pair is judged. What
// else runs on the machine hits both. LOADTESTER_PAIRS=100 makes that many
// pairs of each kind.
func TestRealPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	pairs := 3
	if n := os.Getenv("LOADTESTER_PAIRS"); n != "" {
		if _, err := fmt.Sscan(n, &pairs); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.URL.Query().Get("d"))
		time.Sleep(d)
	}))
	t.Cleanup(server.Close)
	for _, c := range []struct {
		a, b string
		most int // that may be called different of equal pairs
		want Verdict
	}{
		{"20ms", "20ms", max(pairs/100, 1), NoShown},
		{"20ms", "24ms", 0, Worse},
	} {
		t.Run(c.a+" and "+c.b, func(t *testing.T) {
			wrong := 0
			var mu sync.Mutex
			var all sync.WaitGroup
			few := make(chan struct{}, 4)
			for k := range pairs {
				few <- struct{}{}
				all.Go(func() {
					defer func() { <-few }()
					var specs [2][]target.Spec
					for i, d := range []string{c.a, c.b} {
						specs[i] = []target.Spec{{Method: "GET", URL: server.URL + "/?d=" + d}}
					}
					o := engine.Options{Schedule: pace.Constant(100).For(4*time.Second, 0), Duration: 4 * time.Second}
					a, b, paired, err := Live(t.Context(), specs, target.Options{Seed: uint64(k)}, o)
					if err != nil {
						t.Error(err)
						return
					}
					got := Of(a, b, Options{Paired: paired, Seed: uint64(k)})
					mu.Lock()
					defer mu.Unlock()
					switch worst := got.Worst(); {
					case worst == Unknown:
						t.Errorf("pair %d was not judged", k)
					case worst != c.want:
						wrong++
						t.Logf("pair %d: %s: %+v", k, worst, got.Differences)
					}
				})
			}
			all.Wait()
			t.Logf("%d of %d are not %q", wrong, pairs, c.want)
			if wrong > c.most {
				t.Errorf("%d of %d are not %q, %d may be", wrong, pairs, c.want, c.most)
			}
		})
	}
}
