package cage

import (
	"os/exec"
	"runtime"
)

// Rules are what a program may touch. Paths that are not there are passed over.
type Rules struct {
	Read  []string // files, and folders with all that is in them
	Write []string // folders: everything but executing
	Run   []string // programs to execute; reading is included
	// Listen is the TCP port that it may listen on; 0 is none.
	Listen int
	// Datagrams: it talks to itself over UDP on the loopback, as the statistics
	// collector of PostgreSQL before 15 does.
	Datagrams bool
}

// Do calls run on a thread that the rules hold, and that ends afterwards.
// Programs that run starts with Start are held; goroutines that it starts are not.
func (r Rules) Do(run func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: nothing else may run on this thread
		err := r.enter()
		if err == nil {
			err = run()
		}
		done <- err
	}()
	return <-done
}

// Output runs a command to its end, and gives what it wrote to both streams.
func (r Rules) Output(cmd *exec.Cmd) (out []byte, err error) {
	err = r.Do(func() (err error) {
		out, err = cmd.CombinedOutput()
		return err
	})
	return out, err
}

// Layer is one thing that the operating system holds.
type Layer string

// The layers.
const (
	Files   Layer = "files"   // reading, writing, executing
	Network Layer = "network" // TCP by port
	Signals Layer = "signals" // and abstract sockets of others
	Sockets Layer = "sockets" // no connection to anything
)
