package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A member is a file of an archive.
type member struct {
	name string // with slashes, below the archive's folder
	mode os.FileMode
	data []byte
}

// completionNames are the files that the shells look for.
func completionName(tool, shell string) string {
	switch shell {
	case "bash":
		return tool
	case "zsh":
		return "_" + tool
	default:
		return tool + ".fish"
	}
}

// members is what an archive holds, in the order in which it stands there.
func (r *release) members(b binary, c *contents) ([]member, error) {
	program, err := os.ReadFile(b.file)
	if err != nil {
		return nil, err
	}
	list := []member{
		{b.name(r.tool), 0o755, program},
		{"LICENSE", 0o644, c.licence},
		{"README.md", 0o644, c.readme},
		{"CHANGELOG.md", 0o644, c.changelog},
		{"THIRD_PARTY.txt", 0o644, c.notices},
		{"man/" + r.tool + ".1", 0o644, c.man},
	}
	for _, shell := range shells {
		list = append(list, member{"completions/" + shell + "/" + completionName(r.tool, shell), 0o644, c.completions[shell]})
	}
	return list, nil
}

// archives writes one archive a platform: zip for Windows, tar.gz elsewhere.
func (r *release) archives(binaries []binary, c *contents) error {
	for _, b := range binaries {
		list, err := r.members(b, c)
		if err != nil {
			return err
		}
		folder := fmt.Sprintf("%s_%s_%s", r.tool, r.number(), b.platform)
		write, ending := r.tarball, ".tar.gz"
		if b.os == "windows" {
			write, ending = r.zip, ".zip"
		}
		if err := r.create(folder+ending, func(w io.Writer) error { return write(w, folder, list) }); err != nil {
			return err
		}
	}
	return nil
}

// create writes a file of the release.
func (r *release) create(name string, write func(io.Writer) error) (err error) {
	r.progress("writing %s", name)
	path := filepath.Join(r.out, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// tarball holds no name, account or time of this machine.
func (r *release) tarball(w io.Writer, folder string, list []member) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(compressed)
	for _, m := range list {
		header := &tar.Header{
			Name: strings.TrimPrefix(folder+"/"+m.name, "/"), Mode: int64(m.mode), Size: int64(len(m.data)),
			ModTime: r.when, Format: tar.FormatUSTAR, Typeflag: tar.TypeReg,
		}
		if err := t.WriteHeader(header); err != nil {
			return err
		}
		if _, err := t.Write(m.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

func (r *release) zip(w io.Writer, folder string, list []member) error {
	z := zip.NewWriter(w)
	for _, m := range list {
		header := &zip.FileHeader{Name: folder + "/" + m.name, Method: zip.Deflate, Modified: r.when}
		header.SetMode(m.mode)
		f, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := f.Write(m.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// checksums lists what was written as sha256sum does, for sha256sum --check.
func (r *release) checksums() error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	return r.create(fmt.Sprintf("%s_%s_checksums.txt", r.tool, r.number()), func(w io.Writer) error {
		_, err := io.WriteString(w, b.String())
		return err
	})
}
