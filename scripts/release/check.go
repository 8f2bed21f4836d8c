package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// floors are the versions below which a module has a fault that is known and
// reaches us, with its name in the Go vulnerability database. They hold where
// that database cannot be asked.
var floors = map[string]struct{ version, because string }{
	"golang.org/x/text": {"v0.39.0", "GO-2026-5970"},
}

// check says everything that stands against the release, at once.
func (r *release) check(rehearsal bool) error {
	r.progress("checking")
	var problems []error
	add := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	add(r.checkTag(rehearsal))
	if !rehearsal {
		add(r.checkChangelog())
	}
	file, err := r.goMod()
	if err != nil {
		return errors.Join(append(problems, err)...)
	}
	if len(file.Replace) > 0 {
		add(fmt.Errorf("%s/go.mod replaces %s: go install refuses such a module", r.tool, file.Replace[0].Old.Path))
	}
	if !rehearsal {
		add(r.checkShared(file))
	}
	add(r.checkFloors())
	// A wrong go.sum passes go install and every build of the workspace.
	if _, err := r.output(filepath.Join(r.root, r.tool), "go", "build", "-trimpath", "./..."); err != nil {
		add(fmt.Errorf("the module does not build alone: %w", err))
	}
	return errors.Join(problems...)
}

// checkTag finds the commit and its time, which dates everything in the
// release. A rehearsal takes the last commit.
func (r *release) checkTag(rehearsal bool) error {
	name := "HEAD"
	if !rehearsal {
		name = r.tool + "/" + r.version
	}
	out, err := r.output(r.root, "git", "log", "-1", "--format=%H %ct", name)
	if err != nil {
		return fmt.Errorf("there is no tag %s: git tag %s, and push it first", name, name)
	}
	commit, seconds, _ := strings.Cut(out, " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return fmt.Errorf("time of %s: %w", name, err)
	}
	r.commit, r.when = commit, time.Unix(unix, 0).UTC()
	if rehearsal {
		return nil
	}
	head, err := r.output(r.root, "git", "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	if head != commit {
		return fmt.Errorf("%s is at %.12s and the checkout at %.12s: git checkout %s", name, commit, head, name)
	}
	if changed, err := r.output(r.root, "git", "status", "--porcelain"); err != nil || changed != "" {
		return errors.Join(err, errors.New("the checkout has changes that are not committed"))
	}
	return nil
}

func (r *release) goMod() (*modfile.File, error) {
	name := filepath.Join(r.root, r.tool, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}

// checkChangelog wants a heading of the version with something below it.
func (r *release) checkChangelog() error {
	data, err := os.ReadFile(filepath.Join(r.root, r.tool, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	heading := regexp.MustCompile(`(?m)^## \[?` + regexp.QuoteMeta(r.number()) + `\]?[ \n]`)
	at := heading.FindIndex(data)
	if at == nil {
		return fmt.Errorf("%s/CHANGELOG.md has no heading for %s", r.tool, r.number())
	}
	text, _, _ := strings.Cut(string(data[at[1]:]), "\n## ")
	if !strings.Contains(text, "\n- ") {
		return fmt.Errorf("%s/CHANGELOG.md says nothing below the heading of %s", r.tool, r.number())
	}
	return nil
}

// checkShared wants the version of shared that go.mod asks for to be out.
func (r *release) checkShared(file *modfile.File) error {
	shared := strings.TrimSuffix(r.module, "/"+r.tool) + "/shared"
	for _, require := range file.Require {
		if require.Mod.Path == shared {
			if _, err := r.output(r.root, "git", "rev-parse", "--verify", "--quiet", "shared/"+require.Mod.Version); err != nil {
				return fmt.Errorf("go.mod asks for shared %s, which has no tag", require.Mod.Version)
			}
		}
	}
	return nil
}

// checkFloors looks at the module graph as it is released, which the
// workspace's differs from.
func (r *release) checkFloors() error {
	out, err := r.output(filepath.Join(r.root, r.tool), "go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "all")
	if err != nil {
		return err
	}
	var problems []error
	for line := range strings.Lines(out) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		if floor, ok := floors[path]; ok && semver.Compare(version, floor.version) < 0 {
			problems = append(problems, fmt.Errorf("%s is linked at %s: %s asks for %s or later", path, version, floor.because, floor.version))
		}
	}
	return errors.Join(problems...)
}
