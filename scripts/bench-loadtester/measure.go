package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// contender is a generator's command line, and how to read from its output how
// many requests it made.
type contender struct {
	name     string
	command  []string
	requests func(out []byte) (float64, error)
}

// spent is what a process used.
type spent struct {
	cpu  time.Duration
	wall time.Duration
	rss  int64 // bytes
	out  []byte
}

// execute runs a generator, pinned. Exit code 1 is a verdict, not a failure.
func (b *bench) execute(command []string) (spent, error) {
	words := append(slices.Clone(b.client), command...)
	cmd := exec.Command(words[0], words[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	s := spent{wall: time.Since(start), out: out.Bytes()}
	if cmd.ProcessState == nil || err != nil && cmd.ProcessState.ExitCode() != 1 {
		return s, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, errs.Bytes())
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.rss = u.Maxrss << 10
	}
	return s, nil
}

// cost is CPU seconds per million requests.
func (b *bench) cost(c contender) (float64, error) {
	s, err := b.execute(c.command)
	if err != nil {
		return 0, err
	}
	n, err := c.requests(s.out)
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", c.name, err, s.out)
	}
	if n == 0 {
		return 0, fmt.Errorf("%s: no requests\n%s", c.name, s.out)
	}
	return s.cpu.Seconds() / n * 1e6, nil
}

// report is what is read of loadtester's JSON.
type report struct {
	Requests struct {
		Sent      float64 `json:"sent"`
		Scheduled float64 `json:"scheduled"`
		Failed    float64 `json:"failed"`
		Shortfall float64 `json:"shortfall"`
	} `json:"requests"`
	LatencyMS map[string]float64 `json:"latency_ms"`
	SendLagUS map[string]float64 `json:"send_lag_us"`
	Generator struct {
		PeakRSS float64 `json:"peak_rss_bytes"`
		GCs     float64 `json:"gcs"`
		Spin    float64 `json:"spin_seconds"`
	} `json:"generator"`
	DurationS   float64 `json:"duration_s"`
	Measurement string  `json:"measurement"`
}

func parseReport(out []byte) (r report, err error) {
	err = json.Unmarshal(out, &r)
	return r, err
}

func sentOfJSON(out []byte) (float64, error) {
	r, err := parseReport(out)
	if r.Requests.Failed > 0 {
		return 0, fmt.Errorf("%v requests failed", r.Requests.Failed)
	}
	return r.Requests.Sent, err
}

func requestsOfWrk(out []byte) (float64, error) { return number(out, `(\d+) requests in`) }

func requestsOfH2load(out []byte) (float64, error) { return number(out, `(\d+) succeeded`) }

func number(out []byte, pattern string) (float64, error) {
	m := regexp.MustCompile(pattern).FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("no %s", pattern)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
