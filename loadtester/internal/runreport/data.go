package runreport

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/expect/limiter"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// Data is the JSON form of a run. Its keys are a promise: none goes or changes
// its meaning without a new version of the schema.
type Data struct {
	Targets      []string         `json:"targets"`
	Source       string           `json:"source,omitempty"`
	Started      time.Time        `json:"started"`
	Arrival      string           `json:"arrival"`
	Schedule     string           `json:"schedule,omitempty"`
	Path         string           `json:"path"`
	DurationS    float64          `json:"duration_s"`
	Requests     Requests         `json:"requests"`
	Rate         Rate             `json:"rate"`
	LatencyMS    Times            `json:"latency_ms"`
	ServiceMS    Times            `json:"service_ms"`
	SendLagUS    Lag              `json:"send_lag_us"`
	PacingLagUS  Lag              `json:"pacing_lag_us"`
	PhasesMS     map[string]Times `json:"phases_ms"`
	Statuses     map[string]int64 `json:"statuses"`
	Errors       map[string]int64 `json:"errors"`
	Connections  Connections      `json:"connections"`
	Bytes        Bytes            `json:"bytes"`
	Generator    Generator        `json:"generator"`
	Settings     Settings         `json:"settings"`
	Interrupted  bool             `json:"interrupted"`
	Aborted      string           `json:"aborted,omitempty"` // the condition that ended it
	SeriesWidthS float64          `json:"series_width_s"`
	Series       []Point          `json:"series"`
	// ByTarget is each target by itself, where there are several.
	ByTarget []Target `json:"by_target,omitempty"`
	// Walks are those through a chain: how many were whole, and at which step the
	// others ended.
	Walks *record.Walks `json:"walks,omitempty"`
	// Expectations are those of the run, and what came of them; RateLimiter is
	// what --expect-rate-limit learnt.
	Expectations []expect.Check `json:"expectations,omitempty"`
	RateLimiter  *limiter.Data  `json:"rate_limiter,omitempty"`
	// Measurement says whether the figures are the server's: VALID,
	// GENERATOR-LIMITED, INTERRUPTED or ABORTED. What came of the run as a whole is
	// the report's verdict.
	Measurement string   `json:"measurement"`
	Reasons     []string `json:"measurement_reasons,omitempty"`
	// Result is the whole result, as --save writes it, in base64: what report,
	// merge and compare read.
	Result packed `json:"result"`
}

// Requests counts them. sent = succeeded + failed + unfinished.
type Requests struct {
	Scheduled  int64 `json:"scheduled,omitempty"`
	Sent       int64 `json:"sent"`
	Completed  int64 `json:"completed"` // a whole response came, of whatever status
	Succeeded  int64 `json:"succeeded"`
	Failed     int64 `json:"failed"`
	Unfinished int64 `json:"unfinished"`
	Shortfall  int64 `json:"shortfall"`
	Dropped    int64 `json:"dropped"`
	Warmup     int64 `json:"warmup"`
}

// Rate is in requests per second. Target is null in a closed loop.
type Rate struct {
	Target     *float64 `json:"target"`
	Achieved   float64  `json:"achieved"`
	Throughput float64  `json:"throughput"`
}

// Times are in milliseconds.
type Times struct {
	Min   float64 `json:"min"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p99_9"`
	P9999 float64 `json:"p99_99"`
	Max   float64 `json:"max"`
	Count int64   `json:"count"`
}

// Lag is in microseconds.
type Lag struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p99_9"`
	Max  float64 `json:"max"`
}

// Connections is what happened to them.
type Connections struct {
	record.Connections
	Limit int `json:"limit"`
}

// Bytes of whole responses and requests, heads included, without TLS.
type Bytes struct {
	Received int64 `json:"received"`
	Sent     int64 `json:"sent"`
}

// Generator is the process that made the load.
type Generator struct {
	System         string  `json:"system"`
	CPUs           int     `json:"cpus"`
	Loops          int     `json:"loops"`
	Hosts          int     `json:"hosts"`
	CPUSeconds     float64 `json:"cpu_seconds"`
	SpinSeconds    float64 `json:"spin_seconds"`
	StarvedSeconds float64 `json:"starved_seconds"`
	PeakRSSBytes   int64   `json:"peak_rss_bytes"`
	GCs            int64   `json:"gcs"`
	GCPauseSeconds float64 `json:"gc_pause_seconds"`
}

// Settings are what was asked.
type Settings struct {
	DurationS      float64 `json:"duration_s"`
	WarmupS        float64 `json:"warmup_s"`
	TimeoutS       float64 `json:"timeout_s"`
	Concurrency    int     `json:"concurrency,omitempty"`
	MaxConnections int     `json:"max_connections"`
	OnSaturation   string  `json:"on_saturation,omitempty"`
	Shard          string  `json:"shard,omitempty"`
}

// Point is a cell of the run, at AtS seconds.
type Point struct {
	AtS       float64          `json:"at_s"`
	Due       int64            `json:"due"`
	Sent      int64            `json:"sent"`
	Succeeded int64            `json:"succeeded"`
	Failed    int64            `json:"failed"`
	MeanMS    float64          `json:"mean_ms"`
	P50MS     float64          `json:"p50_ms"`
	P90MS     float64          `json:"p90_ms"`
	P99MS     float64          `json:"p99_ms"`
	MaxMS     float64          `json:"max_ms"`
	Errors    map[string]int64 `json:"errors,omitempty"`
}

// NewData fills the JSON form.
func NewData(r *result.Result, v Verdict) *Data {
	rec, run, g := r.Record, &r.Run, &r.Generator
	d := &Data{
		Result:  packed{r},
		Targets: run.Targets, Source: run.Source, Started: run.Started.UTC(), Arrival: run.Arrival, Schedule: run.Schedule, Path: run.Path,
		DurationS: run.Elapsed.Seconds(),
		Requests: Requests{
			Scheduled: run.Scheduled, Sent: rec.Sent, Completed: rec.Answered, Succeeded: rec.Succeeded, Failed: rec.Failed,
			Unfinished: rec.Unfinished, Shortfall: rec.Shortfall, Dropped: rec.Dropped, Warmup: rec.Warmup,
		},
		Rate:        Rate{Achieved: r.AchievedRate(), Throughput: r.Throughput()},
		LatencyMS:   times(rec.Latency),
		ServiceMS:   times(rec.Service),
		SendLagUS:   lag(rec.SendLag),
		PacingLagUS: lag(rec.Pacing),
		PhasesMS:    map[string]Times{},
		Statuses:    map[string]int64{},
		Errors:      map[string]int64{},
		Connections: Connections{rec.Connections, run.Connections},
		Bytes:       Bytes{rec.BytesIn, rec.BytesOut},
		Generator: Generator{
			System: g.System, CPUs: g.CPUs, Loops: g.Loops, Hosts: g.Hosts, CPUSeconds: g.CPUSeconds, SpinSeconds: g.Spin,
			StarvedSeconds: g.Starved, PeakRSSBytes: g.PeakRSS, GCs: g.GCs, GCPauseSeconds: g.GCPause,
		},
		Settings: Settings{
			DurationS: run.Duration.Seconds(), WarmupS: run.Warmup.Seconds(), TimeoutS: run.Timeout.Seconds(),
			Concurrency: run.Concurrency, MaxConnections: run.Connections, OnSaturation: run.Saturation, Shard: run.Shard,
		},
		Interrupted:  run.Interrupted,
		Aborted:      run.Aborted,
		SeriesWidthS: rec.Series.Width.Seconds(),
		Series:       points(&rec.Series),
		ByTarget:     targets(r),
		Walks:        walked(r),
		Measurement:  v.Word, Reasons: v.Reasons,
	}
	if !run.Closed() {
		d.Rate.Target = &run.Rate
	}
	for p, h := range rec.Phases {
		if h.Count() > 0 {
			d.PhasesMS[record.Phase(p).Key()] = times(h)
		}
	}
	for status, n := range rec.Statuses {
		if n > 0 {
			d.Statuses[strconv.Itoa(status)] = n
		}
	}
	for class, n := range rec.Errors {
		if n > 0 {
			d.Errors[record.Class(class).Key()] = n
		}
	}
	return d
}

func times(h *record.Histogram) Times {
	q := func(q float64) float64 { return ms(h.Quantile(q)) }
	return Times{
		Min: ms(h.Min()), Mean: ms(h.Mean()), P50: q(.5), P90: q(.9), P95: q(.95), P99: q(.99), P999: q(.999), P9999: q(.9999),
		Max: ms(h.Max()), Count: h.Count(),
	}
}

func lag(h *record.Histogram) Lag {
	us := func(d time.Duration) float64 { return float64(d) / 1e3 }
	return Lag{P50: us(h.Quantile(.5)), P99: us(h.Quantile(.99)), P999: us(h.Quantile(.999)), Max: us(h.Max())}
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

func points(s *record.Series) []Point {
	list := make([]Point, 0, len(s.Cells))
	for i, c := range s.Cells {
		if c == nil {
			c = &record.Cell{}
		}
		p := Point{
			AtS: (time.Duration(i) * s.Width).Seconds(), Due: c.Due, Sent: c.Sent, Succeeded: c.Succeeded, Failed: c.Failed,
			MeanMS: ms(c.Mean()), P50MS: ms(c.Quantile(.5)), P90MS: ms(c.Quantile(.9)), P99MS: ms(c.Quantile(.99)), MaxMS: ms(c.Max()),
		}
		for class, n := range c.Errors {
			if n > 0 {
				if p.Errors == nil {
					p.Errors = map[string]int64{}
				}
				p.Errors[record.Class(class).Key()] = int64(n)
			}
		}
		list = append(list, p)
	}
	return list
}

// packed writes a result as --save does, in base64. It does so when it is asked:
// only JSON has a use for it, and it takes several megabytes and milliseconds.
type packed struct{ result *result.Result }

// MarshalJSON gives the text.
func (p packed) MarshalJSON() ([]byte, error) {
	raw, err := p.result.Encode()
	if err != nil {
		return nil, err
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(raw))
}

// walked are the walks of a chain; nil: there was none.
func walked(r *result.Result) *record.Walks {
	if !r.Record.Walks.Any() {
		return nil
	}
	return &r.Record.Walks
}
