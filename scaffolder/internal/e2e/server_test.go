package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// starts: the server listens, answers, refuses in the format of errors, and ends in
// peace when it is told to.
func (s server) starts(t *testing.T) {
	port := freePort(t)
	c := exec.CommandContext(t.Context(), "node", "dist/server.js")
	c.Dir = s.dir
	c.Env = append(os.Environ(), "NODE_ENV=development", "PORT="+port)
	out, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	url := "http://127.0.0.1:" + port
	for _, check := range []func() error{
		func() error { return awaitHealth(url, ended) },
		func() error { return wantError(url+"/no/such/path", http.StatusNotFound, "NOT_FOUND") },
	} {
		if err := check(); err != nil {
			_ = c.Process.Kill()
			t.Fatalf("%v\n%s", err, read(t, out.Name()))
		}
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("stopping: %v\n%s", err, read(t, out.Name()))
	}
}

// serve starts the compiled server, for as long as the test runs.
func (s server) serve(t *testing.T) (url string) {
	t.Helper()
	return serve(t, s.dir, "dist/server.js")
}

// serve starts a program of a project, which has to answer GET /health.
func serve(t *testing.T, dir, program string) (url string) {
	t.Helper()
	port := freePort(t)
	c := exec.CommandContext(t.Context(), "node", program)
	c.Dir = dir
	c.Env = append(os.Environ(), "NODE_ENV=development", "LOG_LEVEL=error", "PORT="+port)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait(); close(ended) }()
	t.Cleanup(func() { _ = c.Process.Kill(); <-ended })
	url = "http://127.0.0.1:" + port
	if err := awaitHealth(url, ended); err != nil {
		t.Fatal(err)
	}
	return url
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func awaitHealth(url string, ended <-chan error) error {
	for range 600 {
		select {
		case err := <-ended:
			return fmt.Errorf("the server ended: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
		response, err := http.Get(url + "/health")
		if err != nil {
			continue // it does not listen yet
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET /health: %s", response.Status)
		}
		return nil
	}
	return fmt.Errorf("the server does not listen")
}

// wantError is nil where the answer is an error in the one format of all errors.
func wantError(url string, status int, code string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var body struct {
		Error struct {
			Code, Message string
			Details       []struct{ Field, Message string }
		}
		Meta struct{ RequestID string }
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return fmt.Errorf("GET %s: %w in %s", url, err, text)
	}
	if response.StatusCode != status || body.Error.Code != code || body.Error.Message == "" || body.Meta.RequestID == "" {
		return fmt.Errorf("GET %s: %s %s", url, response.Status, text)
	}
	return nil
}
