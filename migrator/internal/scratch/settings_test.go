package scratch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Settings reach the server as they are written, go before ours, and stand in no
// command line.
func TestSettings(t *testing.T) {
	given := []string{"work_mem=5MB", "app.jwt_secret=it's a \\ \"secret\" # one", "max_connections=17", "Statement_Timeout=1h", "app.empty="}
	s, err := Open(t.Context(), Options{Mode: Local, Settings: given})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, want := range map[string]string{
		"work_mem": "5MB", "app.jwt_secret": "it's a \\ \"secret\" # one", "max_connections": "17", "statement_timeout": "1h", "app.empty": "", "fsync": "off",
	} {
		var got string
		if err := db.QueryRow("SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
	if line := strings.Join(s.(*local).cluster.cmd.Args, " "); strings.Contains(line, "secret") {
		t.Errorf("it was started with %s", line)
	}
	info, err := os.Stat(filepath.Join(s.(*local).data(), "postgresql.auto.conf"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, wrong := range []string{"", "=", "a", "a b=c", "a\nb=c", "a=b\nfsync = on", "1=2", "a.=b", "postgres://u:secret@h/d=x"} {
		s, err := Open(t.Context(), Options{Mode: Local, Settings: []string{wrong}})
		if err == nil {
			s.Close()
			t.Errorf("%q was taken", wrong)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
