package target

import "strings"

// text is a string with places to fill, compiled: literal parts and fillers.
type text []part

// part is a literal, or a place.
type part struct {
	literal string
	fill    filler // nil: the literal
}

// filler writes one place's value.
type filler interface {
	append(dst []byte, at place) []byte
}

// place is for which request a place is filled.
type place struct {
	seed uint64
	i    uint64
	vars *Vars // of the session; nil outside one
}

func literal(s string) text {
	if s == "" {
		return nil
	}
	return text{{literal: s}}
}

// static gives the text, if it has no places.
func (t text) static() (string, bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].fill == nil:
		return t[0].literal, true
	}
	return "", false
}

func (t text) append(dst []byte, at place) []byte {
	for i := range t {
		if p := &t[i]; p.fill != nil {
			dst = p.fill.append(dst, at)
		} else {
			dst = append(dst, p.literal...)
		}
	}
	return dst
}

// text is append as a string; it allocates when there are places.
func (t text) text(at place, scratch *Scratch) string {
	if s, ok := t.static(); ok {
		return s
	}
	scratch.text = t.append(scratch.text[:0], at)
	return string(scratch.text)
}

// joiner joins texts and melts neighbouring literals together.
type joiner struct {
	parts text
	run   strings.Builder
}

func (j *joiner) literal(s string) { j.run.WriteString(s) }

func (j *joiner) text(t text) {
	for _, p := range t {
		if p.fill == nil {
			j.run.WriteString(p.literal)
			continue
		}
		j.flush()
		j.parts = append(j.parts, p)
	}
}

func (j *joiner) flush() {
	if j.run.Len() > 0 {
		j.parts = append(j.parts, part{literal: j.run.String()})
		j.run.Reset()
	}
}

func (j *joiner) done() text {
	j.flush()
	return j.parts
}
