package pattern

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// set is a set of characters: ranges, both ends included, in any order.
type set []span

type span struct{ from, to rune }

var (
	anything  = set{{0, utf8.MaxRune}}
	digits    = set{{'0', '9'}}
	wordChars = set{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaces    = set{{'\t', '\r'}, {' ', ' '}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}}
	newlines  = set{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
)

// not is every character that is not in s.
func (s set) not() set {
	out := set{}
	next := rune(0)
	for next <= utf8.MaxRune {
		// The span that covers next, or else the nearest one behind it.
		covered, nearest := false, rune(utf8.MaxRune+1)
		for _, r := range s {
			if r.from <= next && next <= r.to {
				next, covered = r.to+1, true
				break
			}
			if r.from > next && r.from < nearest {
				nearest = r.from
			}
		}
		if !covered {
			out = append(out, span{next, nearest - 1})
			next = nearest
		}
	}
	return out
}

func (s set) contains(c rune) bool {
	for _, r := range s {
		if r.from <= c && c <= r.to {
			return true
		}
	}
	return false
}

func sortedRunes(m map[rune]bool) []rune {
	out := slices.Collect(maps.Keys(m))
	slices.Sort(out)
	return out
}
