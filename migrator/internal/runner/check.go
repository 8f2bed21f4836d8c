package runner

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/shared/problem"
)

// Finding is what is wrong with a directory, or with one of its files.
type Finding struct {
	Rule      string
	Migration *migdir.Migration // nil: the directory as a whole
	Text      string
	Err       error                // with its place in a file, where there is one
	Left      []catalog.Difference // of a way back: what it does not take back
	Minor     bool                 // it works all the same
}

// CheckNames finds what can be seen without a database.
func CheckNames(d *migdir.Dir) []Finding {
	var all []Finding
	all = append(all, gaps(d)...)
	var oneWay []string
	for _, m := range d.Migrations {
		switch {
		case m.Wrong != nil:
			all = append(all, Finding{Rule: "unreadable", Migration: m, Text: words(m.Wrong), Err: m.Wrong})
		case m.Up.Statements() == 0:
			all = append(all, Finding{Rule: "empty", Migration: m, Text: "there is no statement in it", Minor: true})
		}
		switch {
		case m.WrongBack != nil:
			all = append(all, Finding{Rule: "unreadable", Migration: m, Text: words(m.WrongBack), Err: m.WrongBack})
		case m.Down == nil && !m.Repeatable && !m.Covers && !migdir.IsAtlas(d.Format):
			oneWay = append(oneWay, m.Name)
		}
	}
	if n := len(oneWay); n > 0 {
		if n > maxNames {
			oneWay = append(oneWay[:maxNames], fmt.Sprintf("%d more", n-maxNames))
		}
		all = append(all, Finding{Rule: "no-way-back", Text: "these have no way back: " + strings.Join(oneWay, ", "), Minor: true})
	}
	return all
}

// maxNames bounds the names in one finding.
const maxNames = 5

// words are an error without its place, which stands beside it.
func words(err error) string {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p.Message
	}
	return err.Error()
}

// longestNumber is the longest version that is counted and no time, in digits.
const longestNumber = 7

// gaps finds numbers that are missing where versions are counted.
func gaps(d *migdir.Dir) []Finding {
	var all []Finding
	last := -1
	for _, m := range d.Migrations {
		n, err := strconv.Atoi(m.Version)
		if err != nil || len(m.Version) > longestNumber {
			last = -1
			continue
		}
		if last >= 0 && n > last+1 {
			missing := fmt.Sprint("number ", last+1, " is")
			if n > last+2 {
				missing = fmt.Sprintf("numbers %d to %d are", last+1, n-1)
			}
			all = append(all, Finding{Rule: "gap", Migration: m, Text: missing + " missing before it", Minor: true})
		}
		last = n
	}
	return all
}

// Prove runs all files from an empty database, takes all of them back that can be,
// and applies them again. After every step back the schema must be what it was
// before the file.
func Prove(ctx context.Context, bench *proof.Bench, d *migdir.Dir, say func(string, ...any)) (findings []Finding, err error) {
	build, err := bench.Build(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer build.Close()
	p := prover{build: build, say: say}
	for _, m := range d.Migrations {
		if m.Wrong != nil {
			return nil, nil // it is said already, and nothing behind it can be run
		}
		if coversNothing(d, m) {
			continue
		}
		p.way = append(p.way, m)
	}
	for _, step := range []func(context.Context) (*Finding, error){p.up, p.back, p.up} {
		f, err := step(ctx)
		if err != nil {
			return findings, err
		}
		if f != nil {
			return append(findings, *f), nil
		}
	}
	return nil, nil
}

// coversNothing: a baseline is for databases that never ran what is before it.
func coversNothing(d *migdir.Dir, m *migdir.Migration) bool {
	return m.Covers && d.Migrations[0] != m
}

type prover struct {
	build  *proof.Build
	way    []*migdir.Migration
	states []*catalog.Catalog // before each of them, and after the last
	from   int                // where up begins
	say    func(string, ...any)
}

func (p *prover) up(ctx context.Context) (*Finding, error) {
	if p.states == nil {
		if err := p.remember(ctx); err != nil {
			return nil, err
		}
	}
	first := len(p.states) == 1
	for _, m := range p.way[p.from:] {
		if err := p.build.Run(ctx, m.Up, apply.Place{}); err != nil {
			text := "it fails on what the files before it make: "
			if !first {
				text = "it fails when it is applied again after its way back: "
			}
			return p.failed("fails", m, text, err)
		}
		if first {
			if err := p.remember(ctx); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

func (p *prover) remember(ctx context.Context) error {
	c, err := p.build.Catalog(ctx)
	p.states = append(p.states, c)
	return err
}

// failed is a statement that the server refused; any other error is an error.
func (p *prover) failed(rule string, m *migdir.Migration, text string, err error) (*Finding, error) {
	if contextEnded(err) {
		return nil, err
	}
	return &Finding{Rule: rule, Migration: m, Text: text + words(err), Err: err}, nil
}

func (p *prover) back(ctx context.Context) (*Finding, error) {
	for i := len(p.way) - 1; i >= 0; i-- {
		m := p.way[i]
		if m.Repeatable {
			continue
		}
		if m.Down == nil {
			p.from = i + 1
			if i > 0 {
				p.say("%s has no way back: what is before it is proved forward only", m.Name)
			}
			return nil, nil
		}
		if err := p.build.Run(ctx, m.Down, apply.Place{}); err != nil {
			return p.failed("back-fails", m, "its way back fails: ", err)
		}
		now, err := p.build.Catalog(ctx)
		if err != nil {
			return nil, err
		}
		if left := catalog.Compare(p.states[i], now, catalog.Ignore{}); len(left) > 0 {
			return &Finding{Rule: "back-differs", Migration: m, Text: "its way back does not give what was there before", Left: left}, nil
		}
	}
	return nil, nil
}
