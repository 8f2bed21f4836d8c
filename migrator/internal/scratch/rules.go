package scratch

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/cage"
)

// shared are what programs need of any Linux: libraries, time zones, locales,
// dictionaries, and how to find them.
var shared = []string{
	"/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local/lib", "/usr/local/lib64",
	"/usr/share/postgresql", "/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/i18n", "/usr/share/icu", "/usr/share/tsearch_data",
	"/var/cache/postgresql/dicts", "/usr/share/hunspell", "/usr/share/myspell",
	"/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/nix/store",
}

// loaders start every dynamically linked program; the kernel executes them.
var loaders = []string{
	"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-linux-armhf.so.3", "/lib/ld-linux.so.2", "/lib64/ld64.so.2", "/lib64/ld64.so.1",
	"/lib/ld-linux-riscv64-lp64d.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1",
}

// rules are what a program of the installation may touch: itself, its libraries,
// and the folders that are given.
func (p programs) rules(program string, write ...string) cage.Rules {
	r := cage.Rules{Read: slices.Clone(shared), Write: write, Run: append([]string{p.path(program)}, loaders...)}
	above := filepath.Dir(p.dir)
	for _, name := range []string{"lib", "lib64", "share"} {
		// Of /usr, only what belongs to PostgreSQL is in the list above.
		if above != "/usr" && above != "/" {
			r.Read = append(r.Read, filepath.Join(above, name))
		}
	}
	if real, err := filepath.EvalSymlinks(p.path(program)); err == nil {
		r.Read = append(r.Read, real)
	}
	return r
}

// serverRules are the rules of the server itself.
func (p programs) serverRules(d *door, folders ...string) cage.Rules {
	r := p.rules("postgres", folders...)
	if d != nil {
		r.Listen = d.port
	}
	if p.version/10000 < 15 {
		r.Datagrams = true
		r.Read = append(r.Read, "/etc/hosts", "/etc/nsswitch.conf") // where it looks for localhost
	}
	return r
}

// initRules are those of initdb. It starts postgres with a shell, and asks the
// system for its locales; what it runs is its own, no schema is there yet.
func (p programs) initRules(folder string) cage.Rules {
	r := p.rules("initdb", folder)
	r.Run = append(r.Run, p.path("postgres"), "/bin/sh", "/usr/bin/locale", "/bin/locale")
	r.Read = append(r.Read, "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", p.dir)
	return r
}

// programEnv is all that a program sees of an environment: nothing of ours.
func programEnv() []string {
	env := []string{"LC_ALL=C"}
	for _, name := range []string{"SystemRoot", "SystemDrive", "TEMP", "TMP"} { // without these no program starts on Windows
		if value := os.Getenv(name); value != "" && runtime.GOOS == "windows" {
			env = append(env, name+"="+value)
		}
	}
	return env
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
