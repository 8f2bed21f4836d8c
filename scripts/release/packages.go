package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

// summaries are what packagers show of a tool.
var summaries = map[string]string{
	"scaffolder": "TypeScript servers from OpenAPI documents and databases, and documents from existing routes",
	"migrator":   "PostgreSQL migrations from schema diffs, proved before they run",
	"loadtester": "HTTP load tests at an exact rate",
}

// packages writes a deb and an rpm for each Linux.
func (r *release) packages(binaries []binary, c *contents) error {
	for _, b := range binaries {
		if b.os != "linux" {
			continue
		}
		for _, format := range []string{"deb", "rpm"} {
			if err := r.pack(b, c, format); err != nil {
				return fmt.Errorf("%s for %s: %w", format, b.platform, err)
			}
		}
	}
	return nil
}

func (r *release) pack(b binary, c *contents, format string) error {
	dir, err := os.MkdirTemp("", "package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	list, err := r.installed(dir, b, c)
	if err != nil {
		return err
	}
	info := nfpm.WithDefaults(&nfpm.Info{
		Name: r.tool, Arch: b.arch, Platform: "linux", Version: r.number(), Section: "devel", Priority: "optional",
		Maintainer: "The authors of " + r.tool + " <https://" + r.module + ">", Homepage: "https://" + r.module,
		Description: summaries[r.tool], License: "MIT", MTime: r.when,
		Overridables: nfpm.Overridables{Contents: list, RPM: nfpm.RPM{BuildHost: "localhost"}},
	})
	if err := nfpm.PrepareForPackager(info, format); err != nil {
		return err
	}
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	return r.create(packager.ConventionalFileName(info), func(w io.Writer) error { return packager.Package(info, w) })
}

// installed lays out the files in dir and says where a package puts them.
func (r *release) installed(dir string, b binary, c *contents) (files.Contents, error) {
	man, err := zipped(c.man)
	if err != nil {
		return nil, err
	}
	docs := "/usr/share/doc/" + r.tool + "/"
	list := files.Contents{r.file(b.file, "/usr/bin/"+r.tool, 0o755)}
	for to, data := range map[string][]byte{
		"/usr/share/man/man1/" + r.tool + ".1.gz":                                  man,
		"/usr/share/bash-completion/completions/" + completionName(r.tool, "bash"): c.completions["bash"],
		"/usr/share/zsh/site-functions/" + completionName(r.tool, "zsh"):           c.completions["zsh"],
		"/usr/share/fish/vendor_completions.d/" + completionName(r.tool, "fish"):   c.completions["fish"],
		docs + "copyright": c.licence, docs + "README.md": c.readme,
		docs + "CHANGELOG.md": c.changelog, docs + "THIRD_PARTY.txt": c.notices,
	} {
		from := filepath.Join(dir, fmt.Sprint(len(list)))
		if err := os.WriteFile(from, data, 0o644); err != nil {
			return nil, err
		}
		list = append(list, r.file(from, to, 0o644))
	}
	return list, nil
}

func (r *release) file(from, to string, mode os.FileMode) *files.Content {
	return &files.Content{Source: from, Destination: to, FileInfo: &files.ContentFileInfo{Mode: mode, MTime: r.when, Owner: "root", Group: "root"}}
}

func zipped(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
