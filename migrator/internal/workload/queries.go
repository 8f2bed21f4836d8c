package workload

import (
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// ReadQueries reads a file of statements. Each stands for one call, or for as
// many as a comment before it says: -- calls: 1200. name is for people.
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
		if err := c.run(Event{SQL: s.SQL, Duration: -1}, nil); err != nil {
			return nil, err
		}
		if statement := c.byID[ShapeOf(s.SQL).ID]; statement != nil {
			statement.Calls += calls(s.Comments) - 1
		}
	}
	c.w.Sort()
	return c.w, nil
}

var callsComment = regexp.MustCompile(`(?i)calls:\s*(\d+)`)

func calls(comments []string) int64 {
	for _, c := range comments {
		if m := callsComment.FindStringSubmatch(c); m != nil {
			if n, err := strconv.ParseInt(m[1], 10, 64); err == nil && n > 0 {
				return n
			}
		}
	}
	return 1
}
