//go:build unix

package scratch

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is who runs the server programs. They refuse to run as root, so root
// lends them another account; nil means the user's own.
type account struct {
	uid, gid int
	name     string
}

// serverAccount is postgres or nobody for root.
func serverAccount() *account {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return &account{uid: uid, gid: gid, name: name}
		}
	}
	return &account{uid: 65534, gid: 65534, name: "65534"}
}

// own gives a file to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// key tells prepared clusters of different owners apart.
func (a *account) key() string {
	if a == nil {
		return strconv.Itoa(os.Geteuid())
	}
	return strconv.Itoa(a.uid)
}

// run makes a command run as the account, in a process group of its own: a ^C
// on the terminal is for us to handle.
func (a *account) run(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	dieWithParent(cmd.SysProcAttr)
}

// lock takes an exclusive lock on a file until unlock or the end of the
// process. Without wait it gives up at once when somebody else holds it.
func lock(path string, wait bool) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// quit asks a server to stop at once (immediate shutdown).
func quit(p *os.Process) error { return p.Signal(syscall.SIGQUIT) }

// alive says whether a process exists.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
