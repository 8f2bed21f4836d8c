package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
	"github.com/seniorbackend/tools/shared/terminal"
)

// reporting is a grammar of a command with a report, and one without.
type reporting struct {
	Judge reportingCmd `cmd:""`
	Plain plainCmd     `cmd:""`
	globals
}

type reportingCmd struct {
	Format string `default:"text" enum:"text,json,html,junit,github"`
	Ends   string `default:"well"`
}

func (c *reportingCmd) Run(s *session) error {
	switch c.Ends {
	case "broken":
		return problem.New("mend it", "no colon").In("api.yaml", 3, 7)
	case "silent":
		return nil
	case "stopped":
		return context.Canceled
	}
	_, _ = s.Err.Write([]byte("a note\n"))
	r := &report.Report{Schema: "probe.judge", Version: 1, Title: "Judgement", Verdict: report.Verdict{Status: report.Pass, Word: "PASS", Text: "all is well"}}
	if c.Ends != "badly" {
		return s.publish(s.Out, c.Format, rendered(r))
	}
	r.Verdict = report.Verdict{Status: report.Fail, Word: "FAIL", Text: "one is not"}
	if err := s.publish(s.Err, c.Format, rendered(r)); err != nil {
		return err
	}
	return problem.New("", "one is not").Exit(problem.Failed)
}

type plainCmd struct{}

func (plainCmd) Run(*session) error { return nil }

func TestReports(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		code  int
		out   []string // in standard output; "" alone: nothing is there
		errs  []string
		files map[string][]string
	}{
		"two files beside the text": {
			[]string{"judge", "--report", "junit=DIR/a.xml", "--report", "html=DIR/a.html"}, 0, []string{"PASS: all is well"}, []string{"a note"},
			map[string][]string{"a.xml": {`failures="0"`, "all is well"}, "a.html": {"<h1>Judgement</h1>"}},
		},
		"a check that failed": {
			[]string{"judge", "--ends", "badly", "--report", "json=DIR/a.json"}, 1, []string{""}, []string{"FAIL: one is not", "error: one is not"},
			map[string][]string{"a.json": {`"probe.judge"`}},
		},
		"quiet leaves the report and the errors": {
			[]string{"judge", "--ends", "badly", "-q"}, 1, []string{""}, []string{"=== Judgement", "error: one is not"}, nil,
		},
		"it could not run": {
			[]string{"judge", "--ends", "broken", "--format", "github", "--report", "junit=DIR/a.xml"}, 2,
			[]string{"::error file=api.yaml,line=3,col=7,title=error::"}, []string{"error: api.yaml:3:7: no colon", "hint: mend it"},
			map[string][]string{"a.xml": {`failures="1"`, `<failure message="no colon"`, "mend it"}},
		},
		"it could not run, in a form for programs": {
			[]string{"judge", "--ends", "broken", "--format", "json", "--report", "json=DIR/a.json"}, 2, []string{""}, []string{"no colon"},
			map[string][]string{"a.json": {`"schema": "probe.error"`, `"file": "api.yaml"`}},
		},
		"a run that makes no report": {
			[]string{"judge", "--ends", "silent", "--report", "junit=DIR/a.xml"}, 2, []string{""}, []string{"there was no report to write"}, nil,
		},
		"a command without reports": {
			[]string{"plain", "--report", "junit=DIR/a.xml"}, 2, []string{""}, []string{"probe plain makes no report"}, nil,
		},
		"a flag given twice": {[]string{"judge", "--format", "json", "--format=html"}, 2, []string{""}, []string{"--format is given twice"}, nil},
		"no such form":       {[]string{"judge", "--report", "pdf=DIR/a.pdf"}, 2, []string{""}, []string{`--report: unknown form "pdf"`, "hint: the forms are text, json, html, junit, github"}, nil},
		"no form":            {[]string{"judge", "--report", "DIR/a.xml"}, 2, []string{""}, []string{"--report takes FORM=FILE"}, nil},
		"a new folder":       {[]string{"judge", "--report", "junit=DIR/new/a.xml"}, 0, []string{"PASS"}, nil, map[string][]string{"new/a.xml": {"all is well"}}},
		"no folder":          {[]string{"judge", "--report", "junit=/dev/null/a.xml"}, 2, []string{""}, []string{"cannot make the folder /dev/null"}, nil},
		"standard output": {
			[]string{"judge", "--report", "junit=-"}, 2, []string{""}, []string{"--report writes files", "hint: use --format junit"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			args := make([]string, len(c.args))
			for i, a := range c.args {
				args[i] = strings.ReplaceAll(a, "DIR", dir)
			}
			var out, errs bytes.Buffer
			var g reporting
			code := execute(t.Context(), args, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			holds(t, "standard output", out.String(), c.out)
			holds(t, "standard error", strings.ReplaceAll(errs.String(), dir, "DIR"), c.errs)
			for file, texts := range c.files {
				data, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Error(err)
				}
				holds(t, file, string(data), texts)
			}
			if there, _ := os.ReadDir(dir); len(there) != len(c.files) {
				t.Errorf("left behind: %v", there)
			}
			if strings.Contains(errs.String(), "a note") && strings.Contains(strings.Join(c.args, " "), "-q") {
				t.Error("a note in spite of --quiet")
			}
		})
	}
}

func holds(t *testing.T, where, text string, wants []string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) || want == "" && text != "" {
			t.Errorf("%s has no %q:\n%s", where, want, text)
		}
	}
}

// A variable or a configuration file asks for reports of those commands that make
// them; the others go on as ever.
func TestReportsOfEveryCommand(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(envPrefix+"_REPORT", "junit="+filepath.Join(dir, "a.xml"))
	for command, there := range map[string]bool{"plain": false, "judge": true} {
		var out, errs bytes.Buffer
		var g reporting
		code := execute(t.Context(), []string{command}, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
		_, err := os.Stat(filepath.Join(dir, "a.xml"))
		if code != 0 || (err == nil) != there {
			t.Errorf("%s: exit %d, %v\n%s", command, code, err, errs.String())
		}
		_ = os.Remove(filepath.Join(dir, "a.xml"))
	}
}

func TestReportsOfAConfigurationFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(file, []byte("report: [junit="+dir+"/a.xml, html="+dir+"/a.html]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	var g reporting
	code := execute(t.Context(), []string{"judge", "--config", file}, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
	for _, name := range []string{"a.xml", "a.html"} {
		if _, err := os.Stat(filepath.Join(dir, name)); code != 0 || err != nil {
			t.Errorf("exit %d, %v\n%s", code, err, errs.String())
		}
	}
}
