package compare

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// warnings lists how the two runs were made differently: then a difference of
// figures need not be one of the services.
func warnings(a, b *result.Result, paired bool) []string {
	var list []string
	add := func(what, va, vb string) {
		if va != vb {
			list = append(list, fmt.Sprintf("%s differ: %s and %s", what, orNone(va), orNone(vb)))
		}
	}
	ra, rb := &a.Run, &b.Run
	add("the arrivals", ra.Arrival, rb.Arrival)
	if !ra.Closed() && !rb.Closed() && math.Abs(ra.Rate-rb.Rate) > 0.01*max(ra.Rate, rb.Rate) {
		list = append(list, fmt.Sprintf("the rates differ: %s/s and %s/s", report.Significant(ra.Rate), report.Significant(rb.Rate)))
	}
	if ra.Closed() && rb.Closed() {
		add("the concurrencies", fmt.Sprint(ra.Concurrency), fmt.Sprint(rb.Concurrency))
	}
	add("the connection limits", fmt.Sprint(ra.Connections), fmt.Sprint(rb.Connections))
	add("the timeouts", ra.Timeout.String(), rb.Timeout.String())
	add("the engines' paths", ra.Path, rb.Path)
	if paired {
		return append(list, shortfalls(a, b)...)
	}
	add("the machines", machine(a), machine(b))
	add("the versions", version(ra.Tool), version(rb.Tool))
	if sa, sb := sending(a), sending(b); max(sa, sb) > 2*min(sa, sb) {
		list = append(list, fmt.Sprintf("one run is much longer: %s and %s", sa.Round(time.Second), sb.Round(time.Second)))
	}
	if (ra.Warmup > 0) != (rb.Warmup > 0) {
		list = append(list, "only one of the runs had a warm-up")
	}
	return append(list, shortfalls(a, b)...)
}

func shortfalls(a, b *result.Result) []string {
	var list []string
	for k, r := range []*result.Result{a, b} {
		name := [...]string{"A", "B"}[k]
		if r.Run.Interrupted {
			list = append(list, name+" was interrupted")
		}
		if n := r.Record.Shortfall; n > 0 {
			list = append(list, fmt.Sprintf("%s sent %s fewer than were due", name, report.Plural(n, "request", "requests")))
		}
	}
	return list
}

// version is "v1.2.0" of "loadtester v1.2.0 (…)".
func version(tool string) string {
	if f := strings.Fields(tool); len(f) > 1 {
		return f[1]
	}
	return tool
}

func machine(r *result.Result) string {
	return fmt.Sprintf("%s with %s", r.Generator.System, report.Plural(r.Generator.CPUs, "CPU", "CPUs"))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
