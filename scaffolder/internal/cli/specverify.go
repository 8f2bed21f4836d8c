package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/source"
	"github.com/seniorbackend/tools/scaffolder/internal/source/verify"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// verify starts the application and says how what it mounts differs from what was read.
func (c *specCmd) verify(s *session, read *source.Result) error {
	boot, compared, err := read.Verify(s.ctx, time.Duration(c.VerifyTimeout), s.Environ)
	var failure *verify.Failure
	switch {
	case errors.Is(err, verify.ErrNode):
		return problem.New("install node 20 or later, or leave --verify out", "--verify needs node, which is not on the PATH")
	case errors.As(err, &failure):
		return problem.New(startHint(failure.Reason), "could not start %s: %s", read.Entry, failure.Reason)
	case err != nil:
		return err
	}
	return c.verdict(s, read, boot, compared)
}

func listEndpoints(s *session, title string, list []verify.Endpoint) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(s.Out, title)
	for _, e := range list {
		place := ""
		if e.At.File != "" {
			place = " (" + e.At.String() + ")"
		}
		fmt.Fprintf(s.Out, "- %s %s%s\n", e.Method, strings.Map(printable, e.Path), place)
	}
}

func printComparison(s *session, read *source.Result, boot *verify.Boot, compared verify.Comparison) {
	fmt.Fprintf(s.Out, "Started %s with node %s: %s mounted, %d of them read\n", read.Entry, strings.TrimPrefix(boot.Node, "v"),
		report.Plural(len(compared.NotRead)+compared.Same, "endpoint", "endpoints"), compared.Same)
	listEndpoints(s, "Mounted and not read:", compared.NotRead)
	listEndpoints(s, "Read and not mounted:", compared.NotMounted)
	for _, p := range compared.Packages {
		fmt.Fprintf(s.Err, "note: %s mounts %s, which are not read\n", p.Name, report.Plural(p.Count, "endpoint", "endpoints"))
	}
	for _, path := range boot.Unclear {
		fmt.Fprintf(s.Err, "note: %s is mounted; no path of OpenAPI says what it matches\n", path)
	}
}

// verdict is the outcome as an exit code: 0 equal, 1 different, 2 not started as a whole,
// so that nothing is judged by what is missing.
func (c *specCmd) verdict(s *session, read *source.Result, boot *verify.Boot, compared verify.Comparison) error {
	var failures []string
	for _, n := range boot.Notes {
		if n.Kind == "failure" {
			failures = append(failures, strings.Map(printable, n.Text))
		}
	}
	whole := boot.Outcome != "stopped" && boot.Outcome != "timeout" && (boot.Listened || len(failures) == 0)
	switch {
	case len(boot.Endpoints) == 0 && len(boot.Unclear) == 0:
		why := "it mounted no routes"
		if len(failures) > 0 {
			why = failures[0]
		}
		return problem.New(startHint(why), "could not start %s: %s", read.Entry, why)
	}
	if !boot.Listened && read.Serves() && len(compared.NotRead)+len(compared.NotMounted) > 0 {
		why := "nobody answered what it waits for"
		if len(failures) > 0 {
			why = failures[0]
		}
		return problem.New(startHint(why), "%s did not come to listen, so that it is not known what it mounts: %s", read.Entry, why)
	}
	if !whole {
		compared.NotMounted = nil // it may be mounted later
	}
	printComparison(s, read, boot, compared)
	if differences := misread(compared); whole || len(differences) > 0 {
		if err := c.report(s, read.Entry, read.API.Operations, differences); err != nil {
			return err
		}
	}
	differences := len(compared.NotRead) + len(compared.NotMounted)
	switch {
	case !whole && differences == 0:
		why := fmt.Sprintf("it was not done within %s", time.Duration(c.VerifyTimeout))
		if len(failures) > 0 {
			why = failures[0]
		}
		return problem.New(startHint(why), "%s did not start as a whole, so that routes may be missing: %s", read.Entry, why)
	case differences > 0:
		for _, f := range slices.Compact(failures) {
			fmt.Fprintf(s.Err, "note: while it started: %s\n", f)
		}
		if len(compared.NotMounted) > 0 && noted(boot, "network") {
			fmt.Fprintln(s.Err, "note: connections are not made; what is mounted when one is answered is missing")
		}
		return problem.New("what is mounted and not read belongs into an @openapi comment, or is a fault of ours",
			"what %s mounts is not what was read: %s", read.Entry, report.Plural(differences, "difference", "differences")).Exit(problem.Failed)
	}
	fmt.Fprintln(s.Out, "What is mounted is what was read")
	return nil
}

func noted(boot *verify.Boot, kind string) bool {
	return slices.ContainsFunc(boot.Notes, func(n verify.Note) bool { return n.Kind == kind })
}

// startHint says what usually helps.
func startHint(reason string) string {
	switch {
	case strings.Contains(reason, "Cannot find module") || strings.Contains(reason, "Cannot find package"):
		return "install the dependencies (npm install), and generate what the program imports"
	case strings.Contains(reason, "ERR_UNKNOWN_FILE_EXTENSION") || strings.Contains(reason, "Unknown file extension"):
		return "TypeScript needs tsx or typescript (before 7) in the project's node_modules, or node 22.18"
	}
	return "start it by hand first (node needs the same environment variables); a longer --verify-timeout may help"
}
