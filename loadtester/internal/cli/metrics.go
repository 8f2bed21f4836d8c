package cli

import (
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/export"
	"github.com/seniorbackend/tools/shared/problem"
)

// metricsServer serves a running test's metrics at /metrics.
type metricsServer struct {
	listener net.Listener
	server   *http.Server
	served   sync.WaitGroup

	mu   sync.Mutex
	live export.Live
}

// listenMetrics begins to serve; nil where no address is given.
func listenMetrics(address string) (*metricsServer, error) {
	if address == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, problem.Wrap(err, "write --metrics-listen 127.0.0.1:9100, a free port", "cannot serve metrics on %s: %v", address, err)
	}
	m := &metricsServer{listener: l}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		m.mu.Lock()
		live := m.live
		m.mu.Unlock()
		_ = export.WriteLive(w, live) // the reader has gone
	})
	m.server = &http.Server{Handler: routes, ReadHeaderTimeout: 5 * time.Second}
	m.served.Go(func() { _ = m.server.Serve(l) })
	return m, nil
}

// show takes a look at the run.
func (m *metricsServer) show(look engine.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live = export.Live{
		Elapsed: look.Elapsed, Sent: look.Sent, Succeeded: look.Succeeded, Failed: look.Failed, InFlight: look.InFlight, Connections: look.Open,
		Rate: float64(look.Interval.Succeeded+look.Interval.Failed) / max(look.IntervalLength.Seconds(), 1e-3),
		P50:  look.Interval.Quantile(.5), P99: look.Interval.Quantile(.99),
	}
}

func (m *metricsServer) close() {
	if m != nil {
		_ = m.server.Close()
		m.served.Wait()
	}
}

// watchers are who looks at a run while it goes on.
type watchers struct {
	shown   *progress
	metrics *metricsServer
}

// watch lets progress and metrics look at the run that o is for.
func (f *outFlags) watch(s *session, o *engine.Options) (*watchers, error) {
	metrics, err := listenMetrics(f.MetricsListen)
	if err != nil {
		return nil, err
	}
	w := &watchers{newProgress(s), metrics}
	if w.shown == nil && metrics == nil {
		return w, nil
	}
	o.Progress = func(look engine.Progress) {
		if metrics != nil {
			metrics.show(look)
		}
		if w.shown != nil {
			w.shown.show(look)
		}
	}
	return w, nil
}

// end takes them away.
func (w *watchers) end() {
	w.shown.done()
	w.metrics.close()
}
