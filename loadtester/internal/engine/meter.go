package engine

import (
	"runtime"
	"runtime/debug"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// meter measures the generator itself over a run.
type meter struct {
	cpu time.Duration
	gc  debug.GCStats
}

func startMeter() *meter {
	m := &meter{cpu: processCPU()}
	debug.ReadGCStats(&m.gc)
	return m
}

func (m *meter) stop() result.Generator {
	g := result.Generator{
		System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Hosts: 1,
		CPUSeconds: (processCPU() - m.cpu).Seconds(), PeakRSS: peakRSS(),
		OpenFile: fileLimit(), Ports: localPorts(),
	}
	var gc debug.GCStats
	debug.ReadGCStats(&gc)
	g.GCs = gc.NumGC - m.gc.NumGC
	g.GCPause = (gc.PauseTotal - m.gc.PauseTotal).Seconds()
	return g
}
