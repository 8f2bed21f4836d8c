package migdir

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// inContexts says whether a changeset of a context, which may be an expression, is one
// of those that are asked for. As with Liquibase, one of no context is, and without
// contexts that are asked for all are but those that want to be named (@test).
func inContexts(expression string, asked []string) (bool, error) {
	if expression == "" {
		return true, nil
	}
	names := map[string]bool{}
	for _, a := range asked {
		names[strings.ToLower(strings.TrimPrefix(a, "@"))] = true
	}
	named := strings.Contains(expression, "@")
	ok, err := holds(strings.ReplaceAll(expression, "@", ""), func(name string) bool { return names[name] })
	return ok || err == nil && len(asked) == 0 && !named, err
}

// byLabels says whether a changeset has labels that a filter asks for. One of no label
// is taken by every filter.
func byLabels(filter, labels string) (bool, error) {
	var has []string
	for _, l := range strings.Split(strings.ToLower(labels), ",") {
		if l = strings.TrimSpace(l); l != "" {
			has = append(has, l)
		}
	}
	if filter == "" || len(has) == 0 {
		return true, nil
	}
	return holds(filter, func(name string) bool { return slices.Contains(has, name) })
}

var filterToken = regexp.MustCompile(`[(),!]|[^\s(),!]+`)

// holds evaluates names with and, or, not (also , and !) and parentheses.
func holds(expression string, is func(name string) bool) (bool, error) {
	p := filterParser{tokens: filterToken.FindAllString(strings.ToLower(expression), -1), is: is}
	value := p.either()
	if p.wrong || len(p.tokens) > 0 {
		return false, fmt.Errorf("%q cannot be read as a filter", expression)
	}
	return value, nil
}

type filterParser struct {
	tokens []string
	is     func(name string) bool
	wrong  bool
}

func (p *filterParser) take(words ...string) bool {
	if len(p.tokens) == 0 || !slices.Contains(words, p.tokens[0]) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *filterParser) either() bool {
	value := p.both()
	for p.take("or", ",") {
		next := p.both()
		value = value || next
	}
	return value
}

func (p *filterParser) both() bool {
	value := p.one()
	for p.take("and") {
		next := p.one()
		value = value && next
	}
	return value
}

func (p *filterParser) one() bool {
	switch {
	case p.take("not", "!"):
		return !p.one()
	case p.take("("):
		value := p.either()
		p.wrong = p.wrong || !p.take(")")
		return value
	case len(p.tokens) == 0 || slices.Contains([]string{"and", "or", ",", ")"}, p.tokens[0]):
		p.wrong = true
		return false
	}
	name := p.tokens[0]
	p.tokens = p.tokens[1:]
	return p.is(name)
}
