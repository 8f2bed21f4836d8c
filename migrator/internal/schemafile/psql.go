package schemafile

import (
	"context"
	"database/sql"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// psql is what psql's own commands leave behind for the statements after them:
// variables, and the branches of \if.
type psql struct {
	variables map[string]string
	branches  []branch
}

// branch is one \if: whether its present part is carried out, and whether one of
// its parts was.
type branch struct{ active, taken bool }

// active says whether statements are carried out at all.
func (p *psql) active() bool {
	for _, b := range p.branches {
		if !b.active {
			return false
		}
	}
	return true
}

// take carries a command out that only psql knows. ok is false for the others.
func (p *psql) take(name, argument string) (ok bool) {
	n := len(p.branches) - 1
	switch name {
	case `\if`:
		yes := p.active() && truth(p.expand(argument))
		p.branches = append(p.branches, branch{yes, yes})
	case `\elif`:
		if n >= 0 {
			b := p.branches[n]
			p.branches = p.branches[:n]
			yes := !b.taken && p.active() && truth(p.expand(argument))
			p.branches = append(p.branches, branch{yes, b.taken || yes})
		}
	case `\else`:
		if n >= 0 {
			p.branches[n] = branch{!p.branches[n].taken, true}
		}
	case `\endif`:
		if n >= 0 {
			p.branches = p.branches[:n]
		}
	case `\set`:
		if words := p.words(argument); p.active() && len(words) > 0 {
			p.set(words[0], strings.Join(words[1:], ""))
		}
	case `\unset`:
		if p.active() {
			delete(p.variables, argument)
		}
	default:
		return false
	}
	return true
}

func (p *psql) set(name, value string) {
	if p.variables == nil {
		p.variables = map[string]string{}
	}
	p.variables[name] = value
}

// truth reads psql's booleans; what is none of them is false, as psql has it.
func truth(word string) bool {
	switch w := strings.ToLower(strings.Trim(strings.TrimSpace(word), "'")); w {
	case "1", "on":
		return true
	default:
		return w != "" && (strings.HasPrefix("true", w) || strings.HasPrefix("yes", w))
	}
}

// words are the arguments of a command; 'quotes' keep spaces, and variables are
// filled in outside of them.
func (p *psql) words(argument string) []string {
	var all []string
	for rest := strings.TrimSpace(argument); rest != ""; rest = strings.TrimSpace(rest) {
		if rest[0] == '\'' {
			end := 1
			for end < len(rest) && (rest[end] != '\'' || strings.HasPrefix(rest[end:], "''")) {
				if rest[end] == '\'' {
					end++
				}
				end++
			}
			all = append(all, strings.ReplaceAll(rest[1:min(end, len(rest))], "''", "'"))
			rest = rest[min(end+1, len(rest)):]
			continue
		}
		end := strings.IndexAny(rest, " \t")
		if end < 0 {
			end = len(rest)
		}
		all = append(all, p.expand(rest[:end]))
		rest = rest[end:]
	}
	return all
}

// expand fills variables in: :name as it is, :'name' as a string, :"name" as a
// name, :{?name} whether it is set. What is not set stays.
func (p *psql) expand(text string) string {
	if !strings.Contains(text, ":") {
		return text
	}
	var b strings.Builder
	s := sqltext.NewScanner(text)
	colons := 0
	for {
		t, ok := s.Next()
		if !ok {
			return b.String()
		}
		token := text[t.From:t.To]
		single := colons == 1
		colons++
		if token != ":" {
			colons = 0
		}
		switch {
		case token == ":" && strings.HasPrefix(text[t.To:], "{?"):
			if name, _, ok := strings.Cut(text[t.To+2:], "}"); ok {
				word := "FALSE"
				if _, set := p.variables[name]; set {
					word = "TRUE"
				}
				return b.String() + word + p.expand(text[t.To+len(name)+3:])
			}
		case !single || len(p.variables) == 0:
		case t.Kind == sqltext.Word:
			if value, ok := p.variables[token]; ok {
				trimColon(&b)
				token = value
			}
		case t.Kind == sqltext.String && token[0] == '\'', t.Kind == sqltext.Identifier && token[0] == '"':
			if value, ok := p.variables[token[1:max(1, len(token)-1)]]; ok {
				trimColon(&b)
				q := token[:1]
				token = q + strings.ReplaceAll(value, q, q+q) + q
			}
		}
		b.WriteString(token)
	}
}

// trimColon takes the colon back that was written before a variable.
func trimColon(b *strings.Builder) {
	text := strings.TrimSuffix(b.String(), ":")
	b.Reset()
	b.WriteString(text)
}

// sent runs a query that \gexec or \gset ends: its answer is run, or kept in
// variables.
func (l *loader) sent(ctx context.Context, s statement) error {
	rows, err := l.conn.QueryContext(ctx, s.SQL)
	if err != nil {
		return s.problem(err)
	}
	columns, cells, err := table(rows)
	if err != nil {
		return s.problem(err)
	}
	name, prefix, _ := strings.Cut(s.Sent, " ")
	if name == `\gset` {
		for i, cell := range cells {
			if cell.Valid && i < len(columns) {
				l.psql.set(strings.TrimSpace(prefix)+columns[i], cell.String)
			}
		}
		return nil
	}
	for _, cell := range cells {
		if !cell.Valid {
			continue
		}
		made := s
		made.SQL, made.Sent, made.changed = cell.String, "", true
		switch r := roleOf(made.Statement); {
		case r == ignore:
			continue
		case r == elsewhere, r == serverWide && !l.options.Owned:
			l.note(s, "left out, since it is about the whole server: "+short(made.SQL))
			continue
		}
		if err := l.run(ctx, []statement{made}); err != nil {
			return err
		}
	}
	return nil
}

// table reads all cells of an answer, row by row.
func table(rows *sql.Rows) (columns []string, cells []sql.NullString, err error) {
	defer rows.Close()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		row := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		cells = append(cells, row...)
	}
	return columns, cells, rows.Err()
}
