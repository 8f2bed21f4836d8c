package target

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// Feeder is a table whose columns fill places: {{name.column}}, or {{column}}
// where no other feeder has one of that name. All places of a request that read
// the same feeder take the same row.
type Feeder struct {
	Name    string
	Columns []string
	Rows    [][]string
	Random  bool // draw a row for each request; else request i takes row i, from the top again after the last
}

type feeders struct {
	byName map[string]columnOf // "users.email" and, where unambiguous, "email"
	twice  map[string]bool
	used   []bool // by order: whether a place reads the feeder
}

type columnOf struct {
	feeder *Feeder
	order  uint64
	column int
}

func newFeeders(list []Feeder) (*feeders, error) {
	f := &feeders{byName: map[string]columnOf{}, twice: map[string]bool{}, used: make([]bool, len(list))}
	for k := range list {
		feeder := &list[k]
		if len(feeder.Rows) == 0 {
			return nil, problem.New("give it at least one row beneath its column names", "the feeder %s has no rows", feeder.Name)
		}
		for c, column := range feeder.Columns {
			at := columnOf{feeder, uint64(k), c}
			full := feeder.Name + "." + column
			if _, dup := f.byName[full]; dup {
				return nil, problem.New("give each column its own name", "the feeder %s has the column %q twice", feeder.Name, column)
			}
			f.byName[full] = at
			if _, dup := f.byName[column]; dup || f.twice[column] {
				f.twice[column] = true
				delete(f.byName, column)
			} else {
				f.byName[column] = at
			}
		}
	}
	return f, nil
}

// idle refuses a feeder of list that no place reads: every request would be sent
// without its rows, and nothing would say so.
func (f *feeders) idle(list []Feeder) error {
	k := slices.Index(f.used, false)
	if k < 0 {
		return nil
	}
	name := list[k].Name // its columns are not named: the first line of a wrong file may be a secret
	return problem.New("write {{"+name+".COLUMN}} in a path, a header or a body, or leave --feed out (--no-template reads no places)", "no request uses the feeder %s", name)
}

func (f *feeders) names() []string {
	var names []string
	for name := range f.byName {
		if strings.Contains(name, ".") {
			names = append(names, name)
		}
	}
	return names
}

// filler reads the column of this name; nil without a fault: there is none.
func (f *feeders) filler(name string, esc escape) (filler, string) {
	if f.twice[name] {
		return nil, "is a column of several feeders; write feeder." + name
	}
	at, ok := f.byName[name]
	if !ok {
		return nil, ""
	}
	f.used[at.order] = true
	c := column{purpose: purposeFeeder | at.order, random: at.feeder.Random, values: make([]string, len(at.feeder.Rows))}
	for i, row := range at.feeder.Rows {
		if at.column < len(row) {
			c.values[i] = escaped(row[at.column], esc)
		}
	}
	return c, ""
}

// column is one feeder column, its values escaped for where they stand.
type column struct {
	purpose uint64
	random  bool
	values  []string
}

func (f column) append(dst []byte, at place) []byte {
	n := uint64(len(f.values))
	row := at.i % n
	if f.random {
		row, _ = bits.Mul64(mix(at.seed, at.i, f.purpose), n)
	}
	return append(dst, f.values[row]...)
}
