package scratch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/cage"
	"github.com/seniorbackend/tools/migrator/internal/elevate"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// cluster is a running server process in a data folder.
type cluster struct {
	cmd    *exec.Cmd
	socket string // folder of its socket
	port   int
	log    string
	done   chan struct{} // closed when the process has ended
}

// startLimit is how long a server may take until it answers.
const startLimit = 60 * time.Second

// settings trade all durability for speed: the data lives for one run.
var settings = []string{
	"listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal",
	"max_wal_senders=0", "autovacuum=off", "shared_buffers=32MB", "jit=off", "huge_pages=off",
	"logging_collector=off", "bgwriter_lru_maxpages=0", "bgwriter_delay=10s", "wal_writer_delay=10s",
	"checkpoint_timeout=1h", "min_wal_size=2MB", "wal_recycle=off", "wal_init_zero=off", "max_wal_size=64MB",
	"max_connections=40", "superuser_reserved_connections=0", "max_worker_processes=0", "max_logical_replication_workers=0", "max_parallel_workers_per_gather=0",
	"autovacuum_max_workers=1", "log_min_messages=fatal", "log_min_error_statement=panic", "restart_after_crash=off",
	"max_files_per_process=400", "update_process_title=off", "dynamic_shared_memory_type=mmap",
}

// holder has a program's start run under rules: caged, but for tests of what
// holds without the operating system.
type holder func(cage.Rules) func(run func() error) error

func caged(r cage.Rules) func(run func() error) error { return r.Do }

// size is how much a server may have to hold.
type size bool

const (
	sizeSmall size = false // a few schemas of ordinary size
	sizeLarge size = true  // whatever comes
)

// settings are the server's settings for it. A server fills its table of locks
// when it starts: room for 20,000, of which a new table takes up to ten, costs
// it 5 ms, room for 160,000 costs 40.
func (s size) settings() []string {
	if s == sizeLarge {
		return []string{"max_locks_per_transaction=4096"}
	}
	return []string{"max_locks_per_transaction=512"}
}

// startCluster starts the server of a data folder and waits until it answers.
// A door, where there is one, lets other programs in; further settings go before
// ours, and those that the token needs before all others.
func startCluster(ctx context.Context, p programs, a *account, data, socket string, d *door, further []string, token elevate.Token, hold holder) (*cluster, error) {
	port := d.number()
	named, err := writeSettings(data, a, further)
	if err != nil {
		return nil, err
	}
	ours := slices.DeleteFunc(slices.Concat(settings, d.settings()), func(s string) bool {
		name, _, _ := strings.Cut(s, "=")
		return named[name]
	})
	args := []string{"-D", data, "-k", socket, "-p", fmt.Sprint(port)}
	for _, s := range slices.Concat(ours, token.Settings(p.version/10000)) {
		args = append(args, "-c", s)
	}
	c := &cluster{port: port, cmd: exec.Command(p.path("postgres"), args...), socket: socket, log: filepath.Join(data, "log"), done: make(chan struct{})}
	log, err := create(c.log, a)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.cmd.Env, c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = programEnv(), data, log, log
	a.run(c.cmd)
	if err := c.start(hold(p.serverRules(d, data, socket))); err != nil {
		return nil, problem.Wrap(err, "", "cannot start %s: %v", p.path("postgres"), err)
	}
	if err := c.await(ctx, data); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// start runs the process from a thread of its own that lives as long as it
// does: the kernel holds the server by that thread's rules, and ends it with it.
// held calls its argument there.
func (c *cluster) start(held func(run func() error) error) error {
	started := make(chan error, 1)
	go func() {
		err := held(func() error {
			err := c.cmd.Start()
			if err == nil {
				started <- nil
				c.cmd.Wait()
			}
			return err
		})
		if err != nil {
			started <- err
		}
		close(c.done)
	}()
	return <-started
}

func (c *cluster) target(database string) *pgdb.Target {
	return pgdb.Socket(c.socket, c.port, elevate.Role, database)
}

// open connects to one of its databases.
func (c *cluster) open(ctx context.Context, database string) (*pgdb.DB, error) {
	return pgdb.Open(ctx, c.target(database))
}

// await returns once the server says in its file that it is ready. To knock
// until it answers would cost it a process each time.
func (c *cluster) await(ctx context.Context, data string) error {
	limit := time.After(startLimit)
	file := filepath.Join(data, "postmaster.pid")
	for {
		if text, err := readPlain(file); err == nil && bytes.HasSuffix(bytes.TrimSpace(text), []byte("\nready")) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.done:
			text, _ := readPlain(c.log)
			return problem.New("", "the scratch server did not start: %s", lastLines(string(text), 2))
		case <-limit:
			return problem.New("", "the scratch server does not answer after %s", startLimit)
		case <-time.After(time.Millisecond):
		}
	}
}

// stop ends the server without a checkpoint. It may be called again.
func (c *cluster) stop() {
	select {
	case <-c.done:
		return
	default:
	}
	quit(c.cmd.Process)
	select {
	case <-c.done:
	case <-time.After(5 * time.Second):
		c.cmd.Process.Kill()
		<-c.done
	}
}

// shutdown ends the server in order, so that its data folder can be kept.
func (c *cluster) shutdown() error {
	if err := c.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-time.After(startLimit):
		return errors.New("the scratch server does not stop")
	}
}
