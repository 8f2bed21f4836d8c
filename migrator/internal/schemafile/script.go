package schemafile

import (
	"context"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/redact"
)

// script is a file while its statements are run, in order. Those that belong to a
// transaction are kept until it ends, since it may be rolled back.
type script struct {
	*loader
	file   *File
	depth  int // of \i
	todo   []statement
	opened int  // how many of todo stand before the transaction that is open; -1 without one
	parted bool // a part of that transaction was run
}

// maxDepth bounds \i within \i.
const maxDepth = 16

// script runs one file's statements.
func (l *loader) script(ctx context.Context, f *File, depth int) error {
	if depth == 0 {
		if _, err := l.conn.ExecContext(ctx, settings); err != nil {
			return err
		}
	}
	s := script{loader: l, file: f, depth: depth, opened: -1}
	for _, st := range sqltext.Split(f.Text) {
		if err := s.take(ctx, statement{Statement: st, file: f}); err != nil {
			return err
		}
	}
	return s.flush(ctx)
}

func (c *script) flush(ctx context.Context) error {
	err := c.run(ctx, c.todo)
	if c.opened >= 0 {
		c.opened, c.parted = 0, c.parted || len(c.todo) > 0
	}
	c.todo = nil
	return err
}

// take carries out what comes next in the file.
func (c *script) take(ctx context.Context, s statement) error {
	if err := c.annotations(s); err != nil {
		return err
	}
	if s.Meta == "" && !c.psql.active() {
		return nil
	}
	sql := s.SQL
	s.SQL = c.psql.expand(sql)
	s.changed = s.SQL != sql
	if s.Meta != "" {
		return c.meta(ctx, s)
	}
	if s.OpenEnded {
		return s.fail("", "the text ends within a string, a quoted name or a comment", 0)
	}
	if name, _, _ := strings.Cut(s.Sent, " "); name == `\gexec` || name == `\gset` {
		if err := c.flush(ctx); err != nil {
			return err
		}
		return c.sent(ctx, s)
	}
	if handled, err := c.transaction(s); handled || err != nil {
		return err
	}
	switch r := roleOf(s.Statement); {
	case r == ignore:
		return nil
	case r == moves:
		var ok bool
		if s, ok = c.copies(s); !ok {
			return nil
		}
	case r == elsewhere, r == serverWide && !c.options.Owned:
		c.note(s, "left out, since it is about the whole server: "+short(sql))
		return nil
	}
	return c.add(ctx, s)
}

// transaction follows where transactions begin and end: one that is rolled back
// does nothing.
func (c *script) transaction(s statement) (handled bool, err error) {
	switch {
	case begins(s.Statement):
		c.opened, c.parted = len(c.todo), false
	case undoes(s.Statement) && c.opened >= 0:
		if c.parted {
			return true, s.fail("take the transaction out of the file", "a transaction is rolled back of which a part was run already", 0)
		}
		if len(c.todo) > c.opened {
			c.note(c.todo[c.opened], "left out with its transaction, which is rolled back: "+short(c.todo[c.opened].SQL))
		}
		c.todo, c.opened = c.todo[:c.opened], -1
	case commits(s.Statement):
		c.opened = -1
	default:
		return false, nil
	}
	return true, nil
}

// add has a statement run with those after it, or alone where it must be.
func (c *script) add(ctx context.Context, s statement) error {
	alone := s.rows == nil && c.runner.Alone(s.SQL)
	if alone {
		if err := c.flush(ctx); err != nil {
			return err
		}
	}
	c.todo = append(c.todo, s)
	if alone || len(c.todo) >= batch && c.opened < 0 {
		return c.flush(ctx)
	}
	return nil
}

// meta carries a psql command out where it means something for a schema.
func (c *script) meta(ctx context.Context, s statement) error {
	name, argument, _ := strings.Cut(s.Meta, " ")
	if c.psql.take(name, argument) || !c.psql.active() {
		return nil
	}
	switch name {
	case `\i`, `\include`, `\ir`, `\include_relative`:
		if err := c.flush(ctx); err != nil {
			return err
		}
		if c.depth == maxDepth {
			return s.fail("", "files include each other too deep", 0)
		}
		f, err := s.file.include(strings.Trim(c.psql.expand(strings.TrimSpace(argument)), `'"`))
		if err != nil {
			return s.fail(hintOf(err), err.Error(), 0)
		}
		return c.script(ctx, &f, c.depth+1)
	case `\copy`:
		copied, ok, err := c.copiesOf(s)
		if !ok {
			return err
		}
		return c.add(ctx, copied)
	case `\connect`, `\c`, `\!`, `\getenv`:
		c.note(s, "left out, since it is a command of psql: "+short(redact.Text(redact.DSN(s.Meta))))
	}
	return nil
}

// run sends statements, those between two COPYs in one go.
func (l *loader) run(ctx context.Context, sts []statement) error {
	for len(sts) > 0 {
		n := slices.IndexFunc(sts, func(s statement) bool { return s.rows != nil })
		switch n {
		case -1:
			n = len(sts)
		case 0:
			n = 1
		}
		if err := l.together(ctx, sts[:n]); err != nil {
			return err
		}
		sts = sts[n:]
	}
	return nil
}
