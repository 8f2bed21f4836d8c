package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// spent is what a process used.
type spent struct {
	cpu  time.Duration
	wall time.Duration
	rss  int64 // bytes, at most
	out  []byte
}

// execute runs a program to its end.
func execute(dir string, command ...string) (spent, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	// A peer that wants to ask its makers for news would be measured doing that.
	cmd.Env = append(os.Environ(), "NODE_ENV=", "NO_COLOR=1", "DO_NOT_TRACK=1", "CI=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	s := spent{wall: time.Since(start), out: out.Bytes()}
	if err != nil {
		text := strings.TrimSpace(errs.String() + out.String())
		return s, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, text[max(0, len(text)-2000):])
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.rss = u.Maxrss << 10
	}
	return s, nil
}

// middle is the median of each figure by itself.
func middle(all []spent) spent {
	of := func(value func(spent) int64) int64 {
		var values []int64
		for _, s := range all {
			values = append(values, value(s))
		}
		return median(values)
	}
	return spent{
		cpu:  time.Duration(of(func(s spent) int64 { return int64(s.cpu) })),
		wall: time.Duration(of(func(s spent) int64 { return int64(s.wall) })),
		rss:  of(func(s spent) int64 { return s.rss }),
	}
}

func median[T int64 | float64](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
