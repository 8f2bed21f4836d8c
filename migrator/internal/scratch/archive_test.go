package scratch

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchivesArePinned: every version has an archive for the usual platforms,
// with its own checksum, and what a mirror gives instead is not unpacked, also when
// the mirror vouches for it.
func TestArchivesArePinned(t *testing.T) {
	seen := map[string]archive{}
	for a, sum := range checksums {
		if other, twice := seen[sum]; twice || len(sum) != 64 {
			t.Errorf("%v and %v: %q", a, other, sum)
		}
		seen[sum] = a
	}
	for major := 13; major <= 18; major++ {
		version, ok := embeddedVersion(major)
		for _, platform := range []string{"linux-amd64", "linux-amd64-alpine", "darwin-amd64", "windows-amd64"} {
			if checksums[archive{version, platform}] == "" || !ok {
				t.Errorf("no checksum of %s for %s", version, platform)
			}
		}
	}
	if !strings.HasPrefix(repository(), "https://") {
		t.Errorf("archives come from %q", repository())
	}
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("another archive"))
	}))
	defer mirror.Close()
	t.Setenv("MIGRATOR_EMBEDDED_REPOSITORY", mirror.URL)
	cache := open755(t)
	_, err := Open(t.Context(), Options{Mode: Embedded, Cache: cache})
	if err == nil || !strings.Contains(err.Error(), "something else than the archive that is known") {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(cache, "embedded-17.11.0")); err == nil {
		t.Error("it was unpacked")
	}
}
