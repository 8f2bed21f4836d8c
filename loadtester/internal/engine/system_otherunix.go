//go:build unix && !linux

package engine

import (
	"runtime"
	"syscall"
)

// peakRSS is the largest resident size so far, in bytes.
func peakRSS() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss) // bytes there
	}
	return int64(u.Maxrss) << 10
}

// localPorts is not known here.
func localPorts() int64 { return 0 }
