//go:build unix

package cli

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const socketName = ".s.PGSQL.5432"

// canary is what a way that leads out disturbs.
type canary struct {
	dir, secret string
	port        string
	listeners   []net.Listener
	touched     chan string
}

// newCanary listens on a port and on a socket in a folder that everybody may write to.
func newCanary(t *testing.T) *canary {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "ways")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c := &canary{dir: dir, secret: "c4n4ry-of-the-environment", touched: make(chan string, 100)}
	for _, at := range [][2]string{{"tcp", "127.0.0.1:0"}, {"unix", filepath.Join(dir, socketName)}} {
		l, err := net.Listen(at[0], at[1])
		if err != nil {
			t.Fatal(err)
		}
		c.listeners = append(c.listeners, l)
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				c.touched <- "a connection to a " + at[0] + " socket"
				conn.Close()
			}
		}()
	}
	os.Chmod(filepath.Join(dir, socketName), 0o777)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	_, c.port, _ = net.SplitHostPort(c.listeners[0].Addr().String())
	return c
}

// breaches are what was disturbed since it was last asked, and what an output gives away.
func (c *canary) breaches(output string) (found []string) {
	files, _ := filepath.Glob(filepath.Join(c.dir, "*"))
	for _, f := range files {
		if filepath.Base(f) != socketName {
			found = append(found, "the file "+filepath.Base(f))
			os.RemoveAll(f)
		}
	}
	for len(c.touched) > 0 {
		found = append(found, <-c.touched)
	}
	for _, mark := range []string{"BREACH", c.secret, "root:x:0"} {
		if at := strings.Index(output, mark); at >= 0 {
			found = append(found, fmt.Sprintf("%.200q", output[at:]))
		}
	}
	return found
}

// TestCanary: what a way would disturb is seen.
func TestCanary(t *testing.T) {
	c := newCanary(t)
	if found := c.breaches("nothing"); len(found) > 0 {
		t.Fatal(found)
	}
	if err := os.WriteFile(filepath.Join(c.dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, l := range c.listeners {
		conn, err := net.Dial(l.Addr().Network(), l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, conn) // until it was seen
	}
	if found := c.breaches("BREACH " + c.secret); len(found) != 5 {
		t.Error(found)
	}
}
