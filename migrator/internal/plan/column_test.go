package plan

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Names for the time being fit, are whole texts, and differ where the names do.
func TestShorten(t *testing.T) {
	long := strings.Repeat("n", 58)
	if got := shorten("short", "__new"); got != "short__new" {
		t.Error(got)
	}
	if got := shorten(long, "__new"); got != long+"__new" {
		t.Error(got)
	}
	seen := map[string]bool{}
	for _, name := range []string{long + "_a", long + "_b", long + "ab_c", strings.Repeat("ä", 31), strings.Repeat("ä", 30) + "ö", "x" + strings.Repeat("ä", 31)} {
		got := shorten(name, "__new")
		if len(got) > 63 || !utf8.ValidString(got) || seen[got] || !strings.HasSuffix(got, "__new") {
			t.Errorf("%s: %s", name, got)
		}
		seen[got] = true
	}
}
