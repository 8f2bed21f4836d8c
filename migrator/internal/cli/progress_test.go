package cli

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seniorbackend/tools/shared/terminal"
)

// What takes less than a second says nothing. On a terminal there is one line,
// which is gone at the end; in a log a line every ten seconds.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		live    bool
		seconds int
		want    string
	}{
		{true, 0, "note\n"},
		{true, 2, "\r\x1b[Kreading … 1 s\r\x1b[Kreading … 2 s\r\x1b[Knote\n"},
		{false, 2, "note\n"},
		{false, 25, "reading … 10 s\nreading … 20 s\nnote\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var seen bytes.Buffer
			s := &session{Streams: terminal.Streams{Err: &seen}}
			p := s.working("reading")
			p.mu.Lock()
			p.live = c.live // a buffer is no terminal
			p.mu.Unlock()
			time.Sleep(time.Duration(c.seconds)*time.Second + time.Second/2)
			fmt.Fprintln(p, "note")
			p.end()
			if seen.String() != c.want {
				t.Errorf("%d s, live %v: %q, want %q", c.seconds, c.live, seen.String(), c.want)
			}
		})
	}
}

// The last line goes even when nothing else was written.
func TestProgressIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen bytes.Buffer
		s := &session{Streams: terminal.Streams{Err: &seen}}
		p := s.working("planning")
		p.mu.Lock()
		p.live, p.width = true, 12
		p.mu.Unlock()
		time.Sleep(1500 * time.Millisecond)
		p.end()
		if want := "\r\x1b[Kplanning … \r\x1b[K"; seen.String() != want {
			t.Errorf("%q, want %q", seen.String(), want)
		}
	})
}

// How far it is stands in the line, for as long as that is known; an end may be said
// twice.
func TestProgressSaysHowFar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen bytes.Buffer
		s := &session{Streams: terminal.Streams{Err: &seen}}
		p := s.working("applying")
		p.mu.Lock()
		p.live, p.width = true, 80
		p.mu.Unlock()
		p.about("building an index, 40 %")
		time.Sleep(1500 * time.Millisecond)
		p.about("")
		time.Sleep(time.Second)
		p.end()
		p.end()
		if want := "\r\x1b[Kapplying, building an index, 40 % … 1 s\r\x1b[Kapplying … 2 s\r\x1b[K"; seen.String() != want {
			t.Errorf("%q, want %q", seen.String(), want)
		}
	})
}
