//go:build linux

package engine

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// With no file descriptor left, requests fail with that cause, and the run goes
// on. The test runs again in a process of its own, under a low limit.
func TestFileLimit(t *testing.T) {
	if os.Getenv("LOADTESTER_TEST_FILE_LIMIT") == "" {
		child := exec.Command("sh", "-c", `ulimit -n 40 && exec "$0" -test.run='^TestFileLimit$'`, os.Args[0])
		child.Env = append(os.Environ(), "LOADTESTER_TEST_FILE_LIMIT=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) { time.Sleep(50 * time.Millisecond) })
	r := runOne(t, compileURL(t, s.URL), Options{Schedule: pace.Constant(1000).For(300*time.Millisecond, 0), Timeout: time.Second, Path: LoopPath})
	if r.Record.Errors[record.FilesExhausted] == 0 || r.Record.Sent+r.Record.Shortfall != 300 {
		t.Errorf("sent %d, shortfall %d, %v", r.Record.Sent, r.Record.Shortfall, named(r.Record))
	}
}

// The loop allocates nothing for a request, in either protocol's way of sending.
func TestNoAllocationPerRequest(t *testing.T) {
	set := compileURL(t, startFrugal(t))
	measure := func(o Options, requests uint64) uint64 {
		var before, after runtime.MemStats
		o.Requests = requests
		runtime.ReadMemStats(&before)
		r := runOne(t, set, o)
		runtime.ReadMemStats(&after)
		if r.Record.Succeeded != int64(requests) {
			t.Fatalf("%d succeeded, %v", r.Record.Succeeded, named(r.Record))
		}
		return after.Mallocs - before.Mallocs
	}
	closed := Options{Concurrency: 4, Path: LoopPath}
	few, many := measure(closed, 2000), measure(closed, 22000)
	if per := float64(many-min(few, many)) / 20000; per > 0.02 {
		t.Errorf("%.3f allocations per request", per)
	}
}

// startFrugal is a server that allocates nothing for a request either.
func startFrugal(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	answer, end := []byte(ok), []byte("\r\n\r\n")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				buf := make([]byte, 4096)
				for n := 0; ; {
					k, err := c.Read(buf[n:])
					if err != nil {
						return
					}
					if n += k; bytes.HasSuffix(buf[:n], end) {
						if _, err := c.Write(answer); err != nil {
							return
						}
						n = 0
					}
				}
			}()
		}
	}()
	return "http://" + l.Addr().String() + "/"
}

// Errors of the system find their class, wrapped or not.
func TestClassify(t *testing.T) {
	for number, want := range map[syscall.Errno]record.Class{
		syscall.EADDRNOTAVAIL: record.PortsExhausted, syscall.EMFILE: record.FilesExhausted, syscall.ECONNREFUSED: record.Refused,
		syscall.EHOSTUNREACH: record.Unreachable, syscall.ECONNRESET: record.Reset, syscall.ETIMEDOUT: record.ConnectTimeout, syscall.EINVAL: record.ConnectFailed,
	} {
		err := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", number)}
		if got := classify(err, record.ConnectTimeout, record.ConnectFailed); got != want {
			t.Errorf("%s is %s, want %s", number, got, want)
		}
	}
}
