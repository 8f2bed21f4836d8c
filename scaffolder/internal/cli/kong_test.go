package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/terminal"
)

// probe is a grammar of one command, to see what the shell around commands does.
type probe struct {
	Show probeCmd `cmd:"" help:"Show."`
	globals
}

type probeCmd struct {
	Wait seconds `default:"10"`
	Fail string  `enum:"no,plain,expectation,interrupted" default:"no"`
}

func (c *probeCmd) Run(s *session) error {
	switch c.Fail {
	case "plain":
		return errors.New("it broke\nin two lines")
	case "expectation":
		return problem.New("look again", "missed").Exit(problem.Failed)
	case "interrupted":
		ctx, cancel := context.WithCancel(s.ctx)
		cancel()
		return ctx.Err()
	}
	_, err := s.Out.Write([]byte(time.Duration(c.Wait).String()))
	return err
}

func probeRun(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	var g probe
	code = execute(ctx, args, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1.2.3"}, &g, &g.globals, kong.Description("Probe."))
	return code, out.String(), errs.String()
}

func TestFlagBeatsEnvironmentBeatsFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(file, []byte("show:\n  wait: 2m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", dir)
	for _, c := range []struct {
		want, env string
		args      []string
	}{
		{"10s", "", []string{"show"}},
		{"2m0s", "", []string{"--config", file, "show"}},
		{"30s", "30", []string{"--config", file, "show"}},
		{"1.5s", "30", []string{"--config", file, "show", "--wait", "1.5"}},
	} {
		if c.env != "" {
			t.Setenv(envPrefix+"_WAIT", c.env)
		}
		code, out, errs := probeRun(t, t.Context(), c.args...)
		if code != 0 || out != c.want {
			t.Errorf("%v with %q in the environment: exit %d, %q, want %q\n%s", c.args, c.env, code, out, c.want, errs)
		}
	}
}

func TestNameOfVariable(t *testing.T) {
	var g struct {
		Show struct {
			MaxH2c seconds `name:"max-h2c"`
			Secret bool    `env:"-"`
		} `cmd:""`
		globals
	}
	var out bytes.Buffer
	execute(t.Context(), []string{"show", "--help"}, terminal.Streams{Out: &out, Err: &out}, buildinfo.Info{Tool: "probe"}, &g, &g.globals)
	if got := out.String(); !strings.Contains(got, "$"+envPrefix+"_MAX_H2C)") || strings.Contains(got, "_SECRET") {
		t.Errorf("the help names other variables:\n%s", got)
	}
}

func TestExitCodes(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		args   string
		code   int
		stderr string
	}{
		{t.Context(), "--version", 0, ""},
		{t.Context(), "--help", 0, ""},
		{t.Context(), "man", 0, ""},
		{t.Context(), "show --nope", 2, "error: unknown flag --nope\nhint: see probe show --help\n"},
		{t.Context(), "", 2, "error: which command? show, completion or man\nhint: see probe --help\n"},
		{t.Context(), "show --wait soon", 2, "error: --wait: \"soon\" is not a duration: write 30 (seconds), 30s or 2m\nhint: see probe show --help\n"},
		{t.Context(), "show --fail plain", 2, "error: it broke in two lines\n"},
		{t.Context(), "show --fail expectation", 1, "error: missed\nhint: look again\n"},
		{interrupted, "show --fail interrupted", 130, ""},
	} {
		code, _, errs := probeRun(t, c.ctx, strings.Fields(c.args)...)
		if code != c.code || errs != c.stderr {
			t.Errorf("%q: exit %d, %q; want exit %d, %q", c.args, code, errs, c.code, c.stderr)
		}
	}
}

func TestParseSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{"30": 30 * time.Second, "0.25": 250 * time.Millisecond, "30s": 30 * time.Second, "2m": 2 * time.Minute, "-5": -5 * time.Second} {
		if got, err := parseSeconds(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "1e300", "NaN", "5 s"} {
		if got, err := parseSeconds(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
