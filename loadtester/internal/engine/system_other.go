//go:build !unix

package engine

import (
	"runtime"
	"time"
)

// What the system does not tell is 0, and the report leaves it out.

func processCPU() time.Duration { return 0 }

func raiseFileLimit() {}

func fileLimit() int64 { return 0 }

func localPorts() int64 { return 0 }

// peakRSS is what Go has from the system: close to the resident size.
func peakRSS() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
