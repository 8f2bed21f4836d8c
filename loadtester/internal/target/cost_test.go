package target_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// serveEnv makes the test program a server: its work must not count as the
// generator's.
const serveEnv = "LOADTESTER_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(serveEnv) != "" {
		serve()
		return
	}
	os.Exit(m.Run())
}

// serve answers everything with the least that HTTP allows, until stdin ends.
func serve() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Addr())
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c)
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func answer(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 16<<10)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		// The requests of this benchmark come in one piece, and have one body.
		if bytes.HasSuffix(buf[:n], []byte("}")) || bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
			if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
				return
			}
		}
	}
}

// BenchmarkTemplateEndToEnd is the generator's CPU time for a request with places
// against the same one without, through the whole engine, in turns in one run:
//
//	go test -run '^$' -bench TemplateEndToEnd -benchtime 6x ./internal/target
func BenchmarkTemplateEndToEnd(b *testing.B) {
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), serveEnv+"=1")
	in, err := program.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := program.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := program.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = in.Close(); _ = program.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + strings.TrimSpace(address)
	filled := `{"id": "{{uuid}}", "name": "user {{seq}}", "age": {{rand 18 99}}, "note": "{{text 12}}"}`
	var cpu [2]float64
	var sent [2]int64
	b.ResetTimer()
	for range b.N {
		for k, spec := range []target.Spec{
			{Method: "POST", URL: url + "/users/123456", Body: []byte(`{"id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "name": "user 123456", "age": 42, "note": "aB3dE5gH7jK9"}`)},
			{Method: "POST", URL: url + "/users/{{seq 100000}}", Body: []byte(filled), Template: true},
		} {
			set, err := target.Compile([]target.Spec{spec}, target.Options{Seed: 1, UserAgent: "t"})
			if err != nil {
				b.Fatal(err)
			}
			list, err := engine.Run(b.Context(), set, engine.Options{Concurrency: 50, Requests: 100_000, Duration: time.Minute})
			if err != nil {
				b.Fatal(err)
			}
			if list[0].Record.Failed > 0 {
				b.Fatalf("%d requests failed", list[0].Record.Failed)
			}
			cpu[k] += list[0].Generator.CPUSeconds
			sent[k] += list[0].Record.Sent
		}
	}
	static, places := cpu[0]/float64(sent[0]), cpu[1]/float64(sent[1])
	b.ReportMetric(static*1e6, "static-µs-CPU/req")
	b.ReportMetric(places*1e6, "places-µs-CPU/req")
	b.ReportMetric(100*(places/static-1), "%-more")
	b.ReportMetric(0, "ns/op")
}
