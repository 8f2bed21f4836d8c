package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed npm npm/.npmrc
var lock embed.FS

// packages is a directory with the node_modules of npm/, installed once for each
// lock file.
func packages() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	files := []string{"package.json", "package-lock.json", ".npmrc"}
	sum := sha256.New()
	contents := map[string][]byte{}
	for _, name := range files {
		if contents[name], err = lock.ReadFile("npm/" + name); err != nil {
			return "", err
		}
		sum.Write(contents[name])
	}
	dir := filepath.Join(cache, "seniorbackend-tools", "bench-"+hex.EncodeToString(sum.Sum(nil))[:16])
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(dir, name), contents[name], 0o644); err != nil {
			return "", err
		}
	}
	fmt.Fprintln(os.Stderr, "installing npm packages into", dir)
	install := exec.Command("npm", "ci", "--ignore-scripts", "--loglevel=error")
	install.Dir, install.Stderr = dir, os.Stderr
	if err := install.Run(); err != nil {
		return "", fmt.Errorf("npm ci: %w", err)
	}
	return dir, os.WriteFile(done, nil, 0o644)
}
