package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/seniorbackend/tools/scripts/goproxy"
	"github.com/seniorbackend/tools/scripts/house"
)

// A release is one tool at one version.
type release struct {
	tool    string // "loadtester"
	version string // "v1.2.3"
	root    string // the checkout
	module  string // the tool's module path
	out     string // where the files go
	commit  string // what the tag names
	when    time.Time
	env     []string // of go commands
	log     io.Writer
}

// number is the version as packagers write it: "1.2.3".
func (r *release) number() string { return strings.TrimPrefix(r.version, "v") }

// A platform is what a program is built for, in Go's words.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

// platforms are those that a release has programs for.
var platforms = []platform{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
}

func main() {
	out := flag.String("output", "dist", "the `folder` to write; it must not exist")
	rehearsal := flag.Bool("rehearse", false, "release the work tree as it is, from a module proxy of its own")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: release [-rehearse] [-output FOLDER] TOOL VERSION\n\nexample: release -output dist loadtester v1.2.3")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *out, *rehearsal, platforms, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

// run makes the release. The output folder appears when all of it is there.
func run(tool, version, out string, rehearsal bool, platforms []platform, log io.Writer) error {
	w, err := house.Find()
	if err != nil {
		return err
	}
	if !slices.Contains(house.Tools(), tool) {
		return fmt.Errorf("no tool is called %q: %s", tool, strings.Join(house.Tools(), ", "))
	}
	if !semver.IsValid(version) || semver.Canonical(version) != version {
		return fmt.Errorf("%q is no version: v1.2.3 is the form", version)
	}
	if _, err := os.Stat(out); err == nil {
		return fmt.Errorf("%s exists already", out)
	}
	r := &release{tool: tool, version: version, root: w.Root, module: w.Path + "/" + tool, log: log}
	if rehearsal {
		published, err := goproxy.Publish(w.Root, map[string][]string{tool: {version}})
		if err != nil {
			return err
		}
		defer published.Close()
		r.env = published.Env
	} else {
		r.env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	}
	if err := r.check(rehearsal); err != nil {
		return err
	}
	parent := filepath.Dir(filepath.Clean(out))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	if r.out, err = os.MkdirTemp(parent, ".release-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.out)
	if err := r.write(platforms); err != nil {
		return err
	}
	if err := os.Chmod(r.out, 0o755); err != nil {
		return err
	}
	return os.Rename(r.out, out)
}

// write makes every file of the release below r.out.
func (r *release) write(platforms []platform) error {
	work, err := os.MkdirTemp("", "release-")
	if err != nil {
		return err
	}
	defer removeAll(work)

	binaries, err := r.build(work, platforms)
	if err != nil {
		return err
	}
	inside, err := r.modules(platforms)
	if err != nil {
		return err
	}
	extras, err := r.extras(work, inside)
	if err != nil {
		return err
	}
	for _, step := range []func([]binary, *contents) error{
		r.archives, r.packages, r.formula, r.image, r.npm,
	} {
		if err := step(binaries, extras); err != nil {
			return err
		}
	}
	if err := r.sbom(inside); err != nil {
		return err
	}
	return r.checksums()
}

// output runs a command and returns what it printed, trimmed.
func (r *release) output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, r.env
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// progress says what is being done.
func (r *release) progress(format string, args ...any) {
	fmt.Fprintf(r.log, "%s %s: "+format+"\n", append([]any{r.tool, r.version}, args...)...)
}
