package cli

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/check"
	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// checkCmd sends what a load would send, once, and shows it.
type checkCmd struct {
	URL      string  `arg:"" optional:"" help:"What to check, with http:// or https://."`
	Requests count   `short:"n" help:"How many requests to send, or walks through a chain (default: each target once, one walk, the first ${recorded} of a recording)." placeholder:"N" group:"When to send:"`
	Timeout  seconds `default:"10" help:"Time for a request, from sending it to its last byte (default: ${default} s)." placeholder:"TIME" group:"When to send:"`
	sendFlags
	outcomeFlags
	Format string `short:"f" default:"text" help:"Form of the report: ${reports} (default: ${default})." placeholder:"FORM" values:"text,json,markdown,html,junit,github" group:"Report:"`
	Output string `short:"o" default:"-" help:"Write the report to this file (default: -, standard output)." placeholder:"FILE" group:"Report:"`
}

// fewRecorded is how many requests of a recording are checked.
const fewRecorded = 50

// Help is what stands above the flags.
func (*checkCmd) Help() string {
	return `Sends one walk: each target once, or each step of a chain. Prints each request, its answer, the values that a step saves and what was expected, with secrets hidden. Exit 1 when an expectation is missed.

  loadtester check --targets login.yaml
  loadtester check http://127.0.0.1:8080 --openapi openapi.yaml --header "Authorization: Bearer $TOKEN"
  loadtester check --curl "$(pbpaste)"`
}

// Run checks.
func (c *checkCmd) Run(s *session) error {
	if c.Timeout <= 0 {
		return problem.New("write 10 (seconds), 10s or 500ms", "the timeout %s is not above 0", time.Duration(c.Timeout))
	}
	o := engine.Options{Tool: s.info.Short(), Timeout: time.Duration(c.Timeout)}
	if err := c.howFlags.apply(&o); err != nil {
		return err
	}
	specs, to, err := c.requests(s, c.URL, &o)
	if err != nil {
		return err
	}
	if c.Invalid && c.ExpectStatus == "" {
		c.ExpectStatus = "4xx"
	}
	if err := c.outcomeFlags.apply(&o); err != nil {
		return err
	}
	wants, err := c.wants()
	if err != nil {
		return err
	}
	form := formFlags{Format: c.Format, Output: c.Output}
	out, err := form.open(s)
	if err != nil {
		return err
	}
	defer out.discard()
	if _, ok := exporter(c.Format); ok {
		return problem.New("--format is one of "+reports(), "a check has no form %q", c.Format)
	}
	n := int(c.Requests)
	if n == 0 {
		n = len(specs)
		if to.Recorded && n > fewRecorded {
			c.note(s, "checking the first %d of %d recorded requests: --requests %d checks them all", fewRecorded, n, n)
			n = fewRecorded
		}
		if to.Chain {
			n = 1
		}
	}
	if to.Recorded && len(specs) > n {
		specs = specs[:n]
	}
	for i := range specs { // each in its turn, whatever its share of a load is
		specs[i].Weight = 0
	}
	set, err := target.Compile(specs, to)
	if err != nil {
		return err
	}
	walk, err := check.Run(s.ctx, set, o, n, wants)
	if err != nil {
		return err
	}
	rep := check.NewReport(walk, s.info.Short())
	if err := out.print(rep, nil); err != nil {
		return err
	}
	failed, all := walk.Failed()
	switch {
	case walk.Run.Interrupted:
		return problem.New("", "interrupted: the report is of the requests so far").Exit(problem.Interrupted)
	case failed > 0:
		return problem.New("", "%d of %s missed", failed, report.Plural(all, "expectation", "expectations")).Exit(problem.Failed)
	}
	return nil
}

// wants are the expectations of the flags.
func (f *outcomeFlags) wants() (w check.Wants, err error) {
	if f.ExpectStatus != "" {
		if w.Statuses, err = expect.ParseStatuses(f.ExpectStatus); err != nil {
			return w, err
		}
	}
	w.Body, err = f.body()
	return w, err
}
