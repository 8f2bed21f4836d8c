package workload

import (
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Event is one run of a statement, as a log tells it.
type Event struct {
	At        time.Time     // when it was logged: at its end; zero: unknown
	Session   string        // process number or session identifier; "" unknown
	Statement *Statement    // what was run, its constants aside
	SQL       string        // as it was sent
	Values    []string      // its constants and the values of its parameters, as they stand in it
	Duration  time.Duration // -1: not logged
}

// collector adds runs up to statements.
type collector struct {
	w    *Workload
	byID map[string]*Statement
	each func(Event) error
}

func newCollector(source string, each func(Event) error) *collector {
	return &collector{w: &Workload{Source: source}, byID: map[string]*Statement{}, each: each}
}

// mostSamples is how many runs a statement keeps as they were sent.
const mostSamples = 3

// run adds one run. values are those of $1, $2 …, where they are known.
func (c *collector) run(e Event, values []string) error {
	if strings.Contains(e.SQL, Tag) {
		c.w.Left.Own++
		return nil
	}
	shape := ShapeOf(e.SQL)
	if shape.SQL == "" {
		return nil
	}
	s := c.byID[shape.ID]
	if s == nil {
		s = &Statement{ID: shape.ID, SQL: shape.SQL}
		c.byID[shape.ID] = s
		c.w.Statements = append(c.w.Statements, s)
	}
	s.Calls++
	if e.Duration >= 0 {
		s.Exec += e.Duration
		c.w.Timed = true
	}
	if sample, whole := filled(e.SQL, values); whole && len(s.Samples) < mostSamples {
		s.Samples = append(s.Samples, sample)
	}
	if c.w.Since.IsZero() || !e.At.IsZero() && e.At.Before(c.w.Since) {
		c.w.Since = e.At
	}
	if e.At.After(c.w.Until) {
		c.w.Until = e.At
	}
	if c.each == nil {
		return nil
	}
	e.Statement, e.Values = s, shape.All(values)
	return c.each(e)
}

// planned adds the time of a parse or bind step.
func (c *collector) planned(sql string, d time.Duration) {
	if s := c.byID[ShapeOf(sql).ID]; s != nil {
		s.Plan += d
	}
}

// filled is a statement with values for its parameters; whole is false when one
// of them is not known. null is what the log writes for NULL.
func filled(sql string, values []string) (text string, whole bool) {
	if !strings.Contains(sql, "$") {
		return sql, true
	}
	var b strings.Builder
	whole = true
	scanner := sqltext.NewScanner(sql)
	for {
		t, ok := scanner.Next()
		if !ok {
			return b.String(), whole
		}
		part := sql[t.From:t.To]
		if t.Kind == sqltext.Parameter {
			n := 0
			for _, digit := range part[1:] {
				n = n*10 + int(digit-'0')
				if n > len(values) {
					break
				}
			}
			if n < 1 || n > len(values) {
				whole = false
			} else if part = catalog.Literal(values[n-1]); values[n-1] == null {
				part = "NULL"
			}
		}
		b.WriteString(part)
	}
}

// null stands for NULL among values.
const null = "\x00"
