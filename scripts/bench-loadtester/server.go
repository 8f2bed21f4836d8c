package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
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
	"time"
)

// server is this program, serving in a process of its own.
type server struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer // it ends when this is closed
}

func (b *bench) start(flags ...string) (*server, error) {
	words := append(slices.Clone(b.server), append([]string{b.self, "serve"}, flags...)...)
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

// visits asks the server what it saw.
func (s *server) visits() ([]visit, error) {
	resp, err := http.Get(s.url + "stamps")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var list []visit
	err = json.NewDecoder(resp.Body).Decode(&list)
	return list, err
}

func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	secure := flags.Bool("tls", false, "speak TLS")
	h2c := flags.Bool("h2c", false, "speak HTTP/2 in clear text")
	h3 := flags.Bool("h3", false, "speak HTTP/3")
	s, f := &site{}, &frozen{}
	flags.DurationVar(&f.delay, "delay", 0, "of each answer")
	flags.DurationVar(&f.freeze, "freeze", 0, "length of a freeze")
	flags.DurationVar(&f.every, "every", 0, "from one freeze to the next; 0: there is none")
	flags.BoolVar(&s.stamp, "stamp", false, "remember when requests came and were answered")
	if err := flags.Parse(args); err != nil {
		return err
	}
	go func() { // the parent's end is ours
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	if *h3 {
		return serveHTTP3()
	}
	if f.every > 0 {
		port, err := f.listen()
		if err != nil {
			return err
		}
		fmt.Printf("http://127.0.0.1:%d/\n", port)
		return f.serve()
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

func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
