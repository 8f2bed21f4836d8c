package scratch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmbedded starts the server that is downloaded when nothing else is there.
// The archive comes once for each machine, into the tool's cache; as root the
// server runs as another account. The other versions run in internal/cases.
func TestEmbedded(t *testing.T) {
	s := open(t, Options{Mode: Embedded, Log: os.Stderr})
	db := database(t, s)
	var version string
	if err := db.QueryRow("SHOW server_version").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version, "17.") || s.String() != "PostgreSQL "+version+" (embedded)" || !s.Owned() {
		t.Errorf("server %s, %s, owned %v", version, s, s.Owned())
	}
}

// Without a version the embedded server is the newest that most people run, and
// a live database asks for its own.
func TestEmbeddedFollowsTheTarget(t *testing.T) {
	first := open(t, Options{Mode: Embedded + ":16", Log: os.Stderr})
	s := open(t, Options{Mode: Embedded, Target: database(t, first), Log: os.Stderr})
	if !strings.HasPrefix(s.String(), "PostgreSQL 16.") {
		t.Errorf("%s for a PostgreSQL 16", s)
	}
}

func TestEmbeddedUnknownVersion(t *testing.T) {
	for mode, want := range map[string]string{
		"embedded:9":    "no embedded PostgreSQL 9",
		"embedded:last": `"last" is no major version`,
		"local:":        `"" is no major version`,
		"local:9":       "9 is wanted",
	} {
		if _, err := Open(t.Context(), Options{Mode: mode}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// An archive that cannot be had leaves nothing behind, and says what to do.
func TestEmbeddedUnreachable(t *testing.T) {
	t.Setenv("MIGRATOR_EMBEDDED_REPOSITORY", "http://127.0.0.1:1")
	cache := t.TempDir()
	_, err := Open(t.Context(), Options{Mode: Embedded, Cache: cache})
	if err == nil || !strings.Contains(err.Error(), "cannot be downloaded") {
		t.Error(err)
	}
	left, _ := filepath.Glob(filepath.Join(cache, "embedded-*"))
	for _, path := range left {
		if !strings.HasSuffix(path, ".lock") {
			t.Errorf("%s is left", path)
		}
	}
}
