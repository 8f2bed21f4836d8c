// Package pattern judges regular expressions of ECMAScript, the language of
// `pattern` in a schema, before they run in a server that anybody can send
// texts to. Texts come in from spec; verdicts go into the model, and to check. It imports
// nothing but the standard library.
package pattern

// Verdict is what a pattern costs, and how it is matched at a cost that its text allows.
type Verdict struct {
	// Slow: an engine that backtracks, as that of JavaScript, can take a time that is
	// not linear in the length of a hostile text. A pattern that cannot be followed is
	// slow, too.
	Slow bool
	// Exponential: that time can double with each character.
	Exponential bool
	// Linear is what RE2 has to match in place of the pattern, if it can; nil: it cannot.
	Linear []Part
	// Short is how long a text may be to be matched by backtracking all the same.
	Short int
}

// Part is an expression in the syntax of RE2 that must match, or must not.
type Part struct {
	Source string
	Not    bool
}

// Judge weighs a pattern. One that no engine reads is not slow: it lets everything pass.
func Judge(source string) Verdict {
	if Broken(source) != "" {
		return Verdict{}
	}
	p := &parser{in: []rune(source)}
	root := p.alternatives(0)
	if p.failed || p.at != len(p.in) {
		return Verdict{Slow: true, Exponential: true}
	}
	degree := degreeOf(root)
	if degree == linearTime {
		return Verdict{}
	}
	v := Verdict{Slow: true, Exponential: degree == exponential, Linear: forRE2(root)}
	switch degree {
	case 2:
		v.Short = 200
	case 3:
		v.Short = 40
	}
	return v
}

// Slow is that of Judge.
func Slow(source string) bool { return Judge(source).Slow }
