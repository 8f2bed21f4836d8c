package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
	"github.com/seniorbackend/tools/shared/terminal"
)

// This file is the shell around the commands: how kong is built, and how its
// outcome becomes an exit code. The other tools have the same file; a shared
// package of it would bring kong into shared, which the import law forbids.

// globals are the flags that every command has.
type globals struct {
	Config     kong.ConfigFlag  `help:"Read flags from this YAML file (default: config.yaml in the user's configuration folder for scaffolder)." placeholder:"FILE" group:"Global flags:"`
	Report     []reportFile     `sep:"none" help:"Write the report in this form to this file too (e.g. junit=checks.xml); repeatable." placeholder:"FORM=FILE" group:"Global flags:"`
	Quiet      bool             `short:"q" help:"No progress and no notes: standard error has errors only." group:"Global flags:"`
	NoColor    bool             `help:"No colour, also on a terminal (NO_COLOR does the same)." group:"Global flags:"`
	Version    kong.VersionFlag `env:"-" help:"Print the version and exit." group:"Global flags:"`
	Completion completionCmd    `cmd:"" help:"Print the shell code that completes commands and flags (bash, zsh, fish)."`
	Man        manCmd           `cmd:"" help:"Print the manual page, in roff."`
	Reference  referenceCmd     `cmd:"" hidden:"" help:"Print the table of flags for the documentation."`
}

// session is what a command's Run method gets: where it runs and who it is.
type session struct {
	ctx context.Context // ends on ^C
	terminal.Streams
	info    buildinfo.Info
	noColor bool
	quiet   bool
	secrets *redact.Vault // what must not be shown; files add theirs

	stderr   io.Writer    // Err, also with --quiet, which leaves Err nothing
	reports  []reportFile // of --report
	reported bool         // a report was made
}

// exitCode carries kong's wish to exit up to execute.
type exitCode int

// execute parses args by grammar and runs the command that they select. global
// points to the globals inside grammar.
func execute(ctx context.Context, args []string, streams terminal.Streams, info buildinfo.Info, grammar any, global *globals, options ...kong.Option) (code int) {
	ctx, stop := interruptible(ctx)
	defer stop()

	secrets := redact.NewVault(args, streams.Environ, envPrefix+"_")
	hiding := secrets.Writer(streams.Err)
	defer hiding.Flush()
	streams.Err = hiding

	defer func() {
		switch r := recover().(type) {
		case nil:
		case exitCode:
			code = int(r)
		default:
			panic(r)
		}
	}()
	exit := func(code int) { panic(exitCode(code)) }
	parser, err := kong.New(grammar, append([]kong.Option{
		kong.Name(info.Tool),
		kong.Vars{"version": info.String()},
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(exit),
		environment(envPrefix),
		kong.Configuration(configuration, configFile()),
		kong.TypeMapper(reflect.TypeFor[seconds](), kong.MapperFunc(decodeSeconds)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	}, options...)...)
	if err != nil {
		problem.Write(streams.Err, secrets, fmt.Errorf("configuration: %w", err))
		return problem.CannotRun
	}
	selected, err := parser.Parse(args)
	if err == nil {
		err = givenOnce(selected)
	}
	if err != nil {
		problem.Write(streams.Err, secrets, usageProblem(info.Tool, err))
		return problem.CannotRun
	}
	s := &session{ctx: ctx, Streams: streams, info: info, noColor: global.NoColor, quiet: global.Quiet, secrets: secrets, stderr: streams.Err, reports: global.Report}
	if global.Quiet {
		s.Err = io.Discard
	}
	err = s.run(selected)
	if err == nil {
		return problem.OK
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return problem.Interrupted
	}
	if errors.Is(err, syscall.EPIPE) {
		return problem.CannotRun // whoever read has gone, and has what it wanted
	}
	problem.Write(streams.Err, secrets, err)
	return problem.ExitCode(err)
}

// givenOnce refuses a flag that stands twice where only one value counts: the first
// would be lost in silence.
func givenOnce(line *kong.Context) error {
	seen := map[*kong.Flag]bool{}
	for _, p := range line.Path {
		if p.Flag == nil || p.Resolved || p.Flag.IsCumulative() || p.Flag.IsBool() {
			continue
		}
		if seen[p.Flag] {
			return problem.New("it takes one value: leave one of them out", "--%s is given twice", p.Flag.Name)
		}
		seen[p.Flag] = true
	}
	return nil
}

// run runs the command, and leaves a report of it where one was asked for.
func (s *session) run(selected *kong.Context) error {
	defer func() {
		for _, r := range s.reports {
			r.file.Discard()
		}
	}()
	command, forms := s.info.Tool+" "+selected.Selected().Name, reportForms(selected.Selected())
	if len(forms) == 0 && !typed(selected, "report") {
		s.reports = nil // a variable or a file says it for all commands
	}
	if err := openReports(s.reports, forms, command); err != nil {
		return err
	}
	err := selected.Run(s)
	switch {
	case err != nil:
		form := ""
		for _, f := range selected.Flags() {
			if f.Name == "format" {
				form = fmt.Sprint(selected.FlagValue(f))
			}
		}
		if failed := s.reportFailure(command, form, err); failed != nil {
			err = errors.Join(err, failed)
		}
		return err
	case len(s.reports) > 0 && !s.reported:
		return problem.New("leave --report out", "there was no report to write: this run of %s makes none", command)
	}
	return nil
}

// typed says whether the flag stands on the command line itself.
func typed(line *kong.Context, flag string) bool {
	return slices.ContainsFunc(line.Path, func(p *kong.Path) bool { return p.Flag != nil && p.Flag.Name == flag && !p.Resolved })
}

// environment gives each flag its variable: --max-body is PREFIX_MAX_BODY. kong's
// own option would read H_2_C for --h2c.
func environment(prefix string) kong.Option {
	return kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
			flag, ok := node.(*kong.Flag)
			switch {
			case !ok || flag.Name == "help":
			case len(flag.Envs) == 0:
				flag.Envs = []string{prefix + "_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))}
			case flag.Envs[0] == "-":
				flag.Envs = nil
			}
			if ok {
				flag.Value.Tag.Envs = flag.Envs
			}
			return next(nil)
		})
	})
}

// configFile is where the flags' defaults may stand; it need not exist.
func configFile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "scaffolder", "config.yaml")
}
