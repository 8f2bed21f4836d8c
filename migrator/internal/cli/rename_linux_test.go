package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"github.com/seniorbackend/tools/shared/terminal"
)

// pseudoTerminal is both ends of one: what a person sees and types, and what
// the program has.
func pseudoTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	var unlock, number uint32
	for _, c := range []struct {
		request uintptr
		value   *uint32
	}{{syscall.TIOCSPTLCK, &unlock}, {syscall.TIOCGPTN, &number}} {
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), c.request, uintptr(unsafe.Pointer(c.value))); e != 0 {
			t.Fatal(e)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// conversation answers the questions that a command asks on a terminal, and
// gives all that it said there.
func conversation(t *testing.T, answers map[string]string, args ...string) (code int, out, said string) {
	t.Helper()
	person, program := pseudoTerminal(t)
	var seen bytes.Buffer
	var read sync.WaitGroup
	read.Go(func() {
		at := 0
		for {
			b := make([]byte, 4096)
			n, err := person.Read(b)
			seen.Write(b[:n])
			for question, answer := range answers {
				if i := strings.Index(seen.String()[at:], question); i >= 0 && strings.HasSuffix(seen.String(), "[y/N] ") {
					at = seen.Len()
					fmt.Fprintln(person, answer)
				}
			}
			if err != nil {
				return
			}
		}
	})
	var data bytes.Buffer
	code = Main(t.Context(), args, terminal.Streams{In: program, Out: &data, Err: program}, "v1.2.3")
	program.Close()
	read.Wait()
	return code, data.String(), seen.String()
}

// On a terminal a rename is asked about, and what follows from the answer too.
func TestRenameIsAskedOnATerminal(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE users (id int PRIMARY KEY, a int, b int, c int, name text);")
	b := file(t, dir, "b.sql", "CREATE TABLE accounts (id int PRIMARY KEY, a int, b int, c int, full_name text);")
	up := filepath.Join(dir, "up.sql")
	code, out, said := conversation(t, map[string]string{"table public.users renamed to public.accounts?": "y", "column public.users.name renamed to public.accounts.full_name?": "Yes"},
		"diff", "--from", a, "--to", b, "--up", up)
	text, _ := os.ReadFile(up)
	if code != 0 || !strings.Contains(out, "PROVED") || strings.Contains(string(text), "DROP") || !strings.Contains(string(text), "RENAME CONSTRAINT users_pkey TO accounts_pkey") {
		t.Error(code, out, said, string(text))
	}
	code, _, said = conversation(t, map[string]string{"table public.users renamed": "n"}, "diff", "--from", a, "--to", b, "--up", up)
	if code != 1 || strings.Count(said, "[y/N]") != 1 || !strings.Contains(said, "would lose data") {
		t.Error(code, said)
	}
	// Drift is not asked about.
	code, _, said = conversation(t, nil, "diff", "--from", a, "--to", b, "--exit-code")
	if code != 1 || strings.Contains(said, "[y/N]") || !strings.Contains(said, "hint: the table public.users goes") {
		t.Error(code, said)
	}
}
