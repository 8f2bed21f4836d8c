package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/seniorbackend/tools/shared/terminal"
)

// progress says what is being done, once it takes longer than a second: on a
// terminal in one line that is rewritten and gone at the end, elsewhere in a
// plain line every ten seconds.
type progress struct {
	what  string
	start time.Time
	live  bool
	width int
	stop  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex
	w     io.Writer
	more  string // how far it is
	shown bool   // a line stands there
	over  bool
}

// plainEvery is how often a line is written where there is no terminal, in seconds.
const plainEvery = 10

// working begins to say what is being done, until end.
func (s *session) working(what string) *progress {
	p := &progress{what: what, start: time.Now(), live: s.Live(s.Err), width: terminal.Width(s.Err), stop: make(chan struct{}), w: s.Err}
	p.ended.Go(func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for {
			select {
			case <-p.stop:
				return
			case now := <-every.C:
				p.show(int(now.Sub(p.start).Round(time.Second).Seconds()))
			}
		}
	})
	return p
}

func (p *progress) show(seconds int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := p.what
	if p.more != "" {
		text += ", " + p.more
	}
	line := []rune(fmt.Sprintf("%s … %d s", text, seconds))
	switch {
	case p.live:
		p.shown = true
		fmt.Fprintf(p.w, "\r\x1b[K%s", string(line[:min(len(line), max(p.width-1, 0))]))
	case seconds%plainEvery == 0:
		fmt.Fprintln(p.w, string(line))
	}
}

// about says how far it is; "" is nothing to say.
func (p *progress) about(more string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more = more
}

// Write puts a text where the line is; the line comes again below it.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(text)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// end takes the line away. It may be called again.
func (p *progress) end() {
	p.mu.Lock()
	over := p.over
	p.over = true
	p.mu.Unlock()
	if over {
		return
	}
	close(p.stop)
	p.ended.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}
