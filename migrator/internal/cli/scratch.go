package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/terminal"
)

type scratchCmd struct {
	Load     []string          `placeholder:"SQL" help:"Load this .sql file, or all of a folder, first; again for more."`
	Variable map[string]string `short:"v" mapsep:"none" placeholder:"NAME=VALUE" help:"Set a variable of psql for schema files (:name, :'name'); again for more."`
	Root     string            `placeholder:"DIR" help:"Let \\i and \\ir in these files read files of this folder (default: the folder of the file)."`
	Scratch  string            `default:"auto" placeholder:"WHERE" help:"Where: auto, local, embedded, or a connection string (default: auto)."`
	Set      []string          `placeholder:"NAME=VALUE" help:"Start the server with this setting, as shared_preload_libraries=pg_stat_statements; again for more."`
	Command  []string          `arg:"" optional:"" passthrough:"" help:"Run this with DATABASE_URL set, and pass its exit code on."`
}

// Help is shown after the flags.
func (scratchCmd) Help() string {
	return `Without a command the connection string is printed, and the database stays until ^C.

Examples:
  migrator scratch --load schema.sql -- npm test
  migrator scratch --load schema/`
}

// Run starts a database, runs the command, and removes the database.
func (c *scratchCmd) Run(s *session) error {
	var files []schemafile.File
	for _, path := range c.Load {
		found, notes, err := schemafile.Read(path, s.In)
		if err != nil {
			return err
		}
		for _, n := range notes {
			tell(s.Err, "note: %s", n)
		}
		if c.Root != "" {
			schemafile.Within(found, c.Root)
		}
		files = append(files, found...)
	}
	server, err := scratch.Open(s.ctx, scratch.Options{Mode: c.Scratch, Log: s.Err, Listen: true, Large: true, Trusted: len(files) == 0, Settings: c.Set})
	if err != nil {
		return err
	}
	defer server.Close()
	db, err := server.Database(s.ctx)
	if err != nil {
		return err
	}
	loaded, err := schemafile.Load(s.ctx, db, files, schemafile.Options{Owned: server.Owned(), Variables: c.Variable})
	if err != nil {
		return err
	}
	for _, n := range loaded.Notes {
		tell(s.Err, "note: %s", n)
	}
	dsn, err := server.URL(db)
	if err != nil {
		return err
	}
	if len(c.Command) == 0 {
		fmt.Fprintln(s.Out, dsn)
		<-s.ctx.Done()
		return nil
	}
	return c.run(s, dsn)
}

// run runs the command. ^C goes to it as to us; it decides when to end.
func (c *scratchCmd) run(s *session, dsn string) error {
	words := c.Command
	if words[0] == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		return problem.New("write a command behind --", "there is no command")
	}
	cmd := exec.CommandContext(s.ctx, words[0], words[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, terminal.Raw(s.stderr)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+dsn)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case s.ctx.Err() != nil:
		return context.Canceled
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return problem.Wrap(err, "", "%s ended with exit code %d", words[0], exit.ExitCode()).Exit(exit.ExitCode())
	}
	return problem.Wrap(err, "check the command", "cannot run %s: %v", words[0], err)
}
