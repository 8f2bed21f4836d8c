package scratch

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// templateForm counts changes to how a template is made: an old one is not used
// any more.
const templateForm = 2

// superuser is the role that owns a local server. Dumps name it most.
const superuser = "postgres"

// prepared are the databases that a template holds ready, so that a run need
// not wait for CREATE DATABASE.
var prepared = []string{"scratch_1", "scratch_2"}

// cacheFolder is where prepared clusters live. An account that is lent by root
// cannot look into root's home.
func cacheFolder(given string, a *account) (string, error) {
	if given != "" {
		return given, nil
	}
	if a != nil {
		return "/var/cache/migrator", nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "migrator-cache-"+a.key()), nil
	}
	return filepath.Join(dir, "migrator"), nil
}

// template is a stopped cluster to copy, made by initdb at its first use.
func template(ctx context.Context, p programs, a *account, o Options) (string, error) {
	cache, err := cacheFolder(o.Cache, a)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", problem.Wrap(err, "set XDG_CACHE_HOME to a folder that can be written", "cannot make the cache folder %s", cache)
	}
	if err := a.own(cache); err != nil {
		return "", err
	}
	dir := filepath.Join(cache, fmt.Sprintf("pg%s-%s-%d", versionText(p.version), a.key(), templateForm))
	if isFile(filepath.Join(dir, "PG_VERSION")) {
		return dir, nil
	}
	unlock, err := lock(dir+".lock", true)
	if err != nil {
		return "", err
	}
	defer unlock()
	if isFile(filepath.Join(dir, "PG_VERSION")) {
		return dir, nil
	}
	fmt.Fprintf(o.Log, "preparing a scratch server (PostgreSQL %s, once)\n", versionText(p.version))
	making := dir + ".making"
	if err := os.RemoveAll(making); err != nil {
		return "", err
	}
	if err := initialise(ctx, p, a, making); err != nil {
		os.RemoveAll(making)
		return "", err
	}
	return dir, os.Rename(making, dir)
}

// initialise makes a cluster in dir with the prepared databases in it.
func initialise(ctx context.Context, p programs, a *account, dir string) error {
	cmd := exec.CommandContext(ctx, p.path("initdb"), "--pgdata", dir, "--username", superuser, "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--wal-segsize", "1", "--no-sync")
	cmd.Env = programEnv()
	cmd.Dir = filepath.Dir(dir)
	a.run(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return problem.Wrap(err, "", "initdb failed: %s", lastLines(string(out), 3))
	}
	c, err := startCluster(ctx, p, a, dir, dir, "template1", nil)
	if err != nil {
		return err
	}
	defer c.stop()
	db, err := pgdb.Open(ctx, c.target("template1"))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, name := range prepared {
		if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
			return fmt.Errorf("preparing the scratch server: %w", err)
		}
	}
	db.Close()
	// What nobody uses is left out of every copy.
	if db, err = pgdb.Open(ctx, c.target(prepared[0])); err != nil {
		return err
	}
	defer db.Close()
	for _, sql := range []string{
		"DROP DATABASE postgres",
		"ALTER DATABASE template1 IS_TEMPLATE false",
		"DROP DATABASE template1",
		"CHECKPOINT",
	} {
		if _, err := db.ExecContext(ctx, sql); err != nil {
			return fmt.Errorf("preparing the scratch server: %w", err)
		}
	}
	db.Close()
	if err := c.shutdown(); err != nil {
		return err
	}
	return slim(dir)
}

// slim removes the maps of free space and visibility: PostgreSQL makes them
// again when it needs them, and they are a quarter of the files to copy.
func slim(dir string) error {
	for _, pattern := range []string{"base/*/*_fsm", "base/*/*_vm", "global/*_fsm", "global/*_vm"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// programEnv is our environment without what would steer PostgreSQL's programs
// (PGHOST, PGOPTIONS …), in one language.
func programEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "PG") && !strings.HasPrefix(e, "LC_") && !strings.HasPrefix(e, "LANG") {
			env = append(env, e)
		}
	}
	return append(env, "LC_ALL=C")
}

// copyTree copies a folder and gives the copy to the account.
func copyTree(from, to string, a *account) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			if err := os.Mkdir(target, 0o700); err != nil {
				return err
			}
			return a.own(target)
		}
		if err := copyFile(path, target); err != nil {
			return err
		}
		return a.own(target)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// lastLines are the last n lines that say something, joined.
func lastLines(text string, n int) string {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines[max(0, len(lines)-n):], " ")
}
