package scratch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seniorbackend/tools/shared/problem"
)

// embeddedVersion is the server of a major version that is downloaded: the last
// one that was published for the usual platforms.
func embeddedVersion(major int) (string, bool) {
	version, ok := map[int]string{
		13: "13.18.0", 14: "14.22.0", 15: "15.19.0", 16: "16.15.0", 17: "17.11.0", 18: "18.4.0",
	}[major]
	return version, ok
}

// newestEmbedded is what a schema without a live database is loaded into.
const newestEmbedded = 17

// openEmbedded downloads a server once, and then runs it as a local one.
func openEmbedded(ctx context.Context, o Options) (Server, error) {
	major := o.major(newestEmbedded)
	version, ok := embeddedVersion(major)
	if !ok {
		return nil, problem.New("use --scratch server", "there is no embedded PostgreSQL %d", major)
	}
	a := serverAccount()
	cache, err := cacheFolder(o.Cache, a)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "embedded-"+version)
	p := programs{dir: filepath.Join(dir, "bin")}
	if !isFile(p.path("postgres")) {
		if err := fetch(ctx, o, version, dir, cache); err != nil {
			return nil, err
		}
	}
	if p.version, err = programVersion(ctx, p, a, cache); err != nil {
		return nil, problem.Wrap(err, "use --scratch local or --scratch server", "the downloaded PostgreSQL %s does not run here: %v", version, err)
	}
	return startLocal(ctx, p, "embedded", o)
}

// fetch downloads and unpacks a server. MIGRATOR_EMBEDDED_REPOSITORY names a
// mirror, which need not be believed: the checksums are ours.
func fetch(ctx context.Context, o Options, version, dir, cache string) error {
	unlock, err := lock(dir+".lock", true)
	if err != nil {
		return err
	}
	defer unlock()
	if isFile(filepath.Join(dir, "bin", "postgres")) {
		return nil
	}
	a, ok := archiveOf(version)
	if !ok {
		return problem.New("install PostgreSQL and use --scratch local", "no PostgreSQL %s is published for this platform", version)
	}
	from := repository()
	if mirror := os.Getenv("MIGRATOR_EMBEDDED_REPOSITORY"); mirror != "" {
		from = mirror
	}
	fmt.Fprintf(o.Log, "downloading PostgreSQL %s (once, about 15 MB)\n", version)
	body, err := a.download(ctx, from)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return problem.Wrap(err, "check the network, or install PostgreSQL and use --scratch local", "PostgreSQL cannot be downloaded: %v", err)
	}
	making, err := os.MkdirTemp(cache, "embedded-making-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(making)
	if err := unpack(body, making); err != nil {
		return problem.Wrap(err, "is there room for 100 MB?", "PostgreSQL cannot be unpacked: %v", err)
	}
	// Root's other account has to read them.
	if err := os.Chmod(making, 0o755); err != nil {
		return err
	}
	return os.Rename(making, dir)
}
