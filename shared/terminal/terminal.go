// Package terminal is what a tool is connected to: its three streams, and what
// may be done on them (colour, moving the cursor, how wide).
package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Streams are a tool's input and outputs: data goes to Out, everything else to
// Err. A test gives buffers; they are never terminals.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	// Env looks an environment variable up; nil means that none is set.
	Env func(string) string
	// Environ is the whole environment, as KEY=value.
	Environ []string
}

// Standard is the process's own streams and environment.
func Standard() Streams {
	return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Environ: os.Environ()}
}

// Getenv is Env, or "" without one.
func (s Streams) Getenv(name string) string {
	if s.Env == nil {
		return ""
	}
	return s.Env(name)
}

// Is says whether stream (one of In, Out, Err) is a terminal.
func Is(stream any) bool {
	f, ok := Raw(stream).(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Raw is the stream below the writers that change what passes through it: what
// a child process is given.
func Raw[S any](stream S) S {
	if w, ok := any(stream).(interface{ Unwrap() io.Writer }); ok {
		if below, ok := w.Unwrap().(S); ok {
			return below
		}
	}
	return stream
}

// Color says whether w may be coloured: it is a terminal, TERM is not dumb, and
// neither NO_COLOR (no-color.org) nor the flag --no-color says otherwise.
func (s Streams) Color(w io.Writer, noColor bool) bool {
	return Is(w) && !noColor && s.Getenv("NO_COLOR") == "" && s.Getenv("TERM") != "dumb"
}

// Live says whether a line on w may be rewritten in place.
func (s Streams) Live(w io.Writer) bool { return Is(w) && s.Getenv("TERM") != "dumb" }

// Width is the number of columns of w: 80 where it is not a terminal.
func Width(w io.Writer) int {
	if f, ok := Raw(w).(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}
