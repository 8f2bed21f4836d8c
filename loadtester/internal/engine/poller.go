package engine

import "time"

// poller tells a loop which of its connections can go on. What was not read or
// written need not be told again: a loop goes on until the system has no more.
type poller interface {
	// add watches fd for reading. token comes back with its events.
	add(fd int, token uint64) error
	// writable starts or ends watching fd for writing too.
	writable(fd int, token uint64, on bool) error
	// remove ends watching; closing fd does the same, but only for its last copy.
	remove(fd int)
	// wait gives the events that are there, or come within timeout. The slice is
	// valid until the next call.
	wait(timeout time.Duration) []event
	// wake ends a wait that goes on, from any goroutine.
	wake()
	close()
}

// event is what happened to a connection.
type event struct {
	token uint64
	read  bool // data, or the end of the stream, or an error to be read
	end   bool // nothing will come after what is there to be read
	write bool
}

// wakeToken is the token of the poller's own wake-ups; they are not passed on.
const wakeToken = ^uint64(0)
