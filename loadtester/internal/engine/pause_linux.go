package engine

import (
	"syscall"
	"time"
)

// pause sleeps as exactly as the system can: Go's own timers round to a
// millisecond when the process is otherwise idle.
func pause(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	// A signal may end it early: callers look at the clock again.
	_ = syscall.Nanosleep(&t, nil)
}
