package advice

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/report"
)

// noise is the share of failures below which one more look is not worth it.
const noise = 0.001

// causes lists what happened by class, for evidence.
func (v *view) causes(classes ...record.Class) []string {
	var list []string
	for _, c := range classes {
		if n := v.rec.Errors[c]; n > 0 {
			list = append(list, c.String()+": "+of(n, ended(v)))
		}
	}
	return list
}

func severity(share float64) report.Severity {
	if share >= 0.01 {
		return report.Error
	}
	return report.Warning
}

func connectFailures(v *view) (report.Finding, bool) {
	classes := []record.Class{record.DNS, record.Refused, record.Unreachable, record.ConnectTimeout, record.ConnectFailed}
	n := v.failed(classes...)
	f := report.Finding{
		Rule: "connect-failed", Severity: severity(v.share(n)),
		Title:    report.Plural(n, "request", "requests") + " found no connection",
		Evidence: v.causes(classes...),
		Advice:   "The server stopped accepting connections under this load: look at its accept backlog (somaxconn), its limit of connections and open files, whether it restarted, and at a load balancer's connection limit.",
	}
	if v.rec.Errors[record.DNS]*2 > n {
		f.Advice = "The name was not resolved: look at the resolver's limits and time to live, or name the address with --resolve so that the run does not measure DNS."
	}
	return f, n > 0 && v.share(n) >= noise
}

func generatorFailures(v *view) (report.Finding, bool) {
	n := v.failed(record.PortsExhausted, record.FilesExhausted)
	f := report.Finding{
		Rule: "generator-out-of-ports", Severity: report.Error,
		Title:    report.Plural(n, "request", "requests") + " failed in the generator, not in the service",
		Evidence: append(v.causes(record.PortsExhausted, record.FilesExhausted), connections(v)),
		Advice:   "Keep connections alive, use fewer of them (--max-connections), more source addresses (--local-address), or raise ulimit -n. Until then these figures say nothing about the service.",
	}
	return f, n > 0
}

func connections(v *view) string {
	c := v.rec.Connections
	return fmt.Sprintf("connections opened: %s for %s requests, at most %s at a time", report.Count(c.Opened), report.Count(v.rec.Sent), report.Count(c.Peak))
}

func tlsFailures(v *view) (report.Finding, bool) {
	n := v.failed(record.TLSTimeout, record.TLSFailed)
	return report.Finding{
		Rule: "tls-failed", Severity: severity(v.share(n)),
		Title:    report.Plural(n, "request", "requests") + " failed in the TLS handshake",
		Evidence: v.causes(record.TLSTimeout, record.TLSFailed),
		Advice:   "Handshakes cost the server's CPU: keep connections alive, allow session resumption, prefer ECDSA keys. A failure from the first request on is the certificate: --ca-file or --insecure.",
	}, n > 0 && v.share(n) >= noise
}

func timeouts(v *view) (report.Finding, bool) {
	n := v.failed(record.NoAnswerTimeout, record.BodyTimeout)
	return report.Finding{
		Rule: "timeouts", Severity: severity(v.share(n)),
		Title:    fmt.Sprintf("%s got no whole answer within %s", report.Plural(n, "request", "requests"), report.Duration(v.Run.Timeout)),
		Evidence: append(v.causes(record.NoAnswerTimeout, record.BodyTimeout), "p50 of the others: "+report.Duration(v.latency(.5))),
		Advice:   "Requests hang rather than fail: look for a pool without a limit on waiting (database, HTTP client), locks, and calls without a timeout of their own. The service should give up before its callers do.",
	}, n > 0 && v.share(n) >= noise
}

func brokenConnections(v *view) (report.Finding, bool) {
	classes := []record.Class{record.Reset, record.Closed, record.SendFailed}
	n := v.failed(classes...)
	return report.Finding{
		Rule: "connections-broken", Severity: severity(v.share(n)),
		Title:    report.Plural(n, "request", "requests") + " lost their connection before the answer was whole",
		Evidence: v.causes(classes...),
		Advice:   "A process that crashes or is killed for memory, a proxy whose idle timeout is shorter than the server's, or a full listen queue does this: compare with restarts and the proxy's log at that time.",
	}, n > 0 && v.share(n) >= noise
}

func resetStreams(v *view) (report.Finding, bool) {
	n := v.failed(record.StreamReset)
	return report.Finding{
		Rule: "streams-reset", Severity: severity(v.share(n)),
		Title:    report.Plural(n, "request was", "requests were") + " ended by the server with a reset of the stream",
		Evidence: v.causes(record.StreamReset),
		Advice:   "The connection lives on, so the server or a proxy ended these requests one by one: a handler that fails or is cancelled, or an upstream that broke. Look at its error log at that time.",
	}, n > 0 && v.share(n) >= noise
}

func malformed(v *view) (report.Finding, bool) {
	n := v.failed(record.Malformed)
	return report.Finding{
		Rule: "malformed-responses", Severity: report.Error,
		Title:    report.Plural(n, "answer was", "answers were") + " not HTTP",
		Evidence: v.causes(record.Malformed),
		Advice:   "Is it a TLS port that was asked without TLS (https://), or another protocol (--h2c)? Else the server writes a broken head or a wrong Content-Length.",
	}, n > 0
}

func serverErrors(v *view) (report.Finding, bool) {
	n := v.statuses(500, 599)
	f := report.Finding{
		Rule: "server-errors", Severity: severity(v.share(n)),
		Title:    report.Plural(n, "answer was a server error", "answers were server errors"),
		Evidence: v.listStatuses(500, 599),
		Advice:   "Read the service's log for the first of them; under load it is mostly a pool or a worker limit that is reached, or a dependency that fails.",
	}
	if k := v.rec.Statuses[502] + v.rec.Statuses[503] + v.rec.Statuses[504]; 2*k > n {
		f.Advice = "502, 503 and 504 come from a proxy or a limit in front of the service: compare its limits of workers and connections with the requests in flight, and the upstream's health checks and timeouts."
	}
	return f, n > 0 && v.share(n) >= noise && !v.wanted(500, 599)
}

func rateLimited(v *view) (report.Finding, bool) {
	n := v.rec.Statuses[429]
	allowed := float64(v.rec.Answered-n) / max(v.Run.Sending.Seconds(), 1e-9)
	return report.Finding{
		Rule: "rate-limited", Severity: report.Warning,
		Title:    report.Plural(n, "answer was 429 Too Many Requests", "answers were 429 Too Many Requests"),
		Evidence: []string{"HTTP 429: " + of(n, ended(v)), "let through: " + report.Significant(allowed) + " requests a second"},
		Advice:   "A rate limiter answered, not the service: stay below the limit, exempt the generator, or verify the limiter itself with --expect-rate-limit. 429s are fast, so they make the percentiles look better than the service is.",
	}, n > 0 && !v.wanted(429, 429)
}

func authorization(v *view) (report.Finding, bool) {
	n := v.rec.Statuses[401] + v.rec.Statuses[403]
	return report.Finding{
		Rule: "not-authorized", Severity: report.Error,
		Title:    report.Plural(n, "answer was", "answers were") + " 401 or 403",
		Evidence: v.listStatuses(401, 403),
		Advice:   `Send credentials (--header "Authorization: Bearer …"; {{env TOKEN}} keeps them off the command line). The figures are of the refusal, not of the work.`,
	}, v.share(n) > 0.05 && !v.wanted(401, 403)
}

func clientErrors(v *view) (report.Finding, bool) {
	n := v.statuses(400, 499) - v.rec.Statuses[401] - v.rec.Statuses[403] - v.rec.Statuses[429]
	return report.Finding{
		Rule: "client-errors", Severity: report.Warning,
		Title:    report.Plural(n, "answer refused the request", "answers refused the request"),
		Evidence: v.listStatuses(400, 499),
		Advice:   "The requests are not what the service wants (path, body, Content-Type): a refusal costs it less than the work. --expect-status names a refusal that is meant.",
	}, v.share(n) > 0.01 && !v.wanted(400, 499)
}

// wanted says that the statuses in the range were counted as a success: the user
// asked for them.
func (v *view) wanted(from, to int) bool {
	n := v.statuses(from, to)
	return n > 0 && (v.rec.Failed < n || v.rec.FailedStatuses()[record.StatusClass(from)] == 0)
}

func (v *view) listStatuses(from, to int) []string {
	var list []string
	for s := from; s <= to; s++ {
		if n := v.rec.Statuses[s]; n > 0 {
			list = append(list, fmt.Sprintf("HTTP %d: %s", s, of(n, ended(v))))
		}
	}
	if len(list) > 4 {
		list = append(list[:4], fmt.Sprintf("and %d other statuses", len(list)-4))
	}
	return list
}

func join(list []string) string { return strings.Join(list, ", ") }
