package scratch

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"

	"github.com/seniorbackend/tools/shared/problem"
)

// embeddedVersion is the server of a major version that is downloaded: the last
// one that was published for every platform. The library's own list names some
// that were published for none.
func embeddedVersion(major int) (embedded.PostgresVersion, bool) {
	version, ok := map[int]embedded.PostgresVersion{
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
	dir := filepath.Join(cache, "embedded-"+string(version))
	p := programs{dir: filepath.Join(dir, "bin")}
	if !isFile(p.path("postgres")) {
		if err := fetch(o, version, dir, cache); err != nil {
			return nil, err
		}
	}
	if p.version, err = programVersion(ctx, p, a, cache); err != nil {
		return nil, problem.Wrap(err, "use --scratch local or --scratch server", "the downloaded PostgreSQL %s does not run here: %v", version, err)
	}
	return startLocal(ctx, p, "embedded", o)
}

// fetch downloads and unpacks a server. The library also starts what it fetched,
// which we do in our own way: only the unpacked programs are kept of it.
// MIGRATOR_EMBEDDED_REPOSITORY names a mirror.
func fetch(o Options, version embedded.PostgresVersion, dir, cache string) error {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return problem.Wrap(err, "set XDG_CACHE_HOME to a folder that can be written", "cannot make the cache folder %s", cache)
	}
	unlock, err := lock(dir+".lock", true)
	if err != nil {
		return err
	}
	defer unlock()
	if isFile(filepath.Join(dir, "bin", "postgres")) {
		return nil
	}
	fmt.Fprintf(o.Log, "downloading PostgreSQL %s (once, about 15 MB)\n", version)
	making, err := os.MkdirTemp(cache, "embedded-making-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(making)
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	config := embedded.DefaultConfig().Version(version).Port(uint32(port)).Logger(nil).
		CachePath(filepath.Join(making, "archive")).BinariesPath(filepath.Join(making, "programs")).
		RuntimePath(filepath.Join(making, "run")).DataPath(filepath.Join(making, "run", "data"))
	if mirror := os.Getenv("MIGRATOR_EMBEDDED_REPOSITORY"); mirror != "" {
		config = config.BinaryRepositoryURL(mirror)
	}
	server := embedded.NewDatabase(config)
	started := server.Start()
	if started == nil {
		server.Stop()
	}
	programs := filepath.Join(making, "programs")
	if !isFile(filepath.Join(programs, "bin", "postgres")) {
		return problem.Wrap(started, "check the network, or install PostgreSQL and use --scratch local", "PostgreSQL cannot be downloaded: %v", started)
	}
	// Root's other account has to read them.
	if err := os.Chmod(programs, 0o755); err != nil {
		return err
	}
	return os.Rename(programs, dir)
}
