package problem

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
		code int
	}{
		{"nil", nil, "", OK},
		{"plain", errors.New("it broke"), "error: it broke\n", CannotRun},
		{"hint", New("do this", "no %s", "luck"), "error: no luck\nhint: do this\n", CannotRun},
		{"place", New("", "bad").In("a.yaml", 3, 7), "error: a.yaml:3:7: bad\n", CannotRun},
		{"line only", New("", "bad").In("a.sql", 3, 0), "error: a.sql:3: bad\n", CannotRun},
		{"file only", New("", "bad").In("a.sql", 0, 0), "error: a.sql: bad\n", CannotRun},
		{"exit", New("", "missed").Exit(Failed), "error: missed\n", Failed},
		{"wrapped", fmt.Errorf("reading: %w", New("do this", "bad").Exit(Failed)), "error: reading: bad\nhint: do this\n", Failed},
		{"joined", errors.Join(New("h", "one"), New("", "two")), "error: one\nhint: h\nerror: two\n", CannotRun},
		{"no forged lines", errors.New("a\nerror: b\x1b[2J\r\tc"), "error: a error: b [2J c\n", CannotRun},
	} {
		var b bytes.Buffer
		Write(&b, nil, c.err)
		if b.String() != c.want || ExitCode(c.err) != c.code {
			t.Errorf("%s: %q, exit %d; want %q, exit %d", c.name, b.String(), ExitCode(c.err), c.want, c.code)
		}
	}
}

func TestCauseIsKept(t *testing.T) {
	if err := Wrap(context.Canceled, "", "stopped"); !errors.Is(err, context.Canceled) || err.Error() != "stopped" {
		t.Error(err)
	}
}
