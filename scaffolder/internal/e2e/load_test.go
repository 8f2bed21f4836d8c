package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestLoadFromCode does `scaffolder spec . -o - | loadtester run URL --openapi -` against
// the running application: what is read of the code is enough to make requests that it
// answers as the document says.
func TestLoadFromCode(t *testing.T) {
	modules := filepath.Join(packages(t), "node_modules")
	tool := filepath.Join(t.TempDir(), "loadtester")
	run(t, 5*time.Minute, "../../../loadtester", "go", "build", "-o", tool, ".")
	archive, err := txtar.ParseFile("testdata/load/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		write(t, filepath.Join(dir, f.Name), f.Data)
	}
	link(t, modules, dir)
	port := freePort(t)
	app := exec.CommandContext(t.Context(), "node", "server.js")
	app.Dir, app.Env = dir, append(os.Environ(), "PORT="+port)
	if err := app.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Wait(); close(ended) }()
	t.Cleanup(func() { _ = app.Process.Kill(); <-ended })
	url := "http://127.0.0.1:" + port
	if err := awaitHealth(url, ended); err != nil {
		t.Fatal(err)
	}
	document := printed(t, "spec", dir, "-o", "-")
	load := exec.CommandContext(t.Context(), tool, "run", url, "--openapi", "-", "--rate", "20", "--duration", "1", "--expect-status", "200,201")
	load.Stdin = strings.NewReader(document)
	load.WaitDelay = time.Second
	out, err := load.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s\n%s", err, out, document)
	}
}
