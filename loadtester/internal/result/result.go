// Package result is a finished run: what was asked, what was seen, and what the
// generator itself was doing. It is the wire between commands: run writes it,
// report, merge and compare read it.
//
// A result file is versioned, has a size that does not depend on the number of
// requests, and holds no secret: names of targets come in redacted.
package result

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// Result is one run, or several merged ones.
type Result struct {
	Run       Run
	Record    *record.Record
	Generator Generator
}

// Run is what was asked, and when.
type Run struct {
	Tool    string    `json:"tool"` // "loadtester v1.2.0"
	Started time.Time `json:"started"`
	Targets []string  `json:"targets"` // "GET https://api.example.com/users", without secrets

	// Source is where several targets come from: "openapi.yaml, 5 requests".
	Source string `json:"source,omitempty"`
	// Names tell the targets apart where there are several: those of a document's
	// operations, "GET /users" of others.
	Names []string `json:"names,omitempty"`

	Arrival     string  `json:"arrival"`               // "constant", "poisson", "recorded" or "closed"
	Schedule    string  `json:"schedule,omitempty"`    // "10..1000/s over 60s"
	Rate        float64 `json:"rate,omitempty"`        // requests per second asked, on average; 0 in a closed loop
	Scheduled   int64   `json:"scheduled,omitempty"`   // how many the schedule held (this shard's part)
	Concurrency int     `json:"concurrency,omitempty"` // of the closed loop
	Connections int     `json:"max_connections"`       // the limit
	Saturation  string  `json:"on_saturation,omitempty"`
	Path        string  `json:"path"`            // "event loop", "event loop, HTTP/2", "net/http", "quic-go, HTTP/3"
	Shard       string  `json:"shard,omitempty"` // "1/4"

	Duration time.Duration `json:"duration_ns"` // asked; 0: by count
	Warmup   time.Duration `json:"warmup_ns,omitempty"`
	Timeout  time.Duration `json:"timeout_ns"`
	// Sending is the time from the start to the end of the schedule (or of the
	// closed loop), Elapsed to the end of the last request.
	Sending     time.Duration `json:"sending_ns"`
	Elapsed     time.Duration `json:"elapsed_ns"`
	Interrupted bool          `json:"interrupted,omitempty"`
	// Aborted is the condition that ended the run early; it is Interrupted then.
	Aborted string `json:"aborted,omitempty"`

	// Wanted is what was expected of it, so that a saved run can be judged again.
	Wanted Wanted `json:"wanted,omitzero"`
}

// Wanted are a run's expectations, as its flags had them.
type Wanted struct {
	Statuses  string   `json:"statuses,omitempty"`
	Body      string   `json:"body,omitempty"`
	MaxBody   int64    `json:"max_body,omitempty"` // bytes; 0: any
	Objective string   `json:"objective,omitempty"`
	Targets   []string `json:"targets,omitempty"` // objectives of single targets, "GET /users=p99<100ms"
	// Limiter is what the verification of a rate limiter found. It looked at every
	// answer in its time, which a saved run does not hold.
	Limiter []Judged `json:"limiter,omitempty"`
}

// Judged is an expectation and what came of it.
type Judged struct {
	Name string `json:"name"`
	Want string `json:"want"`
	Got  string `json:"got"`
	Pass bool   `json:"pass"`
	Note string `json:"note,omitempty"`
}

// Closed says that the run was a closed loop: a worker sends its next request
// when the last one has ended, so that latency leaves out the waiting for a
// free worker.
func (r *Run) Closed() bool { return r.Arrival == "closed" }

// Generator is the machine and process that made the load.
type Generator struct {
	System     string  `json:"system"` // "linux/amd64"
	CPUs       int     `json:"cpus"`
	Loops      int     `json:"loops"`
	CPUSeconds float64 `json:"cpu_seconds"` // user and system time of the run
	// Spin is the part of CPUSeconds that was waiting for the exact moment.
	Spin     float64 `json:"spin_seconds"`
	Starved  float64 `json:"starved_seconds"` // a loop could run but another process had the CPU; Linux only
	PeakRSS  int64   `json:"peak_rss_bytes"`
	GCs      int64   `json:"gcs"`
	GCPause  float64 `json:"gc_pause_seconds"`
	OpenFile int64   `json:"max_open_files"` // the limit
	Ports    int64   `json:"local_ports"`    // how many there are for connections to one address
	Hosts    int     `json:"hosts"`          // generators that were merged
}

// AchievedRate is requests sent per second of sending.
func (r *Result) AchievedRate() float64 { return perSecond(r.Record.Sent, r.Run.Sending) }

// Throughput is whole responses per second of the whole run.
func (r *Result) Throughput() float64 { return perSecond(r.Record.Answered, r.Run.Elapsed) }

func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}
