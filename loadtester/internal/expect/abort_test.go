package expect

import (
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

func TestAbort(t *testing.T) {
	// Each letter is a quarter of a second: . answers, x failures, s slow answers,
	// - nothing at all.
	for _, c := range []struct {
		on, run string
		at      int // quarters after which it ends; 0: never
	}{
		{"errors>50%/1s", "........xxxx", 11},
		{"errors>50%/1s", "..x.x...x.x.x...", 0},
		{"errors>50%/2s", "xxxxxxxx", 8}, // not before its time has been seen
		{"errors>50%/2s", "xxxxxxx", 0},
		{"errors>50%/1s", "----------", 0}, // nothing is no error
		{"errors>25/1s", "....xx..xxx", 11},
		{"p90>1s/1s", "......ssss", 7},
		{"p50>1s/1s", "......ssss", 9},
		{"max>1s/1s", "......s...", 7},
		{"mean>10s/1s", "ssssssss", 0},
		{"mean>10s/1s, errors>90%/1s", "....xxxx", 8},
	} {
		a, err := ParseAbort(c.on)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for i, kind := range c.run {
			cell := &record.Cell{}
			for range 10 {
				switch kind {
				case '.':
					cell.Succeeded++
					cell.Record(time.Millisecond)
				case 's':
					cell.Succeeded++
					cell.Record(2 * time.Second)
				case 'x':
					cell.Failed++
					cell.Record(time.Millisecond)
				}
			}
			if reason := a.Look(cell, 250*time.Millisecond); reason != "" && at == 0 {
				at = i + 1
				if !strings.Contains(c.on, strings.Split(reason, ":")[0]) || !strings.HasSuffix(reason, "s") {
					t.Errorf("%s: reason %q", c.on, reason)
				}
			}
		}
		if at != c.at {
			t.Errorf("%s of %s ends after %d, want %d", c.on, c.run, at, c.at)
		}
	}
	for _, text := range []string{"", "errors", "errors>50%", "errors/5s", "errors>x%/5s", "errors>50%/5", "errors>50%/1ms", "p0>1s/5s", "p99>50%/5s", "rate>5/5s", "errors>NaN/5s", "errors>50%/5s,"} {
		if _, err := ParseAbort(text); err == nil {
			t.Errorf("%q passed", text)
		}
	}
}

func FuzzParseAbort(f *testing.F) {
	f.Add("errors>50%/5s,p99>2s/10s")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := ParseAbort(text); err == nil {
			a.Look(&record.Cell{}, time.Second)
		}
	})
}
