package proof

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// value is the n-th plain value of a column, as SQL; n counts from 1. One that
// is made of others is empty here: seedTypes knows those.
func (c *seedColumn) value(n int) string {
	literal := func(format string, args ...any) string {
		return "CAST(" + pgdb.QuoteLiteral(fmt.Sprintf(format, args...)) + " AS " + c.Type + ")"
	}
	switch c.Category {
	case "B":
		return literal("%t", n%2 == 0)
	case "N":
		return literal("%d", n)
	case "S":
		return literal("seed %d", n)
	case "D":
		return fmt.Sprintf("CAST(timestamptz '2001-01-%02d 10:00:00+00' AS %s)", 1+(n-1)%28, c.Type)
	case "T":
		return literal("%d days", n)
	case "E":
		if len(c.Labels) == 0 {
			return c.null()
		}
		return literal("%s", c.Labels[(n-1)%len(c.Labels)])
	case "A":
		return literal("{}")
	case "I":
		return literal("10.0.0.%d", n%200)
	case "V":
		return "CAST(B'1' AS " + c.Type + ")"
	case "R":
		if strings.HasSuffix(c.Base, "multirange") {
			return literal("{}")
		}
		return literal("empty")
	case "C", "P":
		return c.null()
	}
	if form, ok := userValues[c.Base]; ok {
		if strings.Contains(form, "%") {
			return literal(form, n)
		}
		return literal("%s", form)
	}
	return literal("%d", n)
}

func (c *seedColumn) null() string { return "CAST(NULL AS " + c.Type + ")" }

// userValues are values of types that their category says nothing about.
var userValues = map[string]string{
	"uuid": "00000000-0000-4000-8000-00000000000%d", "json": `{"n": %d}`, "jsonb": `{"n": %d}`, "bytea": `\x0%d`,
	"xml": "<a>%d</a>", "macaddr": "08:00:2b:01:02:0%d", "macaddr8": "08:00:2b:01:02:03:04:0%d", "hstore": "a=>%d",
	"ltree": "a.b%d", "jsonpath": "$.a", "tsvector": "seed", "tsquery": "seed", "point": "(%d,1)", "box": "(%d,1),(0,0)",
	"lseg": "[(0,0),(%d,1)]", "path": "[(0,0),(%d,1)]", "polygon": "((0,0),(%d,1))", "circle": "<(0,0),%d>", "line": "{1,1,%d}",
	"geometry": "POINT(%d 1)", "geography": "POINT(%d 1)", "money": "%d",
}

// candidates are values that may satisfy a check, found in the check's own
// text, with some that often do.
func (c *seedColumn) candidates(texts []string) []string {
	var all []string
	add := func(s string) { all = append(all, "CAST("+pgdb.QuoteLiteral(s)+" AS "+c.Type+")") }
	for _, text := range texts {
		s := sqltext.NewScanner(text)
		for {
			t, ok := s.Next()
			if !ok {
				break
			}
			word := text[t.From:t.To]
			switch {
			case t.Kind == sqltext.String && strings.HasPrefix(word, "'"):
				add(strings.ReplaceAll(strings.Trim(word, "'"), "''", "'"))
			case t.Kind == sqltext.Number && c.Category == "S":
				add(strings.Repeat("a", min(len(word)*10, 64)))
			case t.Kind == sqltext.Number:
				add(word)
				all = append(all, fmt.Sprintf("CAST(%s + 1 AS %s)", word, c.Type), fmt.Sprintf("CAST(%s - 1 AS %s)", word, c.Type))
			}
		}
	}
	switch c.Category {
	case "S":
		for _, s := range []string{"a", "abc", "A", "ABC", "a@example.org", "123", "abc-def", "https://example.org", "2001-01-01", "", "en", "USD", "+15551234567"} {
			add(s)
		}
	case "N":
		for _, s := range []string{"0", "100", "0.5", "-1", "1000"} {
			add(s)
		}
	case "A":
		add("{1}")
		add("{a}")
	}
	for n := 1; n <= 3; n++ {
		all = append(all, c.value(n))
	}
	if !c.NotNull {
		all = append(all, c.null())
	}
	return all
}
