package source

import (
	"flag"
	"syscall"
	"testing"
	"time"
)

var projectToRead = flag.String("project", "", "directory of a project that BenchmarkRead reads")

// BenchmarkRead reads a real project, and tells megabytes of source for each second of
// CPU: go test ./internal/source -run - -bench Read -project DIR.
func BenchmarkRead(b *testing.B) {
	if *projectToRead == "" {
		b.Skip("-project names the project to read")
	}
	var read *Result
	before := cpu(b)
	for b.Loop() {
		var err error
		if read, err = Read(*projectToRead, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	each := (cpu(b) - before).Seconds() / float64(b.N)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(each, "cpu-s/op")
	b.ReportMetric(float64(read.Bytes)/1e6/each, "MB/cpu-s")
	b.ReportMetric(float64(read.Files), "files")
	b.ReportMetric(float64(len(read.API.Operations)), "operations")
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
