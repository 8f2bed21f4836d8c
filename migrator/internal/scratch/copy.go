package scratch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// copyTree copies a folder and gives the copy to the account. The files are many
// and small: one buffer and plain system calls take a third of the time that
// os.File and io.Copy take. Links are not followed, and what is neither file nor
// folder is no part of a cluster.
func copyTree(from, to string, a *account) error {
	buffer := make([]byte, 1<<20)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + path[len(from):]
		switch {
		case d.IsDir():
			err = os.Mkdir(target, 0o700)
		case !d.Type().IsRegular():
			return nil
		default:
			err = copyFile(path, target, buffer)
		}
		if err != nil {
			return &fs.PathError{Op: "copy", Path: target, Err: err}
		}
		return a.own(target)
	})
}

func copyFile(from, to string, buffer []byte) error {
	in, err := syscall.Open(from, syscall.O_RDONLY|syscall.O_CLOEXEC|noFollow, 0)
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
		if !errors.Is(err, syscall.EINTR) {
			return max(n, 0), err
		}
	}
}

// copyBeneath does the same into or out of a folder that another account may
// change at the same time: no link there leads out of it.
func copyBeneath(from, to *os.Root, dir string, a *account) error {
	return fs.WalkDir(from.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, path)
		switch {
		case d.IsDir():
			if path == "." {
				return nil
			}
			err = to.Mkdir(target, 0o700)
		case !d.Type().IsRegular():
			return nil
		default:
			err = copyOne(from, to, path, target)
		}
		if err == nil && a != nil {
			uid, gid := a.ids()
			err = to.Lchown(target, uid, gid)
		}
		return err
	})
}

func copyOne(from, to *os.Root, path, target string) error {
	in, err := from.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return &fs.PathError{Op: "copy", Path: path, Err: fs.ErrInvalid}
	}
	out, err := to.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// between calls copy with two folders open.
func between(from, to string, copy func(from, to *os.Root) error) error {
	source, err := os.OpenRoot(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	defer target.Close()
	return copy(source, target)
}

// create opens a file of a folder that another account may write in, to be written
// anew and to be the account's: not what a link there leads to.
func create(path string, a *account) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	if a != nil {
		uid, gid := a.ids()
		if err := f.Chown(uid, gid); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

// readPlain reads a file of such a folder.
func readPlain(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fs.ErrInvalid}
	}
	return io.ReadAll(f)
}
