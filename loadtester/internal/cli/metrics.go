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
	requests *export.Requests

	mu   sync.Mutex
	live export.Live
}

// listenMetrics begins to serve; nil where no address is given. names are the
// targets'.
func listenMetrics(address string, names []string) (*metricsServer, error) {
	if address == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, problem.Wrap(err, "write --metrics-listen 127.0.0.1:9100, a free port", "cannot serve metrics on %s: %v", address, err)
	}
	m := &metricsServer{listener: l, requests: export.NewRequests(names)}
	m.live.Requests = m.requests
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
		Rate:     float64(look.Interval.Succeeded+look.Interval.Failed) / max(look.IntervalLength.Seconds(), 1e-3),
		Requests: m.requests,
		P50:      look.Interval.Quantile(.5), P99: look.Interval.Quantile(.99),
	}
}

func (m *metricsServer) close() {
	if m != nil {
		_ = m.server.Close()
		m.served.Wait()
	}
}
