package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible is a context that ends on ^C, SIGTERM, SIGQUIT and a closed
// terminal, so that what is open is closed and what is there is reported. After
// that the default is back, so that a second ^C ends the program whatever it
// does; but a terminal that closes may send its signal more than once. A pipe
// whose reader has gone ends the writing, not the program.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	heard := make(chan os.Signal, 1) // nobody reads it: to be asked for is enough
	signal.Notify(heard, syscall.SIGHUP, syscall.SIGPIPE)
	return ctx, func() {
		stop()
		signal.Stop(heard)
	}
}
