package engine

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The loops' reads and writes are raw: they never block, so that the scheduler
// need not know of them.

// readFD reads from a non-blocking socket. buf is not empty. recvfrom is a little
// cheaper than read, which looks at the file first.
func readFD(fd int, buf []byte) (int, syscall.Errno) {
	n, _, number := syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0)
	return int(n), number
}

// writeFD writes to a non-blocking socket. data is not empty.
func writeFD(fd int, data []byte) (int, syscall.Errno) {
	n, _, number := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), unix.MSG_NOSIGNAL, 0, 0)
	return int(n), number
}

// exactTimers asks for wake-ups of this thread at the nanosecond: by default the
// system may be 50 µs late to save power.
func exactTimers() {
	runtime.LockOSThread()
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
}

// threadDelay is how long this thread has been able to run without a processor.
func threadDelay() time.Duration {
	text, err := os.ReadFile("/proc/thread-self/schedstat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	ns, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(ns)
}
