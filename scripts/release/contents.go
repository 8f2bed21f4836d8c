package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// contents is what lies beside a program in archives and packages.
type contents struct {
	readme, changelog, licence, notices []byte
	man                                 []byte
	completions                         map[string][]byte // by shell
}

// shells are those that the tools print completions for.
var shells = []string{"bash", "zsh", "fish"}

// extras reads the documents and has the program of this machine print its
// manual page and completions.
func (r *release) extras(work string, inside []inner) (*contents, error) {
	c := &contents{completions: map[string][]byte{}, notices: []byte(notices(r.tool, inside))}
	for name, to := range map[string]*[]byte{
		filepath.Join(r.tool, "README.md"):    &c.readme,
		filepath.Join(r.tool, "CHANGELOG.md"): &c.changelog,
		"LICENSE":                             &c.licence,
	} {
		data, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		*to = data
	}
	program := filepath.Join(work, "gopath", "bin", binary{platform: here}.name(r.tool))
	var err error
	if c.man, err = r.print(program, "man"); err != nil {
		return nil, err
	}
	for _, shell := range shells {
		if c.completions[shell], err = r.print(program, "completion", shell); err != nil {
			return nil, err
		}
		if bytes.Contains(c.completions[shell], []byte(work)) {
			return nil, fmt.Errorf("the completion for %s names this machine's folders", shell)
		}
	}
	return c, nil
}

// print runs the program and returns its standard output. Its date is that of
// the release.
func (r *release) print(program string, args ...string) ([]byte, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.when.Unix(), 10))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %v: %w: %s", filepath.Base(program), args, err, stderr.Bytes())
	}
	return out, nil
}
