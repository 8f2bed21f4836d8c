package expect

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// Body is what every response body has to hold.
type Body struct {
	text    string
	exact   bool
	literal []byte
	pattern *regexp.Regexp
}

// maxHeld bounds what is kept of a body for a pattern.
const maxHeld = 1 << 20

// ParseBody reads what a body has to be: "=text" exactly that, "/pattern/" a
// regular expression (on the first MiB), else a text that stands in it.
func ParseBody(text string) (*Body, error) {
	b := &Body{text: text}
	switch {
	case text == "":
		return nil, problem.New("write a text, =text or /pattern/", "the expected body is empty")
	case text[0] == '=':
		b.exact, b.literal = true, []byte(text[1:])
	case len(text) > 2 && text[0] == '/' && text[len(text)-1] == '/':
		var err error
		if b.pattern, err = regexp.Compile(text[1 : len(text)-1]); err != nil {
			return nil, problem.New("the syntax is that of Go's regexp (RE2)", "the expected body: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	default:
		b.literal = []byte(text)
	}
	return b, nil
}

func (b *Body) String() string { return b.text }

// Matcher checks one body after the other as their bytes arrive. It keeps no
// more of a body than it needs: nothing for an exact body, the length of the
// text less one for a contained text. One connection has one Matcher.
type Matcher struct {
	body  *Body
	held  []byte
	found bool
	at    int // bytes of an exact body seen; -1: it differs
}

// Matcher makes one.
func (b *Body) Matcher() *Matcher { return &Matcher{body: b} }

// Reset begins a body.
func (m *Matcher) Reset() { m.held, m.found, m.at = m.held[:0], false, 0 }

// Feed takes the next bytes of the body.
func (m *Matcher) Feed(chunk []byte) {
	switch b := m.body; {
	case m.found:
	case b.pattern != nil:
		m.held = append(m.held, chunk[:min(len(chunk), maxHeld-len(m.held))]...)
	case b.exact:
		if m.at < 0 || !bytes.HasPrefix(b.literal[m.at:], chunk) {
			m.at = -1
			return
		}
		m.at += len(chunk)
	default:
		m.feedText(chunk)
	}
}

// feedText looks for the text in what was held back and the chunk: first across
// the border, then inside.
func (m *Matcher) feedText(chunk []byte) {
	want := m.body.literal
	keep := len(want) - 1
	if len(m.held) > 0 {
		m.held = append(m.held, chunk[:min(len(chunk), keep)]...)
		if bytes.Contains(m.held, want) {
			m.found = true
			return
		}
	}
	if bytes.Contains(chunk, want) {
		m.found = true
		return
	}
	switch {
	case len(chunk) >= keep:
		m.held = append(m.held[:0], chunk[len(chunk)-keep:]...)
	case len(m.held) == 0:
		m.held = append(m.held, chunk...)
	case len(m.held) > keep:
		m.held = append(m.held[:0], m.held[len(m.held)-keep:]...)
	}
}

// End says whether the body was as wanted.
func (m *Matcher) End() bool {
	switch b := m.body; {
	case b.pattern != nil:
		return b.pattern.Match(m.held)
	case b.exact:
		return m.at == len(b.literal)
	}
	return m.found
}
