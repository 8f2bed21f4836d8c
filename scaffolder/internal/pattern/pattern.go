// Package pattern judges regular expressions of ECMAScript, the language of
// `pattern` in a schema, before they run in a server that anybody can send
// texts to. Texts come in from spec; verdicts go into the model. It imports
// nothing but the standard library.
package pattern

// Slow says that matching source can take time exponential in the length of a
// hostile text, as (a+)+$ does: it repeats something that repeats in turn, or
// one of several alternatives, so that the same text can be cut in many ways.
//
// It looks for the shapes of that kind that people write. It can miss one; what
// it finds is one, unless a part of the pattern that it does not weigh (an
// anchor, a lookahead) rules the hostile text out. A pattern that it cannot
// read is not slow.
func Slow(source string) bool {
	p := &parser{in: []rune(source)}
	root := p.alternatives(0)
	return !p.failed && p.at == len(p.in) && slow(root)
}

// node is a part of a pattern: a set of characters, or alternatives of
// sequences of parts, or nothing (an anchor, a lookahead).
type node struct {
	set          set
	alternatives [][]node
	min          int
	unbounded    bool // repeated without end, or more often than worth counting
}

// slow looks for an unbounded repetition that is ambiguous.
func slow(n node) bool {
	for _, sequence := range n.alternatives {
		for _, part := range sequence {
			if slow(part) {
				return true
			}
		}
	}
	return n.unbounded && len(n.alternatives) > 0 && ambiguous(n)
}

// ambiguous says that two rounds of the repetition n can share a text between
// them in more than one way.
func ambiguous(n node) bool {
	around := n.first()
	for i, sequence := range n.alternatives {
		if loops(sequence, around) {
			return true
		}
		for _, other := range n.alternatives[:i] {
			if len(sequence) == 1 && len(other) == 1 && isSet(sequence[0]) && isSet(other[0]) &&
				sequence[0].set.overlaps(other[0].set) {
				return true
			}
		}
	}
	return false
}

func isSet(n node) bool { return len(n.alternatives) == 0 && n.set != nil }

// loops says that a part of the sequence that repeats without end can be
// followed by what it repeats itself: by the rest of the sequence, or, where
// that can be empty, by the next round, which begins with around.
func loops(sequence []node, around set) bool {
	for i, part := range sequence {
		if part.unbounded {
			follow := firstOf(sequence[i+1:])
			if nullable(sequence[i+1:]) {
				follow = append(follow, around...)
			}
			if part.last().overlaps(follow) && part.first().overlaps(follow) {
				return true
			}
		}
		// A group that stands alone in a round passes its own repetitions on.
		if !part.unbounded && nullable(sequence[:i]) && nullable(sequence[i+1:]) {
			for _, inner := range part.alternatives {
				if loops(inner, around) {
					return true
				}
			}
		}
	}
	return false
}

// first is what a text that n matches can begin with.
func (n node) first() set {
	if len(n.alternatives) == 0 {
		return n.set
	}
	var out set
	for _, sequence := range n.alternatives {
		out = append(out, firstOf(sequence)...)
	}
	return out
}

func firstOf(sequence []node) set {
	var out set
	for _, part := range sequence {
		out = append(out, part.first()...)
		if !part.nullable() {
			break
		}
	}
	return out
}

// last is what a text that n matches can end with.
func (n node) last() set {
	if len(n.alternatives) == 0 {
		return n.set
	}
	var out set
	for _, sequence := range n.alternatives {
		for i := len(sequence) - 1; i >= 0; i-- {
			out = append(out, sequence[i].last()...)
			if !sequence[i].nullable() {
				break
			}
		}
	}
	return out
}

// nullable says that n matches the empty text.
func (n node) nullable() bool {
	if n.min == 0 {
		return true
	}
	if len(n.alternatives) == 0 {
		return n.set == nil
	}
	for _, sequence := range n.alternatives {
		if nullable(sequence) {
			return true
		}
	}
	return false
}

func nullable(sequence []node) bool {
	for _, part := range sequence {
		if !part.nullable() {
			return false
		}
	}
	return true
}
