package slips

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watch looks, until stop is called, at the command lines of the programs that this one
// has started, which everybody on a machine can read, and lists those that show the
// secret. Where there is no /proc nothing is seen.
func watch() (stop func() (leaks []string)) {
	end, found := make(chan struct{}), make(chan []string)
	go func() {
		seen := map[string]bool{}
		var leaks []string
		for {
			for _, line := range commandLines(os.Getpid()) {
				if !seen[line] && Shown(line, Canary) {
					seen[line] = true
					leaks = append(leaks, "a program was started with: "+line)
				}
			}
			select {
			case <-end:
				found <- leaks
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() []string {
		close(end)
		return <-found
	}
}

// commandLines are those of the programs below one.
func commandLines(root int) (lines []string) {
	parents, all := map[int]int{}, map[int]string{}
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(path, "stat"))
		line, lineErr := os.ReadFile(filepath.Join(path, "cmdline"))
		if err != nil || lineErr != nil { // it has ended
			continue
		}
		// The name of a program may hold anything, and ends with the last bracket.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 1 {
			parents[pid], _ = strconv.Atoi(fields[1])
			all[pid] = string(bytes.ReplaceAll(line, []byte{0}, []byte(" ")))
		}
	}
	for pid, line := range all {
		for up, steps := parents[pid], 0; up > 1 && steps < 50; up, steps = parents[up], steps+1 {
			if up == root {
				lines = append(lines, line)
				break
			}
		}
	}
	return lines
}
