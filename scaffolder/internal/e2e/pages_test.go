package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/cli"
	"github.com/seniorbackend/tools/shared/terminal"
)

// TestMain lets the test binary be scaffolder itself, for the commands of a page.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "scaffolder" {
		os.Exit(cli.Main(context.Background(), os.Args[1:], terminal.Standard(), "v0.0.0"))
	}
	os.Exit(m.Run())
}

// TestPages does what the pages of docs/scaffolder say, from top to bottom: each
// block of a file is written, each command is run, and prints what the page shows.
func TestPages(t *testing.T) {
	npm := packages(t)
	for _, name := range []string{"express", "fastify", "koa", "production"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := read(t, filepath.Join("../../../docs/scaffolder", name+".md"))
			newReader(t, npm).follow(t, string(text))
		})
	}
}

// reader is somebody who follows a page.
type reader struct {
	dir    string
	ports  *strings.Replacer // the ports of the page -> free ones
	back   *strings.Replacer
	script strings.Builder
	steps  []step
}

// step is a command, and what the page says that it prints. A line … in that is
// any number of lines, and … in a line is any text.
type step struct{ command, want string }

func newReader(t *testing.T, npm string) *reader {
	t.Helper()
	r := &reader{dir: t.TempDir()}
	var there, back []string
	for _, port := range []string{"3000", "4000"} {
		free := freePort(t)
		there, back = append(there, port, free), append(back, free, port)
	}
	r.ports, r.back = strings.NewReplacer(there...), strings.NewReplacer(back...)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(r.dir, ".bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "scaffolder")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(r.dir, "openapi.yaml"), read(t, "../../../docs/example/openapi.yaml"))
	// The packages are installed once for all tests; the rest of npm is npm's.
	fmt.Fprintf(&r.script, "export PATH=%q:$PATH PORT=%s\nnpm() { if [ \"$1\" = install ]; then ln -s %q node_modules; else command npm \"$@\"; fi; }\n",
		bin, r.ports.Replace("3000"), filepath.Join(npm, "node_modules"))
	return r
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)(?: ([^\\s]+))?\\n(.*?)^```$")

// follow does the blocks of a page in their order.
func (r *reader) follow(t *testing.T, page string) {
	t.Helper()
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		language, file, text := block[1], block[2], r.ports.Replace(block[3])
		switch {
		case file != "":
			fmt.Fprintf(&r.script, "mkdir -p \"$(dirname %[1]s/%[2]s)\"; cat >%[1]s/%[2]s <<'END OF FILE'\n%[3]sEND OF FILE\n", r.dir, file, text)
		case language == "console":
			r.console(t, text)
		}
	}
	if len(r.steps) == 0 {
		t.Fatal("the page has no commands")
	}
	r.run(t)
	for i, s := range r.steps {
		got := r.back.Replace(string(read(t, filepath.Join(r.dir, fmt.Sprintf(".out-%d", i)))))
		if want := r.back.Replace(s.want); !looksLike(want, got) {
			t.Errorf("$ %s\nprinted\n%s\nthe page shows\n%s", s.command, got, want)
		}
	}
}

// console takes the commands of a block: lines behind a dollar, which a backslash
// at the end goes on with.
func (r *reader) console(t *testing.T, text string) {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			if lines[i] != "" {
				r.steps[len(r.steps)-1].want += lines[i]
			}
			continue
		}
		for strings.HasSuffix(command, "\\\n") {
			i++
			command += lines[i]
		}
		n := len(r.steps)
		r.steps = append(r.steps, step{command: command})
		fmt.Fprintf(&r.script, "{\n%s} >%s/.out-%d 2>&1 || { echo \"exit $? of step %d\"; exit 1; }\n", command, r.dir, n, n)
	}
}

// run runs the script; what it leaves running ends with it.
func (r *reader) run(t *testing.T) {
	t.Helper()
	script := filepath.Join(r.dir, ".script")
	write(t, script, []byte("cd "+r.dir+"\n"+r.script.String()))
	c := exec.CommandContext(t.Context(), "bash", script)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // nobody is left where all is well
	if err != nil {
		var told strings.Builder
		for i, s := range r.steps {
			text, err := os.ReadFile(filepath.Join(r.dir, fmt.Sprintf(".out-%d", i)))
			if err != nil {
				break
			}
			fmt.Fprintf(&told, "$ %s%s", s.command, text)
		}
		t.Fatalf("%v: %s\n%s", err, out, told.String())
	}
}

func looksLike(want, got string) bool {
	want, got = strings.TrimRight(want, "\n"), strings.TrimRight(got, "\n")
	pattern := regexp.QuoteMeta(want)
	pattern = regexp.MustCompile(`(?m)^…$\n?`).ReplaceAllString(pattern, "(?s:.*)")
	pattern = strings.ReplaceAll(pattern, "…", ".*")
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(got)
}
