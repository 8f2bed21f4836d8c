package advice

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/report"
)

// keepAliveRefused: the server ends the connection with nearly each response.
func keepAliveRefused(v *view) (report.Finding, bool) {
	c := v.rec.Connections
	return report.Finding{
		Rule: "keep-alive-refused", Severity: report.Warning,
		Title:    "the server closes the connection after almost each answer",
		Evidence: []string{"closed by the server: " + of(c.Closed, v.rec.Answered) + " of the answers", connections(v)},
		Advice:   "Each request then pays for a connection (and a TLS handshake). Turn keep-alive on in the server and the proxy before it; look at a limit of requests per connection (keepalive_requests, MaxKeepAliveRequests).",
	}, v.rec.Answered > 50 && float64(c.Closed) > 0.5*float64(v.rec.Answered)
}

// churn: many more connections than are needed at a time, without the server
// refusing keep-alive as a rule.
func churn(v *view) (report.Finding, bool) {
	c := v.rec.Connections
	return report.Finding{
			Rule: "connection-churn", Severity: report.Notice,
			Title:    "connections were opened again and again",
			Evidence: []string{connections(v), fmt.Sprintf("closed by the server: %s, requests that met a closed one: %s", report.Count(c.Closed), report.Count(c.Retried))},
			Advice:   "An idle timeout or a limit of requests per connection is shorter than the traffic needs. Real clients with pools meet it as sporadic errors when server and client close at the same moment.",
		}, v.rec.Answered > 200 && c.Opened > 3*max(c.Peak, 1) && float64(c.Closed) <= 0.5*float64(v.rec.Answered) &&
			float64(c.Opened) > 0.02*float64(v.rec.Answered)
}

// slowHandshake: TLS costs more than the answer.
func slowHandshake(v *view) (report.Finding, bool) {
	tls := v.rec.Phases[record.PhaseTLS]
	first := v.rec.Phases[record.PhaseFirstByte]
	return report.Finding{
		Rule: "slow-tls", Severity: report.Notice,
		Title:    "the TLS handshake takes longer than an answer",
		Evidence: []string{fmt.Sprintf("handshake p50 %s, p99 %s; first byte p50 %s", report.Duration(tls.Quantile(.5)), report.Duration(tls.Quantile(.99)), report.Duration(first.Quantile(.5)))},
		Advice:   "Clients that keep no connections pay it each time: ECDSA instead of RSA keys, TLS 1.3, session tickets, and a handshake nearer to the user help.",
	}, tls.Count() >= 20 && first.Count() > 0 && tls.Quantile(.5) > 2*first.Quantile(.5) && tls.Quantile(.5) > 20*time.Millisecond
}

func slowDNS(v *view) (report.Finding, bool) {
	dns := v.rec.Phases[record.PhaseDNS]
	return report.Finding{
		Rule: "slow-dns", Severity: report.Notice,
		Title:    "looking the name up was slow",
		Evidence: []string{fmt.Sprintf("DNS p50 %s, max %s in %s", report.Duration(dns.Quantile(.5)), report.Duration(dns.Max()), report.Plural(dns.Count(), "look-up", "look-ups"))},
		Advice:   "It is part of each new connection's time: look at the resolver (ndots and search domains in Kubernetes), or take it out of the test with --resolve.",
	}, dns.Count() >= 3 && dns.Quantile(.5) > 50*time.Millisecond
}

func largeBodies(v *view) (report.Finding, bool) {
	each := float64(v.rec.BytesIn) / float64(max(v.rec.Answered, 1))
	body, first := v.rec.Phases[record.PhaseBody], v.rec.Phases[record.PhaseFirstByte]
	return report.Finding{
		Rule: "large-bodies", Severity: report.Notice,
		Title: "reading the body takes longer than waiting for its first byte",
		Evidence: []string{fmt.Sprintf("an answer has %s on average", report.Bytes(uint64(each))),
			fmt.Sprintf("p50 of the body %s, of the first byte %s", report.Duration(body.Quantile(.5)), report.Duration(first.Quantile(.5)))},
		Advice: "Page the list, leave fields out, or compress (--header 'Accept-Encoding: gzip' measures that).",
	}, each > 100<<10 && body.Count() > 20 && body.Quantile(.5) > first.Quantile(.5)
}

// closedLoop: a long tail that a closed loop shows too small.
func closedLoop(v *view) (report.Finding, bool) {
	p99, longest := v.latency(.99), v.rec.Latency.Max()
	rate := v.Throughput()
	return report.Finding{
		Rule: "closed-loop-hides", Severity: report.Notice,
		Title: "a closed loop hides how long users would have waited",
		Evidence: []string{fmt.Sprintf("max %s is %s times p99: while the service stood still, the %s workers sent nothing",
			report.Duration(longest), report.Significant(float64(longest)/float64(max(p99, 1))), report.Count(v.Run.Concurrency))},
		Advice:  "Repeat it with a fixed rate: the requests that were due in the pause then count.",
		Command: fmt.Sprintf("loadtester URL --rate %s", report.Significant(rate*0.8)),
	}, v.Run.Closed() && v.rec.Latency.Count() > 1000 && longest > 100*time.Millisecond && float64(longest) > 10*float64(p99)
}

func fewSamples(v *view) (report.Finding, bool) {
	n := v.rec.Latency.Count()
	return report.Finding{
		Rule: "few-samples", Severity: report.Notice,
		Title:    fmt.Sprintf("p99 rests on %s", report.Plural(max(n/100, 1), "request", "requests")),
		Evidence: []string{report.Plural(n, "latency was", "latencies were") + " recorded"},
		Advice:   "Another run may well give another p99: let it be 1,000 requests or more (--duration, --rate).",
	}, n > 0 && n < 300
}
