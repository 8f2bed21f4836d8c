package main

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// stalls is what the server of the omission section does: it answers after delay,
// and stands still for the last part of each period.
type stalls struct{ delay, freeze, every time.Duration }

// release is when a server without any cost of its own answers what came at a
// moment.
func (s stalls) release(came time.Duration) time.Duration {
	if into := came % s.every; into >= s.every-s.freeze {
		came += s.every - into
	}
	return came + s.delay
}

// truth is the latency of each of n requests, one every step, in milliseconds, as
// users meet it who share so many connections and are answered one after the
// other, each taking the server a while. It is arithmetic: no generator, no system.
func (s stalls) truth(n int, step time.Duration, connections int, each time.Duration) []float64 {
	ended := make([]time.Duration, n)
	late := make([]float64, n)
	for i := range ended {
		due := time.Duration(i) * step
		came := due
		if i >= connections { // it waits for the connection of the one before
			came = max(came, ended[i-connections])
		}
		ended[i] = s.release(came)
		if i > 0 {
			ended[i] = max(ended[i], ended[i-1])
		}
		ended[i] += each
		late[i] = (ended[i] - due).Seconds() * 1e3
	}
	slices.Sort(late)
	return late
}

// omission is the test that most load generators fail: a server that answers in
// 1 ms and freezes for 1 s every 10 s, 1,000 requests/s for 20 s. In an open loop
// a request that is due t into the freeze waits for the rest of it. Three truths
// stand beside what was measured: that of an ideal server, to which an answer
// costs nothing; that of one to which it costs what the system takes for it on
// this machine; and what the server did by its own clock.
func (b *bench) omission() error {
	fmt.Printf("\nCoordinated omission: 1,000/s for 20 s, the server freezes for 1 s every 10 s\n")
	fmt.Printf("  (p90 is left out: just a tenth of the requests meet a freeze)\n")
	// In a freeze a thousand requests wait: each on a connection of its own, as
	// users would, or in a queue before a hundred.
	for _, connections := range []int{1000, 100} {
		if err := b.omissionOver(connections); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) omissionOver(connections int) error {
	const rate, seconds = 1000, 20
	like := stalls{time.Millisecond, time.Second, 10 * time.Second}
	each, err := b.drained(connections)
	if err != nil {
		return err
	}
	srv, err := b.start("-delay", like.delay.String(), "-freeze", like.freeze.String(), "-every", like.every.String())
	if err != nil {
		return err
	}
	defer srv.stop()
	s, err := b.execute([]string{b.tool, "run", srv.url + "{{seq}}", "--template", "--rate", fmt.Sprint(rate), "--duration", fmt.Sprint(seconds), "--max-connections", fmt.Sprint(connections), "--format", "json", "--allow-generator-limited", "--quiet"})
	if err != nil {
		return err
	}
	r, err := parseReport(s.out)
	if err != nil {
		return err
	}
	visits, err := srv.visits()
	if err != nil {
		return err
	}
	did := slices.Sorted(slices.Values(lateness(visits, rate, func(v visit) time.Duration { return v.Answered })))
	if len(did) == 0 {
		return fmt.Errorf("the server saw no request")
	}
	fmt.Printf("  at most %d connections: sent %.0f of %.0f, the server saw %d, shortfall %.0f, %s\n", connections, r.Requests.Sent, r.Requests.Scheduled, len(did), r.Requests.Shortfall, r.Measurement)
	fmt.Printf("  without a client an answer takes the system %.1f µs (the same server, to as many connections that nobody reads)\n", float64(each)/1e3)
	ideal := like.truth(rate*seconds, time.Second/rate, connections, 0)
	floor := like.truth(rate*seconds, time.Second/rate, connections, each)
	fmt.Printf("  %-5s %10s %17s %14s %10s   measured against each\n", "ms", "ideal", "with that cost", "by its clock", "measured")
	for _, row := range []struct {
		key string
		q   float64
	}{{"p50", .5}, {"p95", .95}, {"p99", .99}, {"p99_9", .999}, {"max", 1}} {
		got := r.LatencyMS[row.key]
		truths := []float64{quantile(ideal, row.q), quantile(floor, row.q), quantile(did, row.q)}
		fmt.Printf("  %-5s %10.2f %17.2f %14.2f %10.2f  ", row.key, truths[0], truths[1], truths[2], got)
		for _, truth := range truths {
			fmt.Printf(" %+7.2f %%", 100*(got/truth-1))
		}
		fmt.Println()
	}
	return nil
}

// drained is what an answer after a freeze costs the server when there is no
// client that could slow it down.
func (b *bench) drained(connections int) (time.Duration, error) {
	turn := *b
	turn.client = b.server // it has the server's place
	s, err := turn.execute([]string{b.self, "drain", "-connections", fmt.Sprint(connections), fmt.Sprintf("-reading=%t", connections < 1000)})
	if err != nil {
		return 0, err
	}
	ns, err := strconv.Atoi(string(s.out))
	return time.Duration(ns), err
}
