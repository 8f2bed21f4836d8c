package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// http3 compares with a bare client of the same library: what loadtester adds to
// it is the schedule, the clocks and the record.
func (b *bench) http3() error {
	srv, err := b.start("-h3=true")
	if err != nil {
		return err
	}
	defer srv.stop()
	fmt.Printf("\nHTTP/3, 50 requests at a time on one connection: CPU seconds per million requests (median of %d turns)\n", b.rounds)
	d := b.duration.String()
	ours := contender{"loadtester", []string{b.tool, "run", srv.url, "-c", "50", "--http3", "--insecure", "--duration", d, "--format", "json", "--allow-generator-limited", "--quiet"}, sentOfJSON}
	theirs := contender{"quic-go", []string{b.self, "h3client", "-duration", d, srv.url}, requestsOfWrk}
	return b.compare(50, ours, theirs)
}

// serveHTTP3 answers hello over HTTP/3.
func serveHTTP3() error {
	certificate, err := selfSigned()
	if err != nil {
		return err
	}
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("https://%s/\n", socket.LocalAddr())
	srv := &http3.Server{
		TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{certificate}}),
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }),
	}
	return srv.Serve(socket)
}

// h3client is the bare client: workers that ask again as soon as they have read an
// answer, and a counter.
func h3client(args []string) error {
	flags := flag.NewFlagSet("h3client", flag.ContinueOnError)
	duration := flags.Duration("duration", time.Second, "how long to send")
	workers := flags.Int("workers", 50, "requests at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	transport := &http3.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true}
	defer transport.Close()
	ctx, cancel := context.WithTimeout(context.Background(), *duration)
	defer cancel()
	var sent atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range *workers {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := ask(transport, flags.Arg(0)); err != nil {
					failed.Store(&err)
					return
				}
				sent.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	fmt.Println(sent.Load(), "requests in", *duration)
	return nil
}

func ask(transport *http3.Transport, url string) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
