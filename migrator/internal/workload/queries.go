package workload

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// CallsError is a comment that should say how often a statement is called, and
// cannot be read: a number that is half understood would change the whole advice.
type CallsError struct {
	Line int // of the statement
	Text string
}

// Error says what stands there.
func (e *CallsError) Error() string { return fmt.Sprintf("%q is no number of calls", e.Text) }

// ReadQueries reads a file of statements. Each stands for one call, or for as
// many as a comment before it says: -- calls: 1200, or 1,200. name is for people.
func ReadQueries(r io.Reader, name string) (*Workload, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	c := newCollector(name, nil)
	for _, s := range sqltext.Split(string(text)) {
		switch {
		case s.Meta != "":
			continue // psql's own
		case s.OpenEnded:
			c.w.Left.Unreadable++
			continue
		}
		n, bad := calls(s.Comments)
		if bad != "" {
			return nil, &CallsError{Line: s.Line, Text: bad}
		}
		if err := c.run(Event{SQL: s.SQL, Duration: -1}, nil); err != nil {
			return nil, err
		}
		if statement := c.byID[ShapeOf(s.SQL).ID]; statement != nil {
			statement.Calls = min(statement.Calls, math.MaxInt64-n) + n - 1
		}
	}
	if len(c.w.Statements) == 0 && c.w.Left == (Left{}) {
		return nil, ErrNoStatements
	}
	c.w.Sort()
	return c.w, nil
}

var (
	callsComment = regexp.MustCompile(`(?i)\bcalls:[ \t]*([^\s*;]*)`)
	// grouped is a whole number, in groups of three where it has marks.
	grouped = regexp.MustCompile(`^[1-9]\d*$|^[1-9]\d{0,2}(?:[,_']\d{3})+$`)
)

// calls is the number that the last of some comments gives; 1 where none does. bad
// is what stands in the number's place and is none. A comment that only has the
// word in a sentence ("the function calls: it") says nothing about it.
func calls(comments []string) (n int64, bad string) {
	n = 1
	for _, c := range comments {
		for _, m := range callsComment.FindAllStringSubmatchIndex(c, -1) {
			text := strings.TrimRight(c[m[2]:m[3]], ",.")
			first := strings.Trim(c[:m[0]], "-/*# \t") == ""
			if !first && (text == "" || !strings.ContainsAny(text[:1], "0123456789-+.")) {
				continue
			}
			if !grouped.MatchString(text) {
				return 0, cmp.Or(text, "calls:")
			}
			var err error
			if n, err = strconv.ParseInt(strings.NewReplacer(",", "", "_", "", "'", "").Replace(text), 10, 64); err != nil {
				return 0, text
			}
		}
	}
	return n, ""
}
