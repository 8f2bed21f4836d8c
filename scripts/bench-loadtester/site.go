package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// site is how the server answers.
type site struct {
	delay, freeze, every time.Duration
	stamp                bool

	mu     sync.Mutex
	start  time.Time // of the first request
	visits []visit   // by request, where stamp is set
	queue  []answer  // what answerLater has to do, in order
	wake   chan struct{}
}

// visit is what the server's clock says of a request, since the first one.
type visit struct {
	Came     time.Duration `json:"came"` // the whole request had been read
	Answered time.Duration `json:"answered"`
}

// answer is one that has to be given at a moment. Since each is later than the
// one before, a queue is enough.
type answer struct {
	at    time.Duration
	to    net.Conn
	visit int
}

const response = "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"

// answer serves one connection; requests have no body.
func (s *site) answer(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 4096)
	n := 0
	for {
		k, err := c.Read(buf[n:])
		if err != nil {
			return
		}
		n += k
		for {
			end := bytes.Index(buf[:n], []byte("\r\n\r\n"))
			if end < 0 {
				break
			}
			path, _, _ := bytes.Cut(bytes.TrimPrefix(buf[:end], []byte("GET /")), []byte(" "))
			number, numberErr := strconv.Atoi(string(path))
			stamps := string(path) == "stamps"
			n = copy(buf, buf[end+4:n])
			switch {
			case stamps:
				s.tell(c)
				continue
			case s.stamp || s.delay > 0:
				if numberErr != nil {
					number = -1
				}
				if s.visit(c, number) {
					continue
				}
			}
			if _, err := io.WriteString(c, response); err != nil {
				return
			}
		}
		if n == len(buf) {
			return
		}
	}
}

// visit notes a request. number is its place in the schedule; -1: the next. It
// returns whether the answer is given later.
func (s *site) visit(c net.Conn, number int) (later bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.start.IsZero() {
		s.start = now
	}
	at := now.Sub(s.start)
	if !s.stamp {
		number = -1
	} else {
		if number < 0 {
			number = len(s.visits)
		}
		for len(s.visits) <= number {
			s.visits = append(s.visits, visit{-1, -1})
		}
		s.visits[number] = visit{at, at}
	}
	if s.delay == 0 {
		return false
	}
	if s.every > 0 { // the freeze ends each period, so that the run begins well
		if into := at % s.every; into >= s.every-s.freeze {
			at += s.every - into
		}
	}
	s.queue = append(s.queue, answer{at + s.delay, c, number})
	if len(s.queue) == 1 {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return true
}

// answerLater gives answers at their time, on a thread of its own: Go's timers
// would make two milliseconds of one, and a goroutine each would take tens of
// milliseconds to come out of a freeze.
func (s *site) answerLater() {
	runtime.LockOSThread()
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.mu.Unlock()
			<-s.wake
			continue
		}
		next := s.queue[0]
		wait := next.at - time.Since(s.start)
		if wait <= 0 {
			s.queue = s.queue[1:]
			if next.visit >= 0 {
				s.visits[next.visit].Answered = time.Since(s.start)
			}
		}
		s.mu.Unlock()
		if wait > 0 {
			t := syscall.NsecToTimespec(int64(wait))
			_ = syscall.Nanosleep(&t, nil)
			continue
		}
		// A client that has gone away is its own affair.
		_, _ = io.WriteString(next.to, response)
	}
}

// tell gives the visits.
func (s *site) tell(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.Marshal(s.visits)
	if err == nil {
		_, err = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(text), text)
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		fmt.Fprintln(os.Stderr, "stamps:", err)
	}
}
