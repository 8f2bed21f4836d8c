package main

import "syscall"

// exactSleep lets this thread be woken at the nanosecond; by default the system
// may be 50 µs late to save power.
func exactSleep() {
	const setTimerSlack = 29 // PR_SET_TIMERSLACK
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, 1, 0)
}
