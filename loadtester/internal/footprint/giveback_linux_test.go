package footprint

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Pages of the program go, and come back when they are needed.
func TestGiveBack(t *testing.T) {
	text := strings.Repeat("some of the program's constants ", 4) + strconv.Itoa(os.Getpid())
	before := resident(t)
	GiveBack()
	after := resident(t)
	if after >= before {
		t.Errorf("%d kB of files before and %d kB after", before, after)
	}
	if !strings.HasPrefix(text, "some of the program") {
		t.Error("the constants are not what they were")
	}
}

// resident is how much of files this process has in memory, in kB.
func resident(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What was written to, or can be, stays.
func TestUnchanged(t *testing.T) {
	const smaps = `00400000-00401000 r-xp 00000000 fe:00 12      /usr/bin/loadtester
Rss:                   4 kB
Anonymous:             0 kB
00500000-00502000 r--p 00100000 fe:00 12      /usr/bin/loadtester
Anonymous:             0 kB
VmFlags: rd mr mw me
00600000-00601000 r--p 00200000 fe:00 12      /usr/bin/loadtester
Anonymous:             4 kB
00700000-00701000 rw-p 00300000 fe:00 12      /usr/bin/loadtester
Anonymous:             0 kB
00800000-00801000 r-xp 00000000 fe:00 13      /usr/lib/libc.so.6
Anonymous:             0 kB
00900000-00901000 rw-p 00000000 00:00 0
Anonymous:             0 kB
`
	got := unchanged(strings.NewReader(smaps), "/usr/bin/loadtester")
	if want := []mapping{{0x400000, 0x401000}, {0x500000, 0x502000}}; !slices.Equal(got, want) {
		t.Errorf("mappings %x, want %x", got, want)
	}
}
