package pattern

import "slices"

// mostPumps is how many texts a pattern is attacked with.
const mostPumps = 8

// Pumps are texts which, repeated, keep an engine busy that tries all ways to match the
// pattern: a character of each of its sets, and all of them in a row.
func Pumps(source string) []string {
	p := &parser{in: []rune(source)}
	root := p.alternatives(0)
	if p.failed || p.at != len(p.in) {
		return []string{"a"}
	}
	a := &automaton{}
	a.group(root)
	var out []string
	row := ""
	for _, s := range a.members {
		text := string(s.example())
		if text != "" && !slices.Contains(out, text) && len(out) < mostPumps {
			out = append(out, text)
			row += text
		}
	}
	if len(out) > 1 {
		out = append(out, row)
	}
	return out
}

// example is a character of the set, of those that people write if there is one.
func (s set) example() []rune {
	for _, wanted := range "a0A -.@/_" {
		if s.contains(wanted) {
			return []rune{wanted}
		}
	}
	for _, r := range s {
		return []rune{r.from}
	}
	return nil
}
