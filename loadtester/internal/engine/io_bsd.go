//go:build darwin || freebsd

package engine

import (
	"errors"
	"runtime"
	"syscall"
	"time"
)

// readFD reads from a non-blocking descriptor. buf is not empty.
func readFD(fd int, buf []byte) (int, syscall.Errno) {
	n, err := syscall.Read(fd, buf)
	return n, number(err)
}

// writeFD writes to a non-blocking socket. data is not empty. Go's runtime turns
// SIGPIPE into EPIPE.
func writeFD(fd int, data []byte) (int, syscall.Errno) {
	n, err := syscall.Write(fd, data)
	return n, number(err)
}

func number(err error) syscall.Errno {
	if err == nil {
		return 0
	}
	var n syscall.Errno
	if errors.As(err, &n) {
		return n
	}
	return syscall.EIO
}

// exactTimers keeps the loop on one thread; timers are exact here by themselves.
func exactTimers() { runtime.LockOSThread() }

// threadDelay is not known here.
func threadDelay() time.Duration { return 0 }
