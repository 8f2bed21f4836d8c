package project

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
)

// Entries are the files that the program may start from, most likely first: what
// the scripts of the manifest start, what it names as main or bin, then the usual
// names. The first named of them are those that the manifest names. Only files that are
// there are listed.
func (p *Project) Entries() (out []string, named int) {
	add := func(file string) {
		if file != "" && (IsSource(file) || filepath.Ext(file) == "") && !slices.Contains(out, file) && !inModules(file) {
			out = append(out, file)
		}
	}
	m := p.manifestIn(p.Package)
	if m != nil {
		for _, file := range p.started(m) {
			add(file)
		}
		for _, main := range []string{m.Source, m.Main, m.Module} {
			if main != "" {
				add(p.fileOrSource(filepath.Join(m.Dir, filepath.FromSlash(main))))
			}
		}
		for _, bin := range binaries(m.Bin) {
			add(p.fileOrSource(filepath.Join(m.Dir, filepath.FromSlash(bin))))
		}
		if len(m.Exports) > 0 {
			add(p.packageFile(m.Dir, "."))
		}
	}
	named = len(out)
	for _, dir := range []string{"src", "", "server", "src/server", "app", "lib", "bin", "api", "backend", "src/main", "src/api", "src/app", "src/bin", "server/src"} {
		for _, name := range []string{"server", "index", "main", "app", "www", "start"} {
			for _, ext := range extensions() {
				if file := filepath.Join(p.Package, dir, name+ext); p.files.isFile(file) {
					add(file)
				}
			}
			if file := filepath.Join(p.Package, dir, name); p.files.isFile(file) {
				out = append(out, file)
			}
		}
	}
	return out, named
}

func (p *Project) fileOrSource(path string) string {
	if file := p.File(path); file != "" {
		return file
	}
	return p.unbuilt(path)
}

// started are the files that scripts run: start first, then those for developers.
func (p *Project) started(m *Manifest) []string {
	names := []string{"start", "start:server", "start:prod", "serve", "server", "dev", "dev:server", "start:dev", "develop", "watch"}
	for _, name := range sortedKeys(m.Scripts) {
		if !slices.Contains(names, name) && (strings.Contains(name, "start") || strings.Contains(name, "dev") || strings.Contains(name, "server")) {
			names = append(names, name)
		}
	}
	var out []string
	for _, name := range names {
		out = append(out, p.commandFiles(m, m.Scripts[name])...)
	}
	if data, err := p.Read(filepath.Join(m.Dir, "nodemon.json")); err == nil {
		var config struct{ Exec string }
		if json.Unmarshal(data, &config) == nil {
			out = append(out, p.commandFiles(m, config.Exec)...)
		}
	}
	return out
}

// commandFiles are the arguments of a shell command that name sources, or what
// sources are built to.
func (p *Project) commandFiles(m *Manifest, command string) []string {
	var out []string
	words := strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" \t;&|'\"`()=", r) })
	for i, word := range words {
		if word == "." && i > 0 && (words[i-1] == "node" || words[i-1] == "nodemon") {
			if file := p.inDirectory(m.Dir); file != "" {
				out = append(out, file)
			}
			continue
		}
		afterRequire := i > 0 && (words[i-1] == "-r" || words[i-1] == "--require" || words[i-1] == "--import" || words[i-1] == "-p" || words[i-1] == "--project")
		runner := i > 0 && (words[i-1] == "node" || words[i-1] == "nodemon" || strings.HasPrefix(words[i-1], "ts-node") || words[i-1] == "tsx")
		if afterRequire || strings.HasPrefix(word, "-") || !strings.ContainsAny(word, "./") && !runner || strings.ContainsAny(word, "*{$") || strings.HasSuffix(word, ".json") {
			continue
		}
		if file := p.fileOrSource(filepath.Join(m.Dir, filepath.FromSlash(word))); file != "" && (IsSource(file) || runner) {
			out = append(out, file)
		}
	}
	return out
}

// binaries are the files of the bin field, which is a text or an object.
func binaries(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var many map[string]string
	if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	var out []string
	for _, key := range objectKeys(raw) {
		out = append(out, many[key])
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Candidates are files of the package that look as if they made an application
// of one of the frameworks: where no entry leads to one. Tests are left out.
func (p *Project) Candidates() []string {
	var out []string
	for _, file := range p.Sources(p.Package) {
		base := strings.ToLower(filepath.Base(file))
		if strings.Contains(base, "test") || strings.Contains(base, "spec") || strings.Contains(base, "mock") {
			continue
		}
		data, err := p.Read(file)
		if err != nil || !makesApplication(data) {
			continue
		}
		if bytes.Contains(data, []byte("listen(")) {
			out = append([]string{file}, out...)
		} else {
			out = append(out, file)
		}
	}
	return out
}

// Sources are the source files below a directory, without folders of tests,
// dependencies and builds that are hidden.
func (p *Project) Sources(dir string) []string {
	var out []string
	for _, e := range p.List(dir) {
		path := filepath.Join(dir, e.Name)
		switch {
		case e.Dir && e.Name != "node_modules" && !strings.HasPrefix(e.Name, ".") && !isTestFolder(e.Name):
			out = append(out, p.Sources(path)...)
		case !e.Dir && IsSource(e.Name):
			out = append(out, path)
		}
	}
	return out
}

func isTestFolder(name string) bool {
	switch name {
	case "test", "tests", "__tests__", "__mocks__", "spec", "e2e", "cypress", "fixtures", "coverage", "public", "dist":
		return true
	}
	return false
}

// makesApplication says whether a source looks as if it made an application.
func makesApplication(data []byte) bool {
	for _, text := range []string{"express()", "fastify(", "Fastify(", "new Koa(", "new koa(", "restify."} {
		for rest := data; ; {
			i := bytes.Index(rest, []byte(text))
			if i < 0 {
				break
			}
			if i == 0 || !isWordByte(rest[i-1]) {
				return true
			}
			rest = rest[i+len(text):]
		}
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
