package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// open measures how exactly requests leave, by the server's clock: the distance
// of arrival i from the first possible one plus i/rate.
func (b *bench) open() error {
	fmt.Printf("\nOpen loop: when requests arrive at the server, against the schedule\n")
	for _, rate := range []int{1000, 10000} {
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
	resp, err := http.Get(srv.url + "stamps")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var stamps []time.Duration
	if err := json.NewDecoder(resp.Body).Decode(&stamps); err != nil {
		return err
	}
	slices.Sort(stamps)
	if len(stamps) < 2 {
		return fmt.Errorf("%d arrivals", len(stamps))
	}
	late := make([]float64, len(stamps))
	first := time.Duration(1 << 62)
	for i, at := range stamps {
		first = min(first, at-time.Duration(float64(i)/float64(rate)*1e9))
	}
	for i, at := range stamps {
		late[i] = float64(at-first-time.Duration(float64(i)/float64(rate)*1e9)) / 1e3
	}
	slices.Sort(late)
	at := func(q float64) float64 { return late[min(int(q*float64(len(late))), len(late)-1)] }
	achieved := float64(len(stamps)-1) / (stamps[len(stamps)-1] - stamps[0]).Seconds()
	fmt.Printf("  %6d/s: arrival p50 %6.1f µs, p99 %7.1f µs; sent by its own clock p50 %5.1f µs, p99 %6.1f µs; rate error %+.0f ppm; CPU %.0f %% of a core; %s\n",
		rate, at(.5), at(.99), r.SendLagUS["p50"], r.SendLagUS["p99"], (achieved/float64(rate)-1)*1e6, 100*s.cpu.Seconds()/s.wall.Seconds(), r.Verdict)
	return nil
}

// omission is the test that most load generators fail: a server that answers in
// 1 ms and freezes for 1 s every 10 s, 1,000 requests/s for 20 s. In an open loop
// a request that is due t into the freeze waits for the rest of it.
func (b *bench) omission() error {
	srv, err := b.start("-delay=1ms", "-freeze=1s", "-every=10s")
	if err != nil {
		return err
	}
	defer srv.stop()
	s, err := b.execute([]string{b.tool, "run", srv.url, "--rate", "1000", "--duration", "20s", "--format", "json", "--allow-generator-limited", "--quiet"})
	if err != nil {
		return err
	}
	r, err := parseReport(s.out)
	if err != nil {
		return err
	}
	fmt.Printf("\nCoordinated omission: 1,000/s for 20 s, the server freezes for 1 s every 10 s\n")
	fmt.Printf("  (p90 is left out: just a tenth of the requests meet a freeze)\n")
	fmt.Printf("  sent %.0f of %.0f, shortfall %.0f, %s\n", r.Requests.Sent, r.Requests.Scheduled, r.Requests.Shortfall, r.Verdict)
	for _, row := range []struct {
		key   string
		truth float64
	}{{"p50", 1}, {"p95", 501}, {"p99", 901}, {"p99_9", 991}, {"max", 1001}} {
		got := r.LatencyMS[row.key]
		fmt.Printf("  %-5s truth %6.0f ms   measured %8.2f ms   %+.1f %%\n", row.key, row.truth, got, 100*(got/row.truth-1))
	}
	return nil
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
	for _, n := range []int{requests / 100, requests} {
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
	fmt.Printf("  growth: %.2f bytes per request\n", (sizes[1]-sizes[0])/float64(requests-requests/100))
	return nil
}
