package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is this program, serving in a process of its own.
type server struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer // it ends when this is closed
}

func (b *bench) start(flags ...string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	words := append(slices.Clone(b.server), append([]string{self, "serve"}, flags...)...)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	return &server{strings.TrimSpace(line), cmd, stdin}, nil
}

func (s *server) stop() {
	s.stdin.Close()
	_ = s.cmd.Wait()
}

// site is how the server answers.
type site struct {
	delay, freeze, every time.Duration
	start                time.Time
	stamp                bool

	mu     sync.Mutex
	stamps []time.Duration
}

func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	secure := flags.Bool("tls", false, "speak TLS")
	h2c := flags.Bool("h2c", false, "speak HTTP/2 in clear text")
	s := &site{}
	flags.DurationVar(&s.delay, "delay", 0, "of each answer")
	flags.DurationVar(&s.freeze, "freeze", 0, "length of a freeze")
	flags.DurationVar(&s.every, "every", 0, "from one freeze to the next")
	flags.BoolVar(&s.stamp, "stamp", false, "remember arrivals")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	scheme := "http"
	if *secure {
		certificate, err := selfSigned()
		if err != nil {
			return err
		}
		scheme = "https"
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	fmt.Printf("%s://%s/\n", scheme, l.Addr())
	go func() { // the parent's end is ours
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	if *h2c {
		protocols := new(http.Protocols)
		protocols.SetUnencryptedHTTP2(true)
		srv := &http.Server{Protocols: protocols, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 1000}, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
		return srv.Serve(l)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go s.answer(c)
	}
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
		now := time.Now()
		n += k
		for {
			end := bytes.Index(buf[:n], []byte("\r\n\r\n"))
			if end < 0 {
				break
			}
			stamps := bytes.HasPrefix(buf, []byte("GET /stamps"))
			n = copy(buf, buf[end+4:n])
			if stamps {
				s.tell(c)
				continue
			}
			s.wait(now)
			if _, err := io.WriteString(c, response); err != nil {
				return
			}
		}
		if n == len(buf) {
			return
		}
	}
}

// wait is the time that an answer takes.
func (s *site) wait(now time.Time) {
	if s.stamp || s.every > 0 {
		s.mu.Lock()
		if s.start.IsZero() {
			s.start = now
		}
		at := now.Sub(s.start)
		if s.stamp {
			s.stamps = append(s.stamps, at)
		}
		s.mu.Unlock()
		if s.every > 0 {
			// The freeze ends each period, so that the run begins well.
			if into := at % s.every; into >= s.every-s.freeze {
				time.Sleep(s.every - into)
			}
		}
	}
	if s.delay > 0 { // Go's timers would make two milliseconds of one
		t := syscall.NsecToTimespec(int64(s.delay))
		_ = syscall.Nanosleep(&t, nil)
	}
}

func (s *site) tell(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.Marshal(s.stamps)
	if err == nil {
		_, err = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(text), text)
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		fmt.Fprintln(os.Stderr, "stamps:", err)
	}
}

func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
