package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// site is how the server answers.
type site struct {
	stamp bool

	mu     sync.Mutex
	start  time.Time // of the first request
	visits []visit   // by request, where stamp is set
}

// visit is what the server's clock says of a request, since the first one.
type visit struct {
	Came     time.Duration `json:"came"` // the whole request had been read
	Answered time.Duration `json:"answered"`
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
			stamps := bytes.HasPrefix(buf[:end], []byte("GET /stamps "))
			n = copy(buf, buf[end+4:n])
			if stamps {
				s.tell(c)
				continue
			}
			if s.stamp {
				s.visit()
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

// visit notes that a request has come.
func (s *site) visit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.start.IsZero() {
		s.start = now
	}
	at := now.Sub(s.start)
	s.visits = append(s.visits, visit{at, at})
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
