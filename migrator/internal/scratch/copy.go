package scratch

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// copyTree copies a folder and gives the copy to the account. The files are many
// and small: one buffer and plain system calls take a third of the time that
// os.File and io.Copy take.
func copyTree(from, to string, a *account) error {
	buffer := make([]byte, 1<<20)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + path[len(from):]
		if d.IsDir() {
			err = os.Mkdir(target, 0o700)
		} else {
			err = copyFile(path, target, buffer)
		}
		if err != nil {
			return &fs.PathError{Op: "copy", Path: target, Err: err}
		}
		return a.own(target)
	})
}

func copyFile(from, to string, buffer []byte) error {
	in, err := syscall.Open(from, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(in)
	out, err := syscall.Open(to, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	for err == nil {
		var n int
		if n, err = again(syscall.Read, in, buffer); n <= 0 {
			break
		}
		for rest := buffer[:n]; len(rest) > 0 && err == nil; rest = rest[n:] {
			n, err = again(syscall.Write, out, rest)
		}
	}
	if closing := syscall.Close(out); err == nil {
		err = closing
	}
	return err
}

// again repeats a call that a signal broke off.
func again[handle any](call func(handle, []byte) (int, error), f handle, b []byte) (int, error) {
	for {
		n, err := call(f, b)
		if err != syscall.EINTR {
			return max(n, 0), err
		}
	}
}
