package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// open measures how exactly requests leave, by the server's clock: the distance
// of arrival i from the first possible one plus i/rate.
func (b *bench) open() error {
	fmt.Printf("\nOpen loop: when requests arrive at the server, against the schedule\n")
	for _, rate := range []int{1000, 10000} {
		if err := b.machine(rate); err != nil {
			return err
		}
		srv, err := b.start("-stamp=true")
		if err != nil {
			return err
		}
		s, err := b.execute([]string{b.tool, "run", srv.url, "--rate", fmt.Sprint(rate), "--duration", b.duration.String(), "--format", "json", "--allow-generator-limited", "--quiet"})
		if err == nil {
			err = b.openReport(srv, s, rate)
		}
		srv.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) openReport(srv *server, s spent, rate int) error {
	r, err := parseReport(s.out)
	if err != nil {
		return err
	}
	visits, err := srv.visits()
	if err != nil {
		return err
	}
	late := lateness(visits, rate, func(v visit) time.Duration { return v.Came })
	sorted := slices.Sorted(slices.Values(late))
	n := len(late) / 10
	if n == 0 {
		return fmt.Errorf("%d arrivals", len(late))
	}
	// The rate is off by as much as the lateness drifts. Its medians at the two
	// ends say that; the first and the last arrival alone would say how late two
	// of many thousand requests were.
	drift := median(late[len(late)-n:]) - median(late[:n])
	over := float64(len(late)-n) / float64(rate)
	fmt.Printf("  %6d/s: arrival p50 %6.1f µs, p99 %7.1f µs; sent by its own clock p50 %5.1f µs, p99 %6.1f µs; rate error %+.1f ppm; first request %.0f µs late; CPU %.0f %% of a core, %.0f %% polling; %s\n",
		rate, 1e3*quantile(sorted, .5), 1e3*quantile(sorted, .99), r.SendLagUS["p50"], r.SendLagUS["p99"],
		-drift/1e3/over*1e6, 1e3*(late[0]-median(late[:n])), 100*s.cpu.Seconds()/s.wall.Seconds(), 100*r.Generator.Spin/s.wall.Seconds(), r.Measurement)
	return nil
}

// lateness is how long after its place in the schedule each request came, or was
// answered, in milliseconds. The schedule began as late as the server's clock
// allows for.
func lateness(visits []visit, rate int, of func(visit) time.Duration) []float64 {
	due := func(i int) time.Duration { return time.Duration(float64(i) / float64(rate) * 1e9) }
	first := time.Duration(math.MaxInt64)
	for i, v := range visits {
		if v.Came >= 0 {
			first = min(first, v.Came-due(i))
		}
	}
	var late []float64
	for i, v := range visits {
		if v.Came >= 0 {
			late = append(late, (of(v)-first-due(i)).Seconds()*1e3)
		}
	}
	return late
}

// quantile is that of sorted values.
func quantile(sorted []float64, q float64) float64 {
	return sorted[min(int(math.Ceil(q*float64(len(sorted))))-1, len(sorted)-1)]
}

// memory sends many requests and looks at what is left of them.
func (b *bench) memory(requests int) error {
	srv, err := b.start()
	if err != nil {
		return err
	}
	defer srv.stop()
	fmt.Printf("\nMemory: 50 connections\n")
	var sizes []float64
	for _, n := range []int{requests / 10, requests} {
		s, err := b.execute([]string{b.tool, "run", srv.url, "-c", "50", "--requests", fmt.Sprint(n), "--format", "json", "--allow-generator-limited", "--quiet"})
		if err != nil {
			return err
		}
		r, err := parseReport(s.out)
		if err != nil {
			return err
		}
		sizes = append(sizes, float64(s.rss))
		fmt.Printf("  %9.0f requests in %6.1f s: peak memory %5.1f MB, %.0f garbage collections\n", r.Requests.Sent, r.DurationS, float64(s.rss)/1e6, r.Generator.GCs)
	}
	fmt.Printf("  growth: %.2f bytes per request\n", (sizes[1]-sizes[0])/float64(requests-requests/10))
	return nil
}
