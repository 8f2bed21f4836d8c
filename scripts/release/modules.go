package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// An inner module is one that a program is linked with.
type inner struct {
	path, version string
	sum           string // "h1:…", as go.sum has it
	licence       string // SPDX expression, "MIT" or "Apache-2.0 AND BSD-3-Clause"
	texts         []text // of the licences and notices
}

// A text is a file that a licence asks to be passed on.
type text struct{ name, body string }

// modules lists what the programs for the platforms are linked with, Go's own
// library first.
func (r *release) modules(platforms []platform) ([]inner, error) {
	r.progress("reading licences")
	versions := map[string]bool{} // path@version
	for _, p := range platforms {
		env := r.env
		r.env = append(slices.Clone(env), "GOOS="+p.os, "GOARCH="+p.arch)
		out, err := r.output(filepath.Join(r.root, r.tool), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}{{end}}{{end}}", ".")
		r.env = env
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if v := strings.TrimSpace(line); v != "" && !strings.HasPrefix(v, strings.TrimSuffix(r.module, r.tool)) {
				versions[v] = true
			}
		}
	}
	list := []inner{{path: "std", version: runtime.Version()}}
	goroot, err := r.output("", "go", "env", "GOROOT")
	if err == nil {
		err = list[0].read(goroot)
	}
	if err != nil {
		return nil, err
	}
	modules, err := r.download(versions)
	return append(list, modules...), err
}

// download asks where the modules' sources are, and reads their licences.
func (r *release) download(versions map[string]bool) ([]inner, error) {
	args := []string{"mod", "download", "-json"}
	for v := range versions {
		args = append(args, v)
	}
	slices.Sort(args[3:])
	out, err := r.output(filepath.Join(r.root, r.tool), "go", args...)
	if err != nil {
		return nil, err
	}
	var list []inner
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var m struct{ Path, Version, Dir, Sum string }
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		one := inner{path: m.Path, version: m.Version, sum: m.Sum}
		if err := one.read(m.Dir); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|unlicense|patents)([-._].*)?$`)

// unnamed are the licences of modules whose texts no list of licences knows.
var unnamed = map[string]string{
	// "The code … has been put into the public domain", says its LICENSE.
	"github.com/xi2/xz": "LicenseRef-public-domain",
}

// read takes the licence texts from a module's folder. A module without one
// must not be passed on.
func (m *inner) read(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, text{e.Name(), string(body)})
		for _, match := range licensecheck.Scan(body).Match {
			if match.IsURL { // a link to a licence, often its own
				continue
			}
			if id := match.ID; !slices.Contains(ids, id) && id != "GooglePatentsFile" && id != "GooglePatentClause" {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 && unnamed[m.path] != "" {
		ids = []string{unnamed[m.path]}
	}
	if len(m.texts) == 0 || len(ids) == 0 {
		return fmt.Errorf("%s %s: no licence found in its %d files of texts", m.path, m.version, len(m.texts))
	}
	slices.Sort(ids)
	m.licence = strings.Join(ids, " AND ")
	return nil
}

// notices is the file of all licence texts that travels with a program. Equal
// texts stand once.
func notices(tool string, modules []inner) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s contains the following, each under its own licence.\n", tool)
	users := map[string][]string{}
	var bodies []string
	for _, m := range modules {
		fmt.Fprintf(&b, "\n  %s %s: %s", m.path, m.version, m.licence)
		for _, t := range m.texts {
			if users[t.body] == nil {
				bodies = append(bodies, t.body)
			}
			users[t.body] = append(users[t.body], m.path+" ("+t.name+")")
		}
	}
	b.WriteByte('\n')
	for _, body := range bodies {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(users[body], "\n"), strings.TrimSpace(body))
	}
	return b.String()
}
