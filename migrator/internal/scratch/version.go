package scratch

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/google/renameio/v2/maybe"

	"github.com/seniorbackend/tools/shared/problem"
)

// known is what a program said of its version, for as long as it stays the same
// file. To ask again costs a start of the program, for each that is installed.
type known struct {
	Size    int64
	Changed time.Time
	Version int
}

// versionsFile holds what is known, by the programs' paths.
func versionsFile(cache string) string { return filepath.Join(cache, "versions.json") }

// programVersion is a server program's version, as in 150014.
func programVersion(ctx context.Context, p programs, a *account, cache string) (int, error) {
	postgres := p.path("postgres")
	info, err := os.Stat(postgres)
	if err != nil {
		return 0, err
	}
	all := map[string]known{}
	if text, err := os.ReadFile(versionsFile(cache)); err == nil {
		_ = json.Unmarshal(text, &all) // what cannot be read is asked for again
	}
	now := known{Size: info.Size(), Changed: info.ModTime().UTC()}
	if k, ok := all[postgres]; ok && k.Size == now.Size && k.Changed.Equal(now.Changed) {
		return k.Version, nil
	}
	if now.Version, err = askVersion(ctx, p, a); err != nil {
		return 0, err
	}
	all[postgres] = now
	if text, err := json.Marshal(all); err == nil {
		_ = maybe.WriteFile(versionsFile(cache), text, 0o644) // where it cannot be written, the programs are asked each time
	}
	return now.Version, nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)(?:\.(\d+))?`)

// askVersion asks a program in the cage, too: it may be anybody's.
func askVersion(ctx context.Context, p programs, a *account) (int, error) {
	postgres := p.path("postgres")
	cmd := exec.CommandContext(ctx, postgres, "--version")
	cmd.Env, cmd.Dir = programEnv(), "/"
	a.run(cmd)
	out, err := p.rules("postgres").Output(cmd)
	if err != nil {
		return 0, err
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return 0, problem.New("", "%s --version says %q", postgres, out)
	}
	major, _ := strconv.Atoi(string(m[1]))
	minor, _ := strconv.Atoi(string(m[2]))
	return major*10000 + minor, nil
}
