package lint

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

var (
	templated = regexp.MustCompile(`\{\{[^{}]*\}\}|\$\{[^{}]*\}`)
	control   = regexp.MustCompile(`^\{\{-?\s*(if|else|end|range|with|define|template|block|/\*)\b`)
	longName  = regexp.MustCompile(unknown + `_+`)
)

// filled is a statement in which names stand for what a template puts there, and
// blanks for its ifs and ends, so that places stay. ok is false without a template.
func filled(sql string) (text string, ok bool) {
	text = templated.ReplaceAllStringFunc(sql, func(s string) string {
		if control.MatchString(s) || len(s) < len(unknown) {
			return strings.Repeat(" ", len(s))
		}
		return unknown + strings.Repeat("_", len(s)-len(unknown))
	})
	return text, text != sql
}

// parsedAlone parses one statement, as a template where it is none of SQL.
func parsedAlone(sql string) tree {
	node, err := pgsql.ParseOne(sql)
	if err == nil {
		return tree{node: node}
	}
	text, ok := filled(sql)
	if !ok {
		return tree{err: err}
	}
	node, again := pgsql.ParseOne(text)
	if again != nil {
		return tree{err: err, template: true}
	}
	return tree{node: node, template: true}
}

// template says once of a file that it is read as a template.
func (f *file) template() {
	if f.templated {
		return
	}
	f.templated = true
	at := templated.FindStringIndex(f.at.SQL)
	f.foundAt("not-looked-into", f.at.Offset+at[0], "a template: names were read in place of "+f.at.SQL[at[0]:at[1]]+" and the like, and all its branches")
}

// short is a text for people, without the length of what a template names.
func short(text string) string { return longName.ReplaceAllString(text, unknown) }
