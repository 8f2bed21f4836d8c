package openapi

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
)

// A document of 200 MB is refused before anything is made of it.
func TestLargeDocument(t *testing.T) {
	data := append([]byte("openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"), bytes.Repeat([]byte("# no end of it\n"), 200<<20/15)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := open(data, "large.yaml")
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("%v", err)
	}
	if made := after.TotalAlloc - before.TotalAlloc; made > 1<<20 {
		t.Errorf("it cost %d bytes", made)
	}
}
