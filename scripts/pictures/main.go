// Command pictures makes the pictures of README.md from a run of scripts/quickstart:
// the session as an animated SVG, two excerpts of it, and the HTML report as Chromium
// shows it. It writes docs/pictures.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "pictures.")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var out bytes.Buffer
	tour := exec.Command("scripts/quickstart", dir)
	tour.Stdout, tour.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
	if err := tour.Run(); err != nil {
		return err
	}
	steps := session(strings.ReplaceAll(out.String(), dir+"/", ""))
	pictures := filepath.Join("docs", "pictures")
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return err
	}
	for name, svg := range map[string][]byte{
		"session.svg": animated(excerpt(steps, 9, "scaffolder generate", "curl -sS -X POST", "migrator diff --from docs", "loadtester run http")),
		"refused.svg": still(excerpt(steps, 12, "curl -sS -X POST")),
		"proved.svg":  still(excerpt(steps, 30, "migrator diff --from docs")),
	} {
		if err := os.WriteFile(filepath.Join(pictures, name), svg, 0o644); err != nil {
			return err
		}
	}
	shot, err := filepath.Abs(filepath.Join(pictures, "report.png"))
	if err != nil {
		return err
	}
	browser := exec.Command("chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1280,1500", "--screenshot="+shot, "file://"+filepath.Join(dir, "report.html"))
	if out, err := browser.CombinedOutput(); err != nil {
		return fmt.Errorf("chromium: %w\n%s", err, out)
	}
	return nil
}
