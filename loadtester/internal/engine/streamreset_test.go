package engine

import (
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// Both paths count a stream that the server resets as that.
func TestStreamReset(t *testing.T) {
	s := startMux(t, nil, func(_ int64, id uint32) []byte { return h2.AppendCode(nil, h2.RstStream, id, h2.Cancel) })
	paths(t, func(t *testing.T, p PathChoice) {
		r := runOne(t, compileURL(t, s.url()), Options{Concurrency: 1, Requests: 3, Protocol: H2C, Path: p, Timeout: 20 * time.Second})
		if r.Record.Errors[record.StreamReset] != 3 {
			t.Errorf("%v", named(r.Record))
		}
	})
}
