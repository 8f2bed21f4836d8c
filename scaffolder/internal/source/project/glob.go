package project

import (
	"path/filepath"
	"slices"
	"strings"
)

// Glob finds the files that a pattern means: `*`, `?`, `**`, `{a,b}`, `[…]` and
// `+(a|b)`. A relative pattern is one of dir. A pattern below a build that is not
// there means the sources that it would be built from.
func (p *Project) Glob(dir, pattern string) []string {
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(dir, filepath.FromSlash(pattern))
	}
	pattern, except := negated(filepath.ToSlash(pattern))
	var out, not []string
	for _, one := range braces(pattern) {
		out = append(out, p.glob(one)...)
	}
	if except != "" {
		for _, one := range braces(except) {
			not = append(not, p.glob(one)...)
		}
	}
	out = slices.DeleteFunc(out, func(file string) bool { return slices.Contains(not, file) })
	slices.Sort(out)
	return slices.Compact(out)
}

// negated takes !(a|b) out of a pattern: what it matches with anything there, except for
// what it matches with one of these; "": nothing.
func negated(pattern string) (all, except string) {
	open := strings.Index(pattern, "!(")
	if open < 0 {
		return pattern, ""
	}
	end := strings.IndexByte(pattern[open:], ')')
	if end < 0 {
		return pattern, ""
	}
	end += open
	return pattern[:open] + "*" + pattern[end+1:], pattern[:open] + pattern[open+1:]
}

func (p *Project) glob(pattern string) []string {
	elements := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	fixed := 0
	for fixed < len(elements)-1 && !strings.ContainsAny(elements[fixed], "*?[(") {
		fixed++
	}
	base := "/" + strings.Join(elements[:fixed], "/")
	if source := p.SourceDir(base); source != "" {
		base = source
	}
	var out []string
	p.match(base, elements[fixed:], &out)
	return out
}

func (p *Project) match(dir string, elements []string, out *[]string) {
	first, rest := elements[0], elements[1:]
	if first == "**" && len(rest) > 0 {
		p.match(dir, rest, out)
	}
	for _, e := range p.List(dir) {
		path := filepath.Join(dir, e.Name)
		switch {
		case e.Name == "node_modules" || strings.HasPrefix(e.Name, ".") && !strings.HasPrefix(first, "."):
		case e.Dir && first == "**":
			p.match(path, elements, out)
		case e.Dir && len(rest) > 0 && matchElement(first, e.Name):
			p.match(path, rest, out)
		case !e.Dir && len(rest) == 0 && (first == "**" || matchElement(first, e.Name)):
			*out = append(*out, path)
		}
	}
}

// braces writes a pattern out for each alternative of {a,b} and +(a|b).
func braces(pattern string) []string {
	open := strings.IndexAny(pattern, "{(")
	if open < 0 {
		return []string{pattern}
	}
	closing, separator := byte('}'), ","
	before := open
	if pattern[open] == '(' {
		closing, separator = ')', "|"
		if open > 0 && strings.ContainsRune("+@*?!", rune(pattern[open-1])) {
			before--
		}
	}
	end := strings.IndexByte(pattern[open:], closing)
	if end < 0 {
		return []string{pattern}
	}
	end += open
	var out []string
	for _, one := range strings.Split(pattern[open+1:end], separator) {
		out = append(out, braces(pattern[:before]+one+pattern[end+1:])...)
	}
	return out
}

// matchElement matches one path element. A pattern for built files matches their
// sources: *.js is *.ts too.
func matchElement(pattern, name string) bool {
	if ok, err := filepath.Match(pattern, name); err != nil || ok {
		return ok
	}
	ext := filepath.Ext(name)
	for _, built := range []string{".js", ".mjs", ".cjs", ".jsx"} {
		if slices.Contains(instead(built), ext) && IsSource(name) {
			if ok, _ := filepath.Match(pattern, strings.TrimSuffix(name, ext)+built); ok {
				return true
			}
		}
	}
	return false
}
