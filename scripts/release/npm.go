package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// npmScope is the organisation that the platform packages stand below.
const npmScope = "@seniorbackend"

// npmNames are npm's words for Go's.
var npmNames = map[string]string{"amd64": "x64", "arm64": "arm64", "linux": "linux", "darwin": "darwin", "windows": "win32"}

// manifest is a package.json, in the order in which people write one.
type manifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Description          string            `json:"description"`
	License              string            `json:"license"`
	Repository           string            `json:"repository"`
	Bin                  map[string]string `json:"bin,omitempty"`
	OS                   []string          `json:"os,omitempty"`
	CPU                  []string          `json:"cpu,omitempty"`
	Files                []string          `json:"files"`
	Engines              map[string]string `json:"engines,omitempty"`
	OptionalDependencies map[string]string `json:"optionalDependencies,omitempty"`
}

// npm writes the folders of the npm packages of the scaffolder, whose users have
// npx: a package for each platform with its program, and one that starts the
// right one. npm installs the one that fits; nothing is downloaded afterwards.
func (r *release) npm(binaries []binary, c *contents) error {
	if r.tool != "scaffolder" {
		return nil
	}
	parts := map[string]string{}
	for _, b := range binaries {
		m := r.manifest(fmt.Sprintf("%s/%s-%s-%s", npmScope, r.tool, npmNames[b.os], npmNames[b.arch]))
		m.Description = fmt.Sprintf("%s for %s on %s", r.tool, b.os, b.arch)
		m.OS, m.CPU, m.Files = []string{npmNames[b.os]}, []string{npmNames[b.arch]}, []string{"bin"}
		parts[m.Name] = m.Version
		folder := fmt.Sprintf("npm/%s-%s-%s/", r.tool, npmNames[b.os], npmNames[b.arch])
		if err := r.npmFolder(folder, m, c); err != nil {
			return err
		}
		name := folder + "bin/" + b.name(r.tool)
		if err := r.create(name, func(w io.Writer) error { return copyFile(w, b.file) }); err != nil {
			return err
		}
		if err := r.executable(name); err != nil {
			return err
		}
	}
	m := r.manifest(npmScope + "/" + r.tool)
	m.Bin = map[string]string{r.tool: "bin/" + r.tool + ".js"}
	m.Files, m.Engines, m.OptionalDependencies = []string{"bin"}, map[string]string{"node": ">=20"}, parts
	folder := "npm/" + r.tool + "/"
	if err := r.npmFolder(folder, m, c); err != nil {
		return err
	}
	name := folder + "bin/" + r.tool + ".js"
	err := r.create(name, func(w io.Writer) error { return templates.ExecuteTemplate(w, "launcher.js.tmpl", r.page()) })
	if err != nil {
		return err
	}
	return r.executable(name)
}

func (r *release) manifest(name string) manifest {
	return manifest{Name: name, Version: r.number(), Description: summaries[r.tool], License: "MIT", Repository: "https://" + r.module}
}

// npmFolder writes what every package holds.
func (r *release) npmFolder(folder string, m manifest, c *contents) error {
	m.Files = append(m.Files, "THIRD_PARTY.txt")
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"package.json": append(data, '\n'), "README.md": c.readme, "LICENSE": c.licence, "THIRD_PARTY.txt": c.notices,
	} {
		if err := r.create(folder+name, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return err
		}
	}
	return nil
}
