package schemafile

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Left is a statement that was left out for want of an extension that the server does
// not have: its types, functions and operators, or what another such statement makes.
type Left struct {
	What         string // relation, constraint, index, sequence, routine, type, part; "" is a comment or grant
	Word         string // table, view, …
	Schema, Name string // of the object; Name is "" for an index that nobody named
	Sub          string // of a constraint or part (a trigger, policy or rule) of Name
	Text         string // in one line
	Problem      error  // where, and why
}

var missingThing = regexp.MustCompile(`^(?:relation|type|view|table) "([^"]+)" does not exist`)

// leave takes the statements that want a lacking extension from those that fail, and
// gives back the others. That of a missing relation is one only where the relation is
// left out as well: a name that is wrong stays an error.
func (l *loader) leave(ctx context.Context, failed []attempt) ([]attempt, error) {
	if len(l.loaded.Lacking) == 0 {
		return failed, nil
	}
	for moved := true; moved; {
		moved = false
		var still []attempt
		for _, a := range failed {
			left, ok, err := l.leftOut(ctx, a)
			if err != nil {
				return nil, err
			}
			if !ok {
				still = append(still, a)
				continue
			}
			l.loaded.Left = append(l.loaded.Left, left)
			moved = true
		}
		failed = still
	}
	return failed, nil
}

// leftOut tells whether a statement is to be left out.
func (l *loader) leftOut(ctx context.Context, a attempt) (Left, bool, error) {
	left, ok := aimOf(a.SQL)
	e := pgdb.AsError(a.err)
	if !ok || e == nil || missingRole.MatchString(e.Message) {
		return left, false, nil
	}
	left.Text, left.Problem = strings.Join(strings.Fields(a.SQL), " "), a.problem(a.err)
	if left.What != "" && left.Schema == "" {
		if _, err := l.conn.ExecContext(ctx, "SELECT pg_catalog.set_config('search_path', "+pgdb.QuoteLiteral(a.searchPath)+", false)"); err != nil {
			return left, false, err
		}
		if err := l.conn.QueryRowContext(ctx, "SELECT coalesce(pg_catalog.current_schema(), '')").Scan(&left.Schema); err != nil {
			return left, false, err
		}
	}
	switch e.Code {
	case pgdb.UndefinedObject, "42883":
		return left, true, nil
	case pgdb.UndefinedTable:
		m := missingThing.FindStringSubmatch(e.Message)
		return left, m != nil && slices.ContainsFunc(l.loaded.Left, func(x Left) bool {
			return x.What == "relation" && (m[1] == x.Name || m[1] == x.Schema+"."+x.Name)
		}), nil
	}
	return left, false, nil
}

// whats are the words of CREATE and ALTER, and what their objects are.
var whats = map[string]string{
	"table": "relation", "view": "relation", "index": "index", "sequence": "sequence", "function": "routine", "procedure": "routine",
	"aggregate": "routine", "type": "type", "domain": "type", "trigger": "part", "policy": "part", "rule": "part",
}

// aimOf is what a statement makes or changes, as far as it may be left out.
func aimOf(sql string) (Left, bool) {
	r := reader{tokens: tokens(sql)}
	switch verb := r.next(); verb {
	case "comment", "grant", "revoke":
		return Left{}, true
	case "create", "alter":
		r.skip("or", "replace", "temp", "temporary", "unlogged", "unique", "recursive", "constraint", "foreign", "materialized")
		left := Left{Word: r.next()}
		left.What = whats[left.Word]
		if left.What == "" {
			return Left{}, false
		}
		r.skip("concurrently", "if", "not", "exists", "only")
		if left.What != "index" || r.peek() != "on" {
			left.Schema, left.Name = r.name()
		}
		switch {
		case left.What == "part":
			left.Sub = left.Name
			r.until("on")
			left.Schema, left.Name = r.name()
		case left.What == "index" && verb == "create":
			r.until("on")
			r.skip("only")
			left.Schema, _ = r.name()
		case left.What == "relation" && verb == "alter" && r.peek() == "add":
			r.next()
			if r.peek() == "constraint" && r.at+2 < len(r.tokens) && r.tokens[r.at+2] == "foreign" {
				r.next()
				left.What, left.Sub = "constraint", unquoted(r.next())
			}
		}
		return left, left.Name != "" || left.What == "index"
	}
	return Left{}, false
}

// reader goes through the tokens of a statement.
type reader struct {
	tokens []string
	at     int
}

// tokens are words in small letters, identifiers with their quotes, and signs.
func tokens(sql string) []string {
	var all []string
	s := sqltext.NewScanner(sql)
	for t, ok := s.Next(); ok; t, ok = s.Next() {
		switch text := sql[t.From:t.To]; t.Kind {
		case sqltext.Space, sqltext.Comment:
		case sqltext.Word:
			all = append(all, strings.ToLower(text))
		default:
			all = append(all, text)
		}
	}
	return all
}

func (r *reader) peek() string {
	if r.at < len(r.tokens) {
		return r.tokens[r.at]
	}
	return ""
}

func (r *reader) next() string {
	t := r.peek()
	r.at++
	return t
}

func (r *reader) skip(words ...string) {
	for slices.Contains(words, r.peek()) {
		r.at++
	}
}

// until goes behind a word.
func (r *reader) until(word string) {
	for r.at < len(r.tokens) && r.next() != word {
		continue
	}
}

// name reads a name, qualified or not.
func (r *reader) name() (schema, name string) {
	name = unquoted(r.next())
	if r.peek() == "." {
		r.next()
		schema, name = name, unquoted(r.next())
	}
	return schema, name
}

func unquoted(token string) string {
	if strings.HasPrefix(token, `"`) {
		return strings.ReplaceAll(strings.Trim(token, `"`), `""`, `"`)
	}
	return token
}
