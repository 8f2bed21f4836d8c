package scratch

import (
	"os"
	"os/exec"
)

// noFollow: links need rights there that others do not have.
const noFollow = 0

// account: on Windows the programs drop their rights by themselves.
type account struct{}

func serverAccount() *account       { return nil }
func (a *account) own(string) error { return nil }
func (a *account) ids() (int, int)  { return 0, 0 }
func (a *account) key() string      { return "user" }
func (a *account) run(*exec.Cmd)    {}
func ownFolder(string) error        { return nil }
func quit(p *os.Process) error      { return p.Kill() }
func alive(pid int) bool            { _, err := os.FindProcess(pid); return err == nil }

// lock is a file that cannot be removed while it is open.
func lock(path string, wait bool) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return func() { f.Close() }, nil
}
