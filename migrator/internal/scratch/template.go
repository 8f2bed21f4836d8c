package scratch

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/seniorbackend/tools/migrator/internal/elevate"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// templateForm counts changes to how a template is made: an old one is not used
// any more.
const templateForm = 15

// prepared are the databases that a template holds ready, so that a run need
// not wait for CREATE DATABASE.
var prepared = []string{"scratch_1", "scratch_2"}

// template is a stopped cluster to copy. It names all its databases, and has the
// files of none: those are the same for every empty database, and lie beside it
// once. A database that nobody opens needs no files.
type template struct {
	dir  string
	oids map[string]int // of its databases, by name
}

// The parts of a template's folder.
func (t *template) cluster() string  { return filepath.Join(t.dir, "cluster") }
func (t *template) database() string { return filepath.Join(t.dir, "database") }
func (t *template) index() string    { return filepath.Join(t.dir, "databases.json") }

// read reads which databases there are; it says whether the template is there.
func (t *template) read() bool {
	text, err := readPlain(t.index())
	return err == nil && json.Unmarshal(text, &t.oids) == nil
}

// cacheFolder is where prepared clusters live; it is there and ours afterwards.
// An account that is lent by root cannot look into root's home. What lies there is
// run and copied by root: nobody else may put anything into it, also where an
// earlier version had given it away.
func cacheFolder(given string, a *account) (string, error) {
	var tried error
	for _, dir := range cacheFolders(given, a) {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", problem.Wrap(err, "set XDG_CACHE_HOME to a folder that can be written", "cannot make the cache folder %s", dir)
		}
		if tried = ownFolder(dir); tried == nil {
			return dir, nil
		}
	}
	return "", tried
}

func cacheFolders(given string, a *account) []string {
	if given != "" {
		return []string{given}
	}
	if a != nil {
		return []string{"/var/cache/migrator", "/var/cache/migrator-root"}
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return []string{filepath.Join(os.TempDir(), "migrator-cache-"+a.key())}
	}
	return []string{filepath.Join(dir, "migrator")}
}

// findTemplate is the template of these programs, made by initdb at its first use.
func findTemplate(ctx context.Context, p programs, a *account, o Options) (*template, error) {
	cache, err := cacheFolder(o.Cache, a)
	if err != nil {
		return nil, err
	}
	t := &template{dir: filepath.Join(cache, fmt.Sprintf("pg%s-%s-%d", versionText(p.version), a.key(), templateForm))}
	if t.read() {
		return t, nil
	}
	unlock, err := lock(t.dir+".lock", true)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if t.read() {
		return t, nil
	}
	fmt.Fprintf(o.Log, "preparing a scratch server (PostgreSQL %s, once)\n", versionText(p.version))
	left, _ := filepath.Glob(t.dir + ".m*") // of those who were killed: we have the lock
	for _, dir := range left {
		os.RemoveAll(dir)
	}
	making := &template{}
	if making.dir, err = os.MkdirTemp(cache, filepath.Base(t.dir)+".m"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(making.dir)
	if err := making.make(ctx, p, a); err != nil {
		return nil, err
	}
	// What the account made is copied: it keeps no hand on what is used from now on.
	kept, err := os.MkdirTemp(cache, filepath.Base(t.dir)+".m")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(kept)
	t.oids = making.oids
	err = between(making.dir, kept, func(from, to *os.Root) error { return copyBeneath(from, to, ".", nil) })
	if err != nil {
		return nil, err
	}
	return t, os.Rename(kept, t.dir)
}

// make makes the template with the prepared databases in it.
func (t *template) make(ctx context.Context, p programs, a *account) error {
	if err := a.own(t.dir); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, p.path("initdb"), "--pgdata", t.cluster(), "--username", elevate.Superuser, "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--wal-segsize", "1", "--no-sync")
	cmd.Env = programEnv()
	cmd.Dir = t.dir
	a.run(cmd)
	if out, err := p.initRules(t.dir).Output(cmd); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return problem.Wrap(err, "", "initdb failed: %s", lastLines(string(out), 3))
	}
	if err := t.prepare(ctx, p, a); err != nil {
		return fmt.Errorf("preparing the scratch server: %w", err)
	}
	if err := t.share(); err != nil {
		return err
	}
	text, err := json.Marshal(t.oids)
	if err != nil {
		return err
	}
	return os.WriteFile(t.index(), text, 0o600)
}

// prepare makes the databases, and notes the numbers of all.
func (t *template) prepare(ctx context.Context, p programs, a *account) error {
	c, err := startCluster(ctx, p, a, t.cluster(), t.cluster(), nil, sizeSmall.settings(), elevate.NewToken(), caged)
	if err != nil {
		return err
	}
	defer c.stop()
	db, err := pgdb.Open(ctx, c.target("postgres").As(elevate.Superuser))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, name := range prepared {
		if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
			return err
		}
	}
	if err := t.setup(ctx, c); err != nil {
		return err
	}
	var text []byte
	if err := db.QueryRowContext(ctx, "SELECT json_object_agg(datname, oid::int) FROM pg_database").Scan(&text); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &t.oids); err != nil {
		return err
	}
	if err := elevate.Close(ctx, db.DB); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	db.Close()
	return c.shutdown()
}

// setup makes the database whose files all others get, and the roles.
func (t *template) setup(ctx context.Context, c *cluster) error {
	db, err := pgdb.Open(ctx, c.target(prepared[0]).As(elevate.Superuser))
	if err != nil {
		return err
	}
	defer db.Close()
	return elevate.Setup(ctx, db.DB, append([]string{"postgres", "template0", "template1"}, prepared...))
}

// share keeps the files of one database for all.
func (t *template) share() error {
	if err := slim(t.cluster()); err != nil {
		return err
	}
	if err := os.Rename(t.base(t.cluster(), prepared[0]), t.database()); err != nil {
		return err
	}
	for name := range t.oids {
		if err := os.RemoveAll(t.base(t.cluster(), name)); err != nil {
			return err
		}
	}
	return nil
}

// base is the folder of a database in a cluster.
func (t *template) base(cluster, name string) string {
	return filepath.Join(cluster, "base", strconv.Itoa(t.oids[name]))
}

// give puts a database's files into a copy of the cluster, unless they are there.
// ours: nobody but us can change the copy yet, and links need not be looked for.
func (t *template) give(cluster, name string, a *account, ours bool) error {
	to := t.base(cluster, name)
	if _, err := os.Lstat(to); err == nil {
		return nil
	}
	if ours {
		return copyTree(t.database(), to, a)
	}
	return between(t.database(), filepath.Dir(to), func(from, base *os.Root) error {
		name := filepath.Base(to)
		if err := base.Mkdir(name, 0o700); err != nil {
			return err
		}
		if err := copyBeneath(from, base, name, a); err != nil || a == nil {
			return err
		}
		uid, gid := a.ids()
		return base.Lchown(name, uid, gid)
	})
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
