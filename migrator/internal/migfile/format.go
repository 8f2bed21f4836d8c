package migfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// Format is a runner's way to keep migrations in files.
type Format string

// The formats.
const (
	Single        Format = "single" // our own, see SQL
	GolangMigrate Format = "golang-migrate"
	Goose         Format = "goose"
	Flyway        Format = "flyway"
	Liquibase     Format = "liquibase"
	Dbmate        Format = "dbmate"
	Atlas         Format = "atlas"
)

// Formats lists them, as --files takes them.
func Formats() []Format {
	return []Format{Single, GolangMigrate, Goose, Flyway, Liquibase, Dbmate, Atlas}
}

// Output is a file to be written.
type Output struct {
	Name string
	Text string
	Kind string // "migration", "rollback", or "migration and rollback"
}

// Change is what the files are made of.
type Change struct {
	Name     string // add_user_indexes
	At       time.Time
	Up, Down *plan.Plan
	UpHead   Header
	DownHead Header
}

// Files renders a change in a format.
func Files(f Format, c Change) []Output {
	c.Up, c.Down = guarded(c.Up, f), guarded(c.Down, f)
	if f != Single { // the versions in between, and all ways back, begin elsewhere
		c.DownHead.Planned = Planned{}
		if len(pairs(c.Up, c.Down, f == Goose)) > 1 {
			c.UpHead.Planned = Planned{}
		}
	}
	switch f {
	case GolangMigrate:
		return c.numbered(func(version, n string, p pair) []Output {
			return []Output{
				{version + "_" + n + ".up.sql", c.text(c.UpHead, p.up, explicit), "migration"},
				{version + "_" + n + ".down.sql", c.text(c.DownHead, p.down, explicit), "rollback"},
			}
		}, false)
	case Flyway:
		return c.numbered(func(version, n string, p pair) []Output {
			return []Output{
				{"V" + version + "__" + n + ".sql", c.text(c.UpHead, p.up, implicit), "migration"},
				{"U" + version + "__" + n + ".sql", c.text(c.DownHead, p.down, implicit), "rollback"},
			}
		}, false)
	case Dbmate:
		return c.numbered(func(version, n string, p pair) []Output {
			return []Output{{version + "_" + n + ".sql", dbmateText(c, p), "migration and rollback"}}
		}, false)
	case Goose:
		return c.numbered(func(version, n string, p pair) []Output {
			return []Output{{version + "_" + n + ".sql", gooseText(c, p), "migration and rollback"}}
		}, true)
	case Atlas:
		return c.numbered(func(version, n string, p pair) []Output {
			if p.up == nil {
				return nil // Atlas makes its own way back
			}
			return []Output{{version + "_" + n + ".sql", atlasText(c, p), "migration"}}
		}, false)
	case Liquibase:
		return []Output{{stamp(c.At) + "_" + c.Name + ".sql", liquibaseText(c), "migration and rollback"}}
	}
	base := stamp(c.At) + "_" + c.Name
	return []Output{
		{base + ".sql", SQL(c.UpHead, c.Up), "migration"},
		{base + "_rollback.sql", SQL(c.DownHead, c.Down), "rollback"},
	}
}

func stamp(t time.Time) string { return t.UTC().Format("20060102150405") }

// piece is what a runner runs at once: a transaction, or one statement outside
// of any.
type piece struct {
	transactional bool
	statements    []plan.Statement
}

func pieces(p *plan.Plan) []*piece {
	var all []*piece
	for _, s := range p.Segments {
		if s.Transactional {
			all = append(all, &piece{true, s.Statements})
			continue
		}
		for _, st := range s.Statements {
			all = append(all, &piece{false, []plan.Statement{st}})
		}
	}
	return all
}

// pair is one version: what it does, and what takes back when the versions are
// gone through backwards. Either may be nil.
type pair struct{ up, down *piece }

// pairs lays two sequences of pieces side by side. The rollback's first piece
// belongs to the last version. With alike both pieces of a version are in a
// transaction, or both are not.
func pairs(up, down *plan.Plan, alike bool) []pair {
	ups, downs := pieces(up), pieces(down)
	slices.Reverse(downs)
	var all []pair
	for len(ups) > 0 || len(downs) > 0 {
		var p pair
		switch {
		case len(ups) == 0:
			p.down, downs = downs[0], downs[1:]
		case len(downs) == 0 || alike && ups[0].transactional != downs[0].transactional:
			p.up, ups = ups[0], ups[1:]
		default:
			p.up, ups, p.down, downs = ups[0], ups[1:], downs[0], downs[1:]
		}
		all = append(all, p)
	}
	return all
}

// numbered gives each version a number, a second apart, and a name.
func (c Change) numbered(files func(version, name string, p pair) []Output, alike bool) []Output {
	var all []Output
	versions := pairs(c.Up, c.Down, alike)
	for i, p := range versions {
		name := c.Name
		if len(versions) > 1 {
			name = fmt.Sprintf("%s_%d", c.Name, i+1)
		}
		all = append(all, files(stamp(c.At.Add(time.Duration(i)*time.Second)), name, p)...)
	}
	return all
}

// How a piece in a transaction is written.
const (
	explicit = true  // with BEGIN and COMMIT
	implicit = false // the runner begins and commits
)

// text is a piece as a file of its own.
func (c Change) text(h Header, p *piece, begin bool) string {
	var b strings.Builder
	writeHeader(&b, h, &plan.Plan{})
	b.WriteByte('\n')
	p.write(&b, begin, func(sql string) string { return sql + ";\n" })
	return b.String()
}

// write writes a piece; each statement goes through frame. Outside of a
// transaction there are no timeouts: a runner may send each statement through
// another connection, or all at once.
func (p *piece) write(b *strings.Builder, begin bool, frame func(sql string) string) {
	if p == nil {
		b.WriteString("-- nothing to do in this step\n")
		return
	}
	if p.transactional && begin {
		b.WriteString("BEGIN;\n")
	}
	t := timeouts{b: b, local: true}
	if p.transactional && needsUncheckedBodies(plan.Segment{Statements: p.statements}) {
		b.WriteString("SET LOCAL check_function_bodies = off;\n")
	}
	for _, st := range p.statements {
		if p.transactional {
			t.set(st)
		}
		writeComments(b, st)
		b.WriteString(frame(st.SQL))
	}
	if p.transactional && begin {
		b.WriteString("COMMIT;\n")
	}
}

func dbmateText(c Change, p pair) string {
	var b strings.Builder
	for _, part := range []struct {
		word string
		head Header
		p    *piece
	}{{"up", c.UpHead, p.up}, {"down", c.DownHead, p.down}} {
		fmt.Fprintf(&b, "-- migrate:%s", part.word)
		if part.p != nil && !part.p.transactional {
			b.WriteString(" transaction:false")
		}
		b.WriteByte('\n')
		writeHeader(&b, part.head, &plan.Plan{})
		part.p.write(&b, implicit, func(sql string) string { return sql + ";\n" })
		b.WriteByte('\n')
	}
	return b.String()
}

func gooseText(c Change, p pair) string {
	var b strings.Builder
	if some := p.up; some != nil && !some.transactional || p.down != nil && !p.down.transactional {
		b.WriteString("-- +goose NO TRANSACTION\n")
	}
	frame := func(sql string) string {
		if strings.Contains(sql, ";") {
			return "-- +goose StatementBegin\n" + sql + ";\n-- +goose StatementEnd\n"
		}
		return sql + ";\n"
	}
	b.WriteString("-- +goose Up\n")
	writeHeader(&b, c.UpHead, &plan.Plan{})
	p.up.write(&b, implicit, frame)
	b.WriteString("\n-- +goose Down\n")
	writeHeader(&b, c.DownHead, &plan.Plan{})
	p.down.write(&b, implicit, frame)
	return b.String()
}

func atlasText(c Change, p pair) string {
	text := c.text(c.UpHead, p.up, implicit)
	if !p.up.transactional {
		return "-- atlas:txmode none\n\n" + text
	}
	return text
}

func liquibaseText(c Change) string {
	var b strings.Builder
	b.WriteString("--liquibase formatted sql\n\n")
	writeHeader(&b, c.UpHead, &plan.Plan{})
	for i, p := range pairs(c.Up, c.Down, true) {
		alone := p.up != nil && !p.up.transactional || p.down != nil && !p.down.transactional
		fmt.Fprintf(&b, "\n--changeset migrator:%s-%s-%d splitStatements:false rollbackSplitStatements:false stripComments:false", stamp(c.At), c.Name, i+1)
		if alone {
			b.WriteString(" runInTransaction:false")
		}
		b.WriteByte('\n')
		if p.up == nil {
			b.WriteString("SELECT 1;\n")
		} else {
			p.up.write(&b, implicit, func(sql string) string { return sql + ";\n" })
		}
		if p.down == nil {
			b.WriteString("--rollback empty\n")
			continue
		}
		var down strings.Builder
		for _, st := range p.down.statements {
			down.WriteString(st.SQL + ";\n")
		}
		for line := range strings.Lines(down.String()) {
			b.WriteString("--rollback " + line)
		}
	}
	return b.String()
}

// FileName makes a name fit for every runner: small letters, digits, low lines.
func FileName(name string) string {
	return strings.Trim(oddRunes.ReplaceAllString(strings.ToLower(name), "_"), "_")
}

var oddRunes = regexp.MustCompile(`[^a-z0-9]+`)
