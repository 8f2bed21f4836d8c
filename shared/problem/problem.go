// Package problem is how the tools fail in front of their users: one line that
// says what happened and where, a hint that says what to do, and an exit code.
package problem

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seniorbackend/tools/shared/redact"
)

// Exit codes, the same in every tool.
const (
	OK          = 0   // it ran, and all is well
	Failed      = 1   // it ran, and an expectation, a check or a finding failed
	CannotRun   = 2   // usage, connection, input or output
	Interrupted = 130 // ^C; a partial report was written where there is one
)

// Problem is an error with a place and a hint. A tool makes one where the user
// can do something; other errors are printed as they are.
type Problem struct {
	Message string // what happened; no capital, no full stop, no secret
	File    string // where, if in a file
	Line    int    // from 1; 0 is unknown
	Column  int    // from 1; 0 is unknown
	Hint    string // what to do
	Code    int    // exit code; 0 means CannotRun
	Err     error  // the cause, for errors.Is; not printed
}

// New is a problem without a place.
func New(hint, format string, args ...any) *Problem {
	return &Problem{Message: fmt.Sprintf(format, args...), Hint: hint}
}

// Wrap is New with a cause.
func Wrap(err error, hint, format string, args ...any) *Problem {
	return &Problem{Message: fmt.Sprintf(format, args...), Hint: hint, Err: err}
}

// In gives the problem a place. Line and column 0 are unknown.
func (p *Problem) In(file string, line, column int) *Problem {
	p.File, p.Line, p.Column = file, line, column
	return p
}

// Exit gives the problem an exit code.
func (p *Problem) Exit(code int) *Problem {
	p.Code = code
	return p
}

// Error is one line: "api.yaml:3:7: what happened".
func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
			if p.Column > 0 {
				fmt.Fprintf(&b, ":%d", p.Column)
			}
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return oneLine(b.String())
}

func (p *Problem) Unwrap() error { return p.Err }

// ExitCode is the exit code of err: OK for nil, the code of the Problem in its
// chain, else CannotRun.
func ExitCode(err error) int {
	if err == nil {
		return OK
	}
	var p *Problem
	if errors.As(err, &p) && p.Code != 0 {
		return p.Code
	}
	return CannotRun
}

// Write prints err as the tools do: an "error:" line, and a "hint:" line where
// there is one. Joined errors (errors.Join) are printed one after the other. It
// is the one way by which errors and hints reach a user: secrets are hidden
// here, those that the vault knows of and what looks like one. vault may be nil.
func Write(w io.Writer, vault *redact.Vault, err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			Write(w, vault, e)
		}
		return
	}
	fmt.Fprintf(w, "error: %s\n", vault.Hide(oneLine(err.Error())))
	var p *Problem
	if errors.As(err, &p) && p.Hint != "" {
		fmt.Fprintf(w, "hint: %s\n", vault.Hide(oneLine(p.Hint)))
	}
}

// oneLine folds white space and control characters: an error from a server or
// a file may hold anything, and must not move the cursor or forge a line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0)
	}), " ")
}
