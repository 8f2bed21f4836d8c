package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/shared/report"
	"github.com/seniorbackend/tools/shared/terminal"
)

// progress shows a run while it goes on: one line that is rewritten on a
// terminal, a plain line every ten seconds elsewhere. It goes to stderr.
type progress struct {
	w     io.Writer
	live  bool
	width int

	mu     sync.Mutex
	ended  bool
	rates  []float64 // of the last looks, for the sparkline
	next   time.Duration
	window window
}

// window gathers the looks of about a second.
type window struct {
	engine.Progress
	any bool
}

// plainEvery is how often a line is written where there is no terminal.
const plainEvery = 10 * time.Second

// newProgress is nil when no progress is wanted.
func newProgress(s *session) *progress {
	if s.quiet {
		return nil
	}
	return &progress{w: s.Err, live: s.Live(s.Err), width: terminal.Width(s.Err), next: plainEvery}
}

// show takes a look at the run.
func (p *progress) show(look engine.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	if p.window.any {
		p.window.Interval.Add(&look.Interval)
		look.Interval = p.window.Interval
		look.IntervalLength += p.window.IntervalLength
	}
	p.window = window{look, true}
	if look.IntervalLength < time.Second && !p.live {
		return
	}
	line := p.line(look)
	if look.IntervalLength >= time.Second {
		p.window.any = false
	}
	switch {
	case p.live:
		fmt.Fprintf(p.w, "\r\x1b[K%s", clip(line, p.width-1))
	case look.Elapsed >= p.next:
		p.next += plainEvery
		fmt.Fprintln(p.w, line)
	}
}

func (p *progress) line(look engine.Progress) string {
	ended := look.Interval.Succeeded + look.Interval.Failed
	rate := float64(ended) / max(look.IntervalLength.Seconds(), 1e-3)
	if look.IntervalLength >= time.Second {
		p.rates = append(p.rates, rate)
		p.rates = p.rates[max(len(p.rates)-20, 0):]
	}
	elapsed := look.Elapsed.Round(time.Second).String()
	if look.Total > 0 {
		elapsed += "/" + look.Total.Round(time.Second).String()
	}
	if look.Warming {
		elapsed += " warm-up"
	}
	line := fmt.Sprintf("%s  %s/s  p50 %s  p99 %s  errors %s", elapsed, report.Significant(rate),
		report.Duration(look.Interval.Quantile(.5)), report.Duration(look.Interval.Quantile(.99)), report.Count(look.Failed))
	if p.live {
		line += "  " + sparkline(p.rates)
	}
	return line
}

// done takes the line away.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// sparkline draws values from zero to their largest.
func sparkline(values []float64) string {
	const levels = "▁▂▃▄▅▆▇█"
	high := 0.0
	for _, v := range values {
		high = max(high, v)
	}
	var b strings.Builder
	for _, v := range values {
		k := 0
		if high > 0 {
			k = min(int(v/high*8), 7)
		}
		b.WriteRune([]rune(levels)[k])
	}
	return b.String()
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width && width > 0 {
		return string(r[:width])
	}
	return s
}
