// Command bench-loadtester measures loadtester against its peers, in one run on
// one machine, and prints ratios: absolute figures of a shared machine mean
// little, the ratio of two runs that take turns does.
//
//	go run ./scripts/bench-loadtester              # all sections
//	go run ./scripts/bench-loadtester -only closed,omission -rounds 3
//
// The figure of a generator's cost is its CPU time per request. wrk and h2load
// are used where they are installed (apt-get install wrk nghttp2-client); what is
// missing is said. The server is this program itself, on loopback; on Linux it
// and the generators are pinned to different processors where there are two.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// bench is what the sections share.
type bench struct {
	tool     string // the loadtester binary
	self     string // this one, for servers and sleepers
	rounds   int
	duration time.Duration
	server   []string // prefix that pins the server
	client   []string // prefix that pins a generator
}

func main() {
	for name, part := range map[string]func([]string) error{"serve": serve, "sleep": sleeper, "drain": drain, "h3client": h3client} {
		if len(os.Args) > 1 && os.Args[1] == name {
			if err := part(os.Args[2:]); err != nil {
				fmt.Fprintln(os.Stderr, name+":", err)
				os.Exit(1)
			}
			return
		}
	}
	only := flag.String("only", "closed,tls,open,omission,http2,http3,memory", "sections to run")
	rounds := flag.Int("rounds", 3, "how often each generator has its turn")
	duration := flag.Duration("duration", 4*time.Second, "of each turn")
	tool := flag.String("tool", "", "a loadtester binary (default: built from the work tree)")
	requests := flag.Int("requests", 10_000_000, "requests of the memory section")
	flag.Parse()
	if err := run(*only, *tool, *rounds, *duration, *requests); err != nil {
		fmt.Fprintln(os.Stderr, "bench-loadtester:", err)
		os.Exit(1)
	}
}

func run(only, tool string, rounds int, duration time.Duration, requests int) error {
	dir, err := os.MkdirTemp("", "bench-loadtester-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if tool == "" {
		tool = filepath.Join(dir, "loadtester")
		build := exec.Command("go", "build", "-o", tool, "github.com/seniorbackend/tools/loadtester")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build loadtester: %w", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := &bench{tool: tool, self: self, rounds: rounds, duration: duration}
	b.pin()
	for _, section := range strings.Split(only, ",") {
		var err error
		switch section {
		case "closed":
			err = b.closed(false)
		case "tls":
			err = b.closed(true)
		case "open":
			err = b.open()
		case "omission":
			err = b.omission()
		case "http2":
			err = b.http2()
		case "http3":
			err = b.http3()
		case "memory":
			err = b.memory(requests)
		default:
			err = fmt.Errorf("no section %q", section)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", section, err)
		}
	}
	return nil
}

// pin gives server and generators a processor each.
func (b *bench) pin() {
	if _, err := exec.LookPath("taskset"); err == nil {
		if exec.Command("taskset", "-c", "1", "true").Run() == nil {
			b.server, b.client = []string{"taskset", "-c", "0"}, []string{"taskset", "-c", "1"}
		}
	}
}

// closed compares the cost of a request in a closed loop with wrk's.
func (b *bench) closed(secure bool) error {
	kind := "plain"
	if secure {
		kind = "TLS"
	}
	srv, err := b.start("-tls=" + fmt.Sprint(secure))
	if err != nil {
		return err
	}
	defer srv.stop()
	fmt.Printf("\nClosed loop, %s: CPU seconds per million requests (median of %d turns)\n", kind, b.rounds)
	for _, connections := range []int{50, 500} {
		c := fmt.Sprint(connections)
		ours := contender{"loadtester", []string{b.tool, "run", srv.url, "-c", c, "--duration", b.duration.String(), "--format", "json", "--allow-generator-limited", "--quiet", "--insecure"}, sentOfJSON}
		theirs := contender{"wrk", []string{"wrk", "-t1", "-c" + c, "-d" + b.duration.String(), srv.url}, requestsOfWrk}
		if err := b.compare(connections, ours, theirs); err != nil {
			return err
		}
	}
	return nil
}

// http2 compares with h2load, in clear text.
func (b *bench) http2() error {
	srv, err := b.start("-h2c=true")
	if err != nil {
		return err
	}
	defer srv.stop()
	fmt.Printf("\nHTTP/2, clear text: CPU seconds per million requests (median of %d turns)\n", b.rounds)
	const streams = "50"
	d := fmt.Sprint(b.duration.Seconds())
	ours := contender{"loadtester", []string{b.tool, "run", srv.url, "-c", streams, "--h2c", "--duration", d, "--format", "json", "--allow-generator-limited", "--quiet"}, sentOfJSON}
	theirs := contender{"h2load", []string{"h2load", "-c1", "-m" + streams, "-t1", "-D" + d, srv.url}, requestsOfH2load}
	return b.compare(50, ours, theirs)
}

// compare lets the contenders take turns.
func (b *bench) compare(connections int, ours, theirs contender) error {
	if _, err := exec.LookPath(theirs.command[0]); err != nil {
		fmt.Printf("  %s is not installed: no comparison\n", theirs.name)
		theirs.name = ""
	}
	var our, their []float64
	for range b.rounds {
		for _, c := range []struct {
			contender
			costs *[]float64
		}{{ours, &our}, {theirs, &their}} {
			if c.name == "" {
				continue
			}
			cost, err := b.cost(c.contender)
			if err != nil {
				return err
			}
			*c.costs = append(*c.costs, cost)
		}
	}
	fmt.Printf("  %4d connections: loadtester %6.2f", connections, median(our))
	if len(their) > 0 {
		fmt.Printf("   %s %6.2f   ratio %.2f", theirs.name, median(their), median(our)/median(their))
		// On a busy machine the least is nearer to what a request costs by itself.
		fmt.Printf("   least %.2f and %.2f, ratio %.2f", slices.Min(our), slices.Min(their), slices.Min(our)/slices.Min(their))
	}
	fmt.Println()
	return nil
}
