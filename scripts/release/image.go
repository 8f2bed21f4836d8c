package main

import (
	"io"
	"os"
	"path/filepath"
)

// image writes the folder that `docker buildx build` makes the container image
// of: the program for each Linux and nothing else.
func (r *release) image(binaries []binary, _ *contents) error {
	for _, b := range binaries {
		if b.os != "linux" {
			continue
		}
		name := "image/linux/" + b.arch + "/" + r.tool
		if err := r.create(name, func(w io.Writer) error { return copyFile(w, b.file) }); err != nil {
			return err
		}
		if err := r.executable(name); err != nil {
			return err
		}
	}
	return r.create("image/Dockerfile", func(w io.Writer) error {
		return templates.ExecuteTemplate(w, "Dockerfile.tmpl", r.page())
	})
}

// executable lets everybody run a file of the release.
func (r *release) executable(name string) error {
	return os.Chmod(filepath.Join(r.out, filepath.FromSlash(name)), 0o755)
}

func copyFile(w io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}
