package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	spdxjson "github.com/spdx/tools-golang/json"

	"github.com/seniorbackend/tools/scripts/goproxy"
	"github.com/seniorbackend/tools/scripts/house"
)

var (
	full   = flag.Bool("full", false, "every platform, and each release twice")
	update = flag.Bool("update", false, "rewrite the page of licences")
)

// made is the folder of one rehearsed release of each tool. It is made once: it
// builds three programs.
var made = map[string]string{}

const version = "v0.1.0"

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := rehearseAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func rehearseAll(m *testing.M) (int, error) {
	if *update {
		return m.Run(), nil // nothing is built for a page
	}
	dir, err := os.MkdirTemp("", "release-test-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	for _, tool := range house.Tools() {
		made[tool] = filepath.Join(dir, tool)
		if err := run(tool, version, made[tool], true, wanted(), io.Discard); err != nil {
			return 0, fmt.Errorf("%s: %w", tool, err)
		}
	}
	return m.Run(), nil
}

// wanted are the platforms of a test: this one, or all.
func wanted() []platform {
	if *full {
		return platforms
	}
	return []platform{here}
}

func each(t *testing.T, test func(t *testing.T, tool, dir string)) {
	for _, tool := range house.Tools() {
		t.Run(tool, func(t *testing.T) { test(t, tool, made[tool]) })
	}
}

// The archive's program runs, and everything that users look for lies beside it.
func TestArchives(t *testing.T) {
	each(t, func(t *testing.T, tool, dir string) {
		files := untar(t, filepath.Join(dir, fmt.Sprintf("%s_0.1.0_%s.tar.gz", tool, here)))
		for _, name := range []string{
			tool, "LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY.txt", "man/" + tool + ".1",
			"completions/bash/" + tool, "completions/zsh/_" + tool, "completions/fish/" + tool + ".fish",
		} {
			if len(files[name]) == 0 {
				t.Errorf("%s is missing or empty", name)
			}
		}
		program := filepath.Join(t.TempDir(), tool)
		if err := os.WriteFile(program, files[tool], 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "--version").Output()
		if want := tool + " " + version + " "; err != nil || !strings.HasPrefix(string(out), want) {
			t.Errorf("--version: %q, %v; want %q", out, err, want)
		}
		if bytes.Contains(files[tool], []byte(os.Getenv("HOME")+"/")) && os.Getenv("HOME") != "" {
			t.Error("the program names this machine's folders")
		}
	})
}

func untar(t *testing.T, name string) map[string][]byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uname != "" || h.Uid != 0 {
			t.Errorf("%s belongs to %s %d", h.Name, h.Uname, h.Uid)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		_, inner, _ := strings.Cut(h.Name, "/")
		files[inner] = data
	}
}

// Whoever passes the program on passes the licences on, of every module that is
// linked: go version -m says which those are.
func TestEveryModuleHasItsLicence(t *testing.T) {
	each(t, func(t *testing.T, tool, dir string) {
		files := untar(t, filepath.Join(dir, fmt.Sprintf("%s_0.1.0_%s.tar.gz", tool, here)))
		program := filepath.Join(t.TempDir(), tool)
		if err := os.WriteFile(program, files[tool], 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("go", "version", "-m", program).Output()
		if err != nil {
			t.Fatal(err)
		}
		sbom, err := os.Open(filepath.Join(dir, tool+"_0.1.0.spdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		defer sbom.Close()
		doc, err := spdxjson.Read(sbom)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		linked := 0
		for line := range strings.Lines(string(out)) {
			f := strings.Fields(line)
			if len(f) < 3 || f[0] != "dep" || strings.Contains(f[1], "seniorbackend/") {
				continue
			}
			linked++
			if !bytes.Contains(files["THIRD_PARTY.txt"], []byte("  "+f[1]+" "+f[2]+": ")) {
				t.Errorf("THIRD_PARTY.txt does not name %s %s", f[1], f[2])
			}
			if !bytes.Contains(data, []byte("pkg:golang/"+f[1]+"@"+f[2])) {
				t.Errorf("the list in SPDX does not name %s %s", f[1], f[2])
			}
		}
		if linked == 0 {
			t.Error("no module was looked at")
		}
	})
}

func TestChecksums(t *testing.T) {
	each(t, func(t *testing.T, tool, dir string) {
		data, err := os.ReadFile(filepath.Join(dir, tool+"_0.1.0_checksums.txt"))
		if err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range strings.Lines(string(data)) {
			sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
			file, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || sum != fmt.Sprintf("%x", sha256.Sum256(file)) {
				t.Errorf("%s: %v", name, err)
			}
			lines++
		}
		if lines < 2 {
			t.Errorf("only %d files are listed", lines)
		}
	})
}

// The packages hold what their package managers think they do.
func TestPackages(t *testing.T) {
	if here.os != "linux" {
		t.Skip("deb and rpm are of Linux")
	}
	each(t, func(t *testing.T, tool, dir string) {
		for _, list := range [][]string{
			{"dpkg-deb", "--contents", "*.deb"}, {"rpm", "--query", "--list", "--package", "*.rpm"},
		} {
			files, err := filepath.Glob(filepath.Join(dir, list[len(list)-1]))
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: %v", list[len(list)-1], err)
			}
			out, err := exec.Command(list[0], append(list[1:len(list)-1], files[0])...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %v: %s", list, err, out)
			}
			for _, name := range []string{"/usr/bin/" + tool, "/man/man1/" + tool + ".1.gz", "/completions/" + tool, "/_" + tool, "/" + tool + ".fish", "/copyright"} {
				if !strings.Contains(string(out), name) {
					t.Errorf("%s does not hold %s:\n%s", list[0], name, out)
				}
			}
		}
	})
}

// The formula is Ruby, and what it says runs: Homebrew itself is played by a few
// lines, the commands and the test are the formula's own.
func TestFormula(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, tool, dir string) {
		file := filepath.Join(dir, "homebrew", tool+".rb")
		if out, err := exec.Command("ruby", "-wc", file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		published, err := goproxy.Publish(w.Root, map[string][]string{tool: {version}})
		if err != nil {
			t.Fatal(err)
		}
		defer published.Close()
		cmd := exec.Command("ruby", filepath.Join("testdata", "homebrew.rb"), file, w.Root, t.TempDir())
		cmd.Env = published.Env
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.HasSuffix(string(out), "formula ok\n") {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// npm installs the program for this platform and npx starts it, with its
// streams and its exit code.
func TestNPM(t *testing.T) {
	words := npmNames[runtime.GOOS] + "-" + npmNames[runtime.GOARCH]
	work := t.TempDir()
	var packed []string
	for _, name := range []string{"scaffolder-" + words, "scaffolder"} {
		cmd := exec.Command("npm", "pack", "--silent", filepath.Join(made["scaffolder"], "npm", name))
		cmd.Dir = work
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("npm pack %s: %v", name, err)
		}
		packed = append(packed, "./"+strings.TrimSpace(string(out)))
	}
	if err := os.WriteFile(filepath.Join(work, "package.json"), []byte(`{"private": true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	// The platforms that are not rehearsed are not published anywhere.
	install := exec.Command("npm", append([]string{"install", "--no-audit", "--no-fund", "--offline", "--omit=optional"}, packed...)...)
	install.Dir = work
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	call := func(args ...string) (string, error) {
		cmd := exec.Command(filepath.Join(work, "node_modules", ".bin", "scaffolder"), args...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := call("--version"); err != nil || !strings.HasPrefix(out, "scaffolder "+version+" ") {
		t.Errorf("--version: %q, %v", out, err)
	}
	if out, err := call("generate", "nowhere.yaml"); exitCode(err) != 2 || !strings.Contains(out, "nowhere.yaml does not exist") {
		t.Errorf("a failure: %q, %v", out, err)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// The image's folder has what its Dockerfile copies.
func TestImage(t *testing.T) {
	if here.os != "linux" {
		t.Skip("images are of Linux")
	}
	each(t, func(t *testing.T, tool, dir string) {
		file, err := os.ReadFile(filepath.Join(dir, "image", "Dockerfile"))
		if err != nil || !strings.Contains(string(file), "COPY ${TARGETPLATFORM}/"+tool+" /"+tool) {
			t.Errorf("%s, %v", file, err)
		}
		out, err := exec.Command(filepath.Join(dir, "image", "linux", here.arch, tool), "--version").Output()
		if err != nil || !strings.HasPrefix(string(out), tool+" ") {
			t.Errorf("%s, %v", out, err)
		}
	})
}

// The page of licences is what the programs are linked with.
func TestThirdParty(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	got, err := thirdParty(w)
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(w.Root, thirdPartyPage)
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(page); err != nil || string(want) != got {
		t.Errorf("%s is not what is linked (%v): go test ./release -run ThirdParty -update", thirdPartyPage, err)
	}
}

// The same version gives the same bytes.
func TestTheSameBytesTwice(t *testing.T) {
	if !*full {
		t.Skip("builds everything again: -full")
	}
	each(t, func(t *testing.T, tool, dir string) {
		t.Setenv("GOCACHE", t.TempDir())
		again := filepath.Join(t.TempDir(), "again")
		if err := run(tool, version, again, true, wanted(), io.Discard); err != nil {
			t.Fatal(err)
		}
		name := tool + "_0.1.0_checksums.txt"
		a, errA := os.ReadFile(filepath.Join(dir, name))
		b, errB := os.ReadFile(filepath.Join(again, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%v, %v:\n%s\n%s", errA, errB, a, b)
		}
	})
}

// What stands against a release is said by name.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ tool, version, want string }{
		{"loadtest", "v1.0.0", `no tool is called "loadtest"`},
		{"loadtester", "1.0.0", `"1.0.0" is no version`},
		{"loadtester", "v1", `"v1" is no version`},
		{"loadtester", "v99.0.0", "there is no tag loadtester/v99.0.0"},
		{"loadtester", "v99.0.0", "loadtester/CHANGELOG.md has no heading for 99.0.0"},
	} {
		err := run(c.tool, c.version, filepath.Join(t.TempDir(), "dist"), false, wanted(), io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v; want %q", c.tool, c.version, err, c.want)
		}
	}
}

// A zip for Windows can be opened, and says the same.
func TestZip(t *testing.T) {
	if !*full {
		t.Skip("Windows is built with -full")
	}
	each(t, func(t *testing.T, tool, dir string) {
		z, err := zip.OpenReader(filepath.Join(dir, tool+"_0.1.0_windows_amd64.zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		if z.File[0].Name != tool+"_0.1.0_windows_amd64/"+tool+".exe" {
			t.Errorf("the first file is %s", z.File[0].Name)
		}
	})
}
