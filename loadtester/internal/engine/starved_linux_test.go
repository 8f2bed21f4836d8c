package engine

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// inChild runs the calling test again, in a process of its own that change has
// prepared. It returns false in that process.
func inChild(t *testing.T, change func(*exec.Cmd)) (parent bool) {
	t.Helper()
	const mark = "LOADTESTER_TEST_CHILD"
	if os.Getenv(mark) == t.Name() {
		return false
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), mark+"="+t.Name())
	change(child)
	out, err := child.CombinedOutput()
	switch {
	case child.Process == nil:
		t.Logf("this system does not let the test have such a process: %v", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	}
	return true
}

// With no local port left, requests fail with that cause and the run goes on. The
// test has a network of its own, with twenty ports.
func TestPortsRunOut(t *testing.T) {
	if inChild(t, func(c *exec.Cmd) {
		c.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
	}) {
		return
	}
	raiseLoopback(t)
	const ports = 20
	// A server for each path, since the ports of the first are in TIME_WAIT then;
	// before the range is narrowed.
	answer := func(c net.Conn, _ int64) bool { return say(c, ok) }
	servers := map[PathChoice]*rawServer{LoopPath: startRaw(t, answer), NetHTTPPath: startRaw(t, answer)}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_local_port_range", []byte("50000 50019"), 0); err != nil {
		t.Fatal(err)
	}
	paths(t, func(t *testing.T, p PathChoice) {
		set, err := target.Compile([]target.Spec{{URL: servers[p].url()}}, target.Options{Close: true})
		if err != nil {
			t.Fatal(err)
		}
		r := runOne(t, set, Options{Schedule: pace.Constant(200).For(0, 60), NoKeepAlive: true, Timeout: 5 * time.Second, Path: p})
		rec := r.Record
		if rec.Sent != 60 || rec.Errors[record.PortsExhausted] < 60-ports || rec.Succeeded+rec.Errors[record.PortsExhausted] != 60 {
			t.Errorf("sent %d, succeeded %d, %v", rec.Sent, rec.Succeeded, named(rec))
		}
		if r.Generator.Ports != ports {
			t.Errorf("it knows of %d ports", r.Generator.Ports)
		}
		if _, err := Run(t.Context(), set, Options{Concurrency: 1, Requests: 1}); err == nil || !strings.Contains(err.Error(), "no free local port") {
			t.Errorf("another run: %v", err)
		}
	})
}

// raiseLoopback sets the loopback interface of a new network going.
func raiseLoopback(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	lo.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		t.Fatal(err)
	}
}

// A generator that hardly gets a processor keeps its memory bounded, counts every
// request of its schedule as sent or as a shortfall, and says how late it was.
func TestStarved(t *testing.T) {
	const url = "LOADTESTER_TEST_URL"
	s := os.Getenv(url)
	if s == "" {
		s = startFrugal(t)
	}
	if inChild(t, func(c *exec.Cmd) { c.Env = append(c.Env, url+"="+s) }) {
		return
	}
	// This process gets one processor, the lowest priority, and a neighbour who
	// wants all of it.
	var one unix.CPUSet
	one.Set(firstCPU(t))
	for _, thread := range threads(t) {
		if err := unix.SchedSetaffinity(thread, &one); err != nil {
			t.Fatal(err)
		}
	}
	hog := exec.Command("sh", "-c", "while :; do :; done")
	if err := hog.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = hog.Process.Kill()
		_ = hog.Wait()
	}()
	for _, thread := range threads(t) {
		if err := unix.Setpriority(unix.PRIO_PROCESS, thread, 19); err != nil {
			t.Fatal(err)
		}
	}
	const rate = 50_000
	r := runOne(t, compileURL(t, s), Options{Schedule: pace.Constant(rate).For(time.Second, 0), Timeout: 2 * time.Second, Path: LoopPath})
	rec := r.Record
	if rec.Sent+rec.Shortfall != rate {
		t.Errorf("sent %d, shortfall %d", rec.Sent, rec.Shortfall)
	}
	// What makes the verdict GENERATOR-LIMITED: either its own lag is a quarter of
	// the latency, or all lag is and it was without a processor for half of the time.
	own, lag, all := rec.Pacing.Quantile(0.5), rec.SendLag.Quantile(0.5), rec.Latency.Quantile(0.5)
	starved, wall := r.Generator.Starved, r.Run.Elapsed.Seconds()
	if own < all/4 && (lag < all/4 || starved < wall/2) || lag < 10*time.Millisecond {
		t.Errorf("half of the requests left within %s, %s of it by its own fault, their latency is %s; it was starved for %.2f s of %.2f", lag, own, all, starved, wall)
	}
	if rss := r.Generator.PeakRSS; rss > 100<<20 {
		t.Errorf("peak memory %d", rss)
	}
}

// firstCPU is a processor that this process may use.
func firstCPU(t *testing.T) int {
	t.Helper()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	for cpu := range 1024 {
		if set.IsSet(cpu) {
			return cpu
		}
	}
	t.Fatal("no processor")
	return 0
}

// threads are those of this process.
func threads(t *testing.T) []int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	var ids []int
	for _, entry := range list {
		if id, err := strconv.Atoi(entry.Name()); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
