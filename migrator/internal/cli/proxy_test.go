package cli

import (
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// proxy stands between the tool and the server. It can freeze, as a network does
// that drops every packet.
type proxy struct {
	listener net.Listener
	server   string
	frozen   atomic.Bool
	release  chan struct{}
	waiting  atomic.Int32 // connections that the freeze holds up
	mu       sync.Mutex
	open     []net.Conn
}

// behindProxy is a connection string by way of a proxy.
func behindProxy(t *testing.T, dsn string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: u.Host, release: make(chan struct{})}
	t.Cleanup(p.close)
	go p.serve()
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) close() {
	p.listener.Close()
	if p.frozen.CompareAndSwap(true, false) {
		close(p.release)
	}
	p.cut()
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
	p.open = nil
}

func (p *proxy) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			p.wait()
			s, err := net.Dial("tcp", p.server)
			if err != nil {
				c.Close()
				return
			}
			p.mu.Lock()
			p.open = append(p.open, c, s)
			p.mu.Unlock()
			go p.pump(s, c)
			p.pump(c, s)
		}()
	}
}

func (p *proxy) wait() {
	if p.frozen.Load() {
		p.waiting.Add(1)
		<-p.release
	}
}

func (p *proxy) pump(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		p.wait()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// hung is how long a process that should end is waited for, before it is said to
// hang. It is no figure: see the log for how long it took.
const hung = 20 * time.Second

// SIGTERM ends a run whose connection no longer answers, at whatever it is.
func TestEndsOnAConnectionThatIsFrozen(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		args      []string
	}{
		{"in a transaction", "SELECT pg_sleep(60);\n", nil},
		{"outside of one", "CREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\nCREATE INDEX CONCURRENTLY i ON t ((pg_sleep(60)::text));\n", nil},
		{"dry run", "SELECT pg_sleep(60);\n", []string{"--dry-run"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dsn, db := database(t)
			if _, err := db.Exec("CREATE FUNCTION pg_sleep(int) RETURNS void IMMUTABLE LANGUAGE sql AS 'SELECT pg_catalog.pg_sleep($1)'; ALTER DATABASE " + db.Target.Database() + " SET search_path = public, pg_catalog"); err != nil {
				t.Fatal(err)
			}
			p, slow := behindProxy(t, dsn)
			cmd := process(t, shortFolder(t), append([]string{"apply", file(t, t.TempDir(), "1.sql", c.sql), "--connection", slow}, c.args...)...)
			var errs lines
			cmd.Stderr = &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			until(t, "it sleeps", func() bool {
				var n int
				return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
			})
			p.frozen.Store(true)
			start := time.Now()
			cmd.Process.Signal(syscall.SIGTERM)
			ended := make(chan struct{})
			go func() { cmd.Wait(); close(ended) }()
			select {
			case <-ended:
				t.Logf("ended after %s", time.Since(start).Round(time.Millisecond))
			case <-time.After(hung):
				cmd.Process.Kill()
				<-ended
				t.Fatalf("it still runs; it said %q", errs.String())
			}
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d, said %q", code, errs.String())
			}
		})
	}
}

// lines collects what a process says.
type lines struct {
	mu   sync.Mutex
	text []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// until waits for something that must happen.
func until(t *testing.T, what string, happens func() bool) {
	t.Helper()
	for range 600 {
		if happens() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("waited half a minute until %s", what)
}

// The commands that only read end as well.
func TestReadersEndOnAConnectionThatIsFrozen(t *testing.T) {
	dsn, _ := database(t)
	dir := filepath.Dir(file(t, t.TempDir(), "1_a.sql", "SELECT 1;\n"))
	for _, command := range [][]string{{"inspect"}, {"status", dir, "--connection"}, {"analyze", "--connection"}} {
		p, slow := behindProxy(t, dsn)
		p.frozen.Store(true)
		cmd := process(t, shortFolder(t), append(command, slow)...)
		var errs lines
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		until(t, "it connects", func() bool { return p.waiting.Load() > 0 })
		cmd.Process.Signal(syscall.SIGTERM)
		ended := make(chan struct{})
		go func() { cmd.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(hung):
			cmd.Process.Kill()
			<-ended
			t.Fatalf("%s still runs; it said %q", command[0], errs.String())
		}
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%s: exit code %d, said %q", command[0], code, errs.String())
		}
	}
}
