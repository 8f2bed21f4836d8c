package scratch

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"

	"github.com/seniorbackend/tools/shared/problem"
)

// programs is an installation of PostgreSQL's server programs.
type programs struct {
	dir     string // holds postgres and initdb
	version int    // 150014
}

func (p programs) path(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(p.dir, name)
}

// places are where installations lie, as patterns.
var places = []string{
	"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
	"/usr/pgsql-*/bin",                  // Red Hat, from postgresql.org
	"/usr/local/pgsql/bin",              // from source
	"/usr/libexec/postgresql*",          // Alpine
	"/opt/homebrew/opt/postgresql*/bin", // macOS
	"/usr/local/opt/postgresql*/bin",    // macOS, Intel
	"/opt/homebrew/bin", "/usr/local/bin", "/usr/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	`C:\Program Files\PostgreSQL\*\bin`,
}

// findPrograms looks for an installation of a major version; 0 means the newest
// that there is. MIGRATOR_PG_BIN names a folder before all others.
func findPrograms(ctx context.Context, major int, a *account, cache string) (programs, error) {
	var dirs []string
	if dir := os.Getenv("MIGRATOR_PG_BIN"); dir != "" {
		dirs = append(dirs, dir)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, pattern := range places {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	var all []programs
	seen := map[string]bool{}
	for _, dir := range dirs {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil || seen[real] {
			continue
		}
		seen[real] = true
		p := programs{dir: real}
		if !isFile(p.path("postgres")) || !isFile(p.path("initdb")) {
			continue
		}
		if p.version, err = programVersion(ctx, p, a, cache); err == nil {
			all = append(all, p)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].version > all[j].version })
	for _, p := range all {
		if major == 0 || p.version/10000 == major {
			return p, nil
		}
	}
	if len(all) > 0 {
		return programs{}, problem.New("install PostgreSQL "+strconv.Itoa(major), "this machine has PostgreSQL %s, and %d is wanted",
			versionText(all[0].version), major)
	}
	return programs{}, problem.New("install PostgreSQL's server (e.g. apt-get install postgresql), or name its folder in MIGRATOR_PG_BIN",
		"no PostgreSQL server programs on this machine")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
