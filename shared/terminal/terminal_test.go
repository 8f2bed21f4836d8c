package terminal

import (
	"bytes"
	"os"
	"testing"
)

func TestABufferIsNoTerminal(t *testing.T) {
	var b bytes.Buffer
	s := Streams{Out: &b, Err: &b}
	if Is(&b) || s.Color(&b, false) || s.Live(&b) || Width(&b) != 80 || s.Getenv("HOME") != "" {
		t.Error("a buffer was taken for a terminal")
	}
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if Is(f) || Width(f) != 80 {
		t.Error("a file was taken for a terminal")
	}
}

func TestColorIsRefused(t *testing.T) {
	// /dev/ptmx opens as a terminal without one being there.
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatalf("a pseudo-terminal is needed: %v", err)
	}
	defer tty.Close()
	env := map[string]string{}
	s := Streams{Out: tty, Env: func(k string) string { return env[k] }}
	if !Is(tty) || !s.Color(tty, false) || !s.Live(tty) {
		t.Fatal("a pseudo-terminal was not taken for a terminal")
	}
	if s.Color(tty, true) {
		t.Error("--no-color was not kept")
	}
	env["NO_COLOR"] = "1"
	if s.Color(tty, false) {
		t.Error("NO_COLOR was not kept")
	}
	env = map[string]string{"TERM": "dumb"}
	if s.Color(tty, false) || s.Live(tty) {
		t.Error("TERM=dumb was not kept")
	}
}
