//go:build unix

package scratch

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"github.com/seniorbackend/tools/shared/problem"
)

// noFollow has a link refused that stands where a file is opened.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

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

// ids are its numbers.
func (a *account) ids() (uid, gid int) { return a.uid, a.gid }

// own gives a file to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// ownFolder makes sure that a folder is one, that it is ours, and that nobody else
// may write in it.
func ownFolder(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 && os.Geteuid() != 0 {
		info, err = os.Stat(dir) // a user's own link is his wish
		if err != nil {
			return err
		}
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return problem.New("remove it, or set XDG_CACHE_HOME to another folder",
			"the cache folder %s is not ours alone: others could put programs into it", dir)
	}
	return nil
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
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
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
