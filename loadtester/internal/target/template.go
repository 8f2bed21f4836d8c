package target

import (
	"sort"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// escape is how a value is written where it stands.
type escape int

const (
	escapeNothing escape = iota
	escapePath           // percent-encoded, all but unreserved characters
	escapeJSON           // as inside a JSON string
	escapeHeader         // control characters become spaces
)

// parser compiles {{…}} places of one Spec.
type parser struct {
	options *Options
	feeders *feeders
	off     bool
	places  uint64 // counts places, so that two {{uuid}} differ
}

const placesHint = "places are {{seq}} {{uuid}} {{rand 1 100}} {{choice a b}} {{text 8}} {{now}} {{env NAME}} {{feeder.column}} {{$saved}}; --no-template sends the text as it is"

// parse compiles s; values are escaped as esc says.
func (p *parser) parse(s string, esc escape) (text, error) {
	if p.off || !strings.Contains(s, "{{") {
		return literal(s), nil
	}
	var j joiner
	for {
		before, rest, found := strings.Cut(s, "{{")
		j.literal(before)
		if !found {
			return j.done(), nil
		}
		inside, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, problem.New(placesHint, "the placeholder {{%s is not closed", short(rest))
		}
		t, err := p.place(inside, esc)
		if err != nil {
			return nil, err
		}
		j.text(t)
		s = after
	}
}

// place compiles the inside of one {{…}}.
func (p *parser) place(inside string, esc escape) (text, error) {
	p.places++
	words := strings.Fields(inside)
	if len(words) == 0 {
		return nil, problem.New(placesHint, "the placeholder {{%s}} is empty", inside)
	}
	if words[0] == "raw" && len(words) > 1 {
		esc, words = escapeNothing, words[1:]
	}
	name, args := words[0], words[1:]
	if saved, ok := strings.CutPrefix(name, "$"); ok && len(args) == 0 {
		if !p.options.Chain {
			return nil, problem.New("values are saved by the steps of a chain", "the placeholder {{%s}} stands outside a chain", inside)
		}
		return text{{fill: savedValue{saved, esc}}}, nil
	}
	var f filler
	fault := ""
	switch name {
	case "seq":
		f, fault = newSeq(args)
	case "uuid":
		f = uuid{p.places}
		fault = wantArgs(args, 0)
	case "rand":
		f, fault = newRand(args, p.places)
	case "text":
		f, fault = newRandomText(args, p.places)
	case "choice":
		f, fault = newChoice(args, p.places, esc)
	case "now":
		f, fault = newClock(args)
	case "env":
		return p.env(args, esc)
	default:
		if f, fault = p.feeders.filler(name, esc); f == nil && fault == "" {
			return nil, problem.New(p.hint(), "the placeholder {{%s}} is unknown", strings.TrimSpace(inside))
		}
	}
	if fault != "" {
		return nil, problem.New(placesHint, "the placeholder {{%s}} %s", strings.TrimSpace(inside), fault)
	}
	return text{{fill: f}}, nil
}

// hint names the columns there are, or all places.
func (p *parser) hint() string {
	columns := p.feeders.names()
	if len(columns) == 0 {
		return placesHint
	}
	sort.Strings(columns)
	return "columns are {{" + strings.Join(columns[:min(len(columns), 12)], "}} {{") + "}}; " + placesHint
}

// env is a variable of the environment, read once: it keeps secrets out of
// command lines and files.
func (p *parser) env(args []string, esc escape) (text, error) {
	if len(args) != 1 {
		return nil, problem.New("write {{env NAME}}", "the placeholder {{env}} wants one name")
	}
	if p.options.Env == nil {
		return nil, problem.New(placesHint, "the placeholder {{env %s}} cannot be read here", args[0])
	}
	value, ok := p.options.Env(args[0])
	if !ok {
		return nil, problem.New("set it, or write the value itself", "the environment variable %s is not set", args[0])
	}
	return literal(escaped(value, esc)), nil
}

func wantArgs(args []string, n int) string {
	if len(args) != n {
		return "wants " + strconv.Itoa(n) + " arguments, not " + strconv.Itoa(len(args))
	}
	return ""
}

func short(s string) string {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}

// escaped writes value as esc says.
func escaped(value string, esc escape) string {
	return string(appendEscaped(nil, value, esc))
}

func appendEscaped(dst []byte, value string, esc escape) []byte {
	switch esc {
	case escapePath:
		for i := 0; i < len(value); i++ {
			if c := value[i]; unreserved(c) {
				dst = append(dst, c)
			} else {
				dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
			}
		}
	case escapeJSON:
		for i := 0; i < len(value); i++ {
			switch c := value[i]; {
			case c == '"' || c == '\\':
				dst = append(dst, '\\', c)
			case c == '\n':
				dst = append(dst, '\\', 'n')
			case c < ' ':
				dst = append(dst, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
			default:
				dst = append(dst, c)
			}
		}
	case escapeHeader:
		for i := 0; i < len(value); i++ {
			if c := value[i]; control(rune(c)) {
				dst = append(dst, ' ')
			} else {
				dst = append(dst, c)
			}
		}
	default:
		dst = append(dst, value...)
	}
	return dst
}

// unreserved are the characters that RFC 3986 never percent-encodes.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
