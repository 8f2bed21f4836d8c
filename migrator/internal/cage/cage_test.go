package cage

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// system is what a shell needs to run at all.
var system = []string{"/lib", "/lib64", "/usr/lib", "/etc/ld.so.cache", "/bin", "/usr/bin"}

func needs(t *testing.T, layer Layer) {
	t.Helper()
	if !slices.Contains(Enforced(), layer) {
		t.Skipf("this machine does not hold %s", layer)
	}
}

// TestFiles: a shell in the cage reads, writes and executes what it is shown and
// nothing else.
func TestFiles(t *testing.T) {
	needs(t, Files)
	dir, other := t.TempDir(), t.TempDir()
	secret := filepath.Join(other, "secret")
	if err := os.WriteFile(secret, []byte("SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CAGE_TEST_SECRET", "SECRET")
	sh, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	rules := Rules{Read: system, Write: []string{dir}, Run: append([]string{sh}, interpreters(t)...)}
	script := func(text string) string {
		cmd := exec.Command(sh, "-c", text)
		cmd.Env, cmd.Dir = []string{"PATH=/bin:/usr/bin"}, dir
		out, _ := rules.Output(cmd)
		return string(out)
	}
	if out := script("echo inside > file; read x < file; echo $x"); out != "inside\n" {
		t.Errorf("its own folder: %q", out)
	}
	for name, text := range map[string]string{
		"read":           "read x < " + secret + "; echo $x",
		"environment":    "read x < /proc/$PPID/environ; echo $x; echo $CAGE_TEST_SECRET",
		"execute":        "/bin/cat " + secret,
		"through a link": "ln -s " + secret + " link 2>/dev/null; read x < link; echo $x",
	} {
		if out := script(text); strings.Contains(out, "SECRET") {
			t.Errorf("%s: %q", name, out)
		}
	}
	for name, text := range map[string]string{"write": "echo x > " + other + "/made", "truncate": ": > " + secret, "make": "/bin/mkdir " + other + "/made"} {
		script(text)
		kept, _ := os.ReadFile(secret)
		if _, err := os.Stat(filepath.Join(other, "made")); err == nil || string(kept) != "SECRET" {
			t.Errorf("%s outside of its folder", name)
		}
	}
	// The rules are those of one thread: we ourselves are free.
	if _, err := os.ReadFile(secret); err != nil {
		t.Error(err)
	}
}

// interpreters are what the kernel starts programs with.
func interpreters(t *testing.T) []string {
	found, err := filepath.Glob("/lib*/ld-*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestSockets: no connection leads out, neither by TCP nor to a socket in the file
// system, while listening goes on.
func TestSockets(t *testing.T) {
	needs(t, Sockets)
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	dial := func(r Rules, network, address string) (reached bool) {
		err := r.Do(func() error {
			c, err := net.Dial(network, address)
			if err == nil {
				c.Close()
			}
			return err
		})
		return err == nil
	}
	for _, r := range []Rules{{}, {Datagrams: true}, {Listen: 1}, {Listen: 1, Datagrams: true}} {
		for _, to := range []net.Listener{l, tcp} {
			if dial(r, to.Addr().Network(), to.Addr().String()) {
				t.Errorf("%+v reaches %s", r, to.Addr())
			}
		}
	}
	if !dial(Rules{Datagrams: true}, "udp4", "127.0.0.1:9") {
		t.Error("a program that talks to itself over UDP cannot")
	}
	if dial(Rules{}, "udp4", "127.0.0.1:9") {
		t.Error("UDP leads out")
	}
	err = Rules{Write: []string{dir}}.Do(func() error {
		own, err := net.Listen("unix", filepath.Join(dir, "own"))
		if err == nil {
			own.Close()
		}
		return err
	})
	if err != nil {
		t.Errorf("a socket of its own: %v", err)
	}
}
