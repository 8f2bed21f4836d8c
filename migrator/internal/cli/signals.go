package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible is a context that ends on SIGQUIT and a closed terminal, as it does
// on ^C, so that what is open is closed: a scratch server, a database on somebody's
// server. A terminal that closes may send its signal more than once: it is heard
// until the end. A pipe whose reader has gone ends the writing, not the program.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGQUIT, syscall.SIGHUP)
	heard := make(chan os.Signal, 1) // nobody reads it: to be asked for is enough
	signal.Notify(heard, syscall.SIGPIPE)
	return ctx, func() {
		stop()
		signal.Stop(heard)
	}
}
