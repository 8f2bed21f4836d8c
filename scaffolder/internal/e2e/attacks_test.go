package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// attack runs a program of testdata/attacks against a project. It tries what a stranger
// on the network would, and fails where that gets through.
func attack(name string) check {
	return check{name, func(s server, t *testing.T) {
		if out := run(t, limit, ".", "node", filepath.Join("testdata/attacks", name+".mjs"), s.dir); out != "" {
			t.Log(out)
		}
	}}
}

// attacks are those on a server of every framework.
func attacks() []check {
	return []check{attack("clients"), attack("settings"), attack("costs"), attack("tokens"), attack("slow"), attack("broken")}
}

// TestNginxIsHere says so where the attack through a real proxy is not made.
func TestNginxIsHere(t *testing.T) {
	if _, err := exec.LookPath("nginx"); err != nil {
		t.Skip("nginx is not installed: testdata/attacks/clients.mjs goes on without a real proxy")
	}
}
