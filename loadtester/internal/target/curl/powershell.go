package curl

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

var environment = regexp.MustCompile(`(?i)^\$(?:env:([A-Za-z0-9_]+)|\{env:([A-Za-z0-9_]+)\})`)

// escapes of PowerShell, behind a backtick; any other character stands for itself.
var escapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", '0': "\x00", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v"}

// powerShell reads text as PowerShell reads a simple command. Of its variables only
// those of the environment are known here.
func powerShell(text string, env func(string) (string, bool)) ([]string, error) {
	p := &powerReader{text: strings.ReplaceAll(text, "\r\n", "\n"), env: env}
	if err := p.read(); err != nil {
		return nil, err
	}
	for i, w := range p.words {
		given, err := handedOn(w)
		if err != nil {
			return nil, err
		}
		p.words[i] = given
	}
	return p.words, nil
}

type powerReader struct {
	text  string
	at    int
	env   func(string) (string, bool)
	words []string
	word  strings.Builder
	begun bool
}

func (p *powerReader) read() error {
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == ' ' || c == '\t':
			p.end()
			p.at++
		case c == '\n':
			if strings.TrimSpace(p.text[p.at:]) != "" {
				return problem.New(plainCommand, "there are several lines, and no ` before the end of one")
			}
			p.at = len(p.text)
		case c == '\'':
			if err := p.single(); err != nil {
				return err
			}
		case c == '"':
			if err := p.double(); err != nil {
				return err
			}
		case c == '`' || c == '$':
			if err := p.special(false); err != nil {
				return err
			}
		case strings.IndexByte("|;&<>(){}", c) >= 0 || c == '@' && !p.begun || c == '#' && !p.begun:
			return problem.New(plainCommand, "it is more than a plain command")
		default:
			p.add(p.text[p.at : p.at+1])
			p.at++
		}
	}
	p.end()
	return nil
}

func (p *powerReader) add(s string) {
	p.word.WriteString(s)
	p.begun = true
}

func (p *powerReader) end() {
	if p.begun {
		p.words = append(p.words, p.word.String())
	}
	p.word.Reset()
	p.begun = false
}

// single reads '…', where two quotes are one.
func (p *powerReader) single() error {
	p.begun = true
	for p.at++; ; p.at++ {
		end := strings.IndexByte(p.text[p.at:], '\'')
		if end < 0 {
			return problem.New("look for an open quote", "the command cannot be read: a quote is not closed")
		}
		p.add(p.text[p.at : p.at+end])
		if p.at += end + 1; p.at >= len(p.text) || p.text[p.at] != '\'' {
			return nil
		}
		p.add("'")
	}
}

// double reads "…", with escapes and variables.
func (p *powerReader) double() error {
	p.begun = true
	for p.at++; p.at < len(p.text); {
		switch c := p.text[p.at]; {
		case c == '"' && strings.HasPrefix(p.text[p.at:], `""`):
			p.add(`"`)
			p.at += 2
		case c == '"':
			p.at++
			return nil
		case c == '`' || c == '$':
			if err := p.special(true); err != nil {
				return err
			}
		default:
			p.add(p.text[p.at : p.at+1])
			p.at++
		}
	}
	return problem.New("look for an open quote", "the command cannot be read: a quote is not closed")
}

// special reads a backtick or a dollar.
func (p *powerReader) special(quoted bool) error {
	rest := p.text[p.at:]
	if rest[0] == '`' {
		if len(rest) == 1 {
			p.at++
			return nil
		}
		p.at += 2
		switch {
		case rest[1] == '\n' && !quoted: // the line goes on
			p.end()
		case rest[1] == 'u' || rest[1] == 'e':
			return problem.New("write the character itself", "the command has an escape that PowerShell's versions read differently, `%c", rest[1])
		case escapes[rest[1]] != "":
			p.add(escapes[rest[1]])
		default:
			p.add(rest[1:2])
		}
		return nil
	}
	if name := environment.FindStringSubmatch(rest); name != nil {
		value, ok := "", false
		if p.env != nil {
			value, ok = p.env(name[1] + name[2])
		}
		if !ok {
			return problem.New("set it, or write the value itself", "the environment variable %s is not set", name[1]+name[2])
		}
		p.add(value)
		p.at += len(name[0])
		return nil
	}
	if len(rest) > 1 && (rest[1] == '(' || rest[1] == '{' || rest[1] == '_' || rest[1] >= 'A' && rest[1] <= 'Z' || rest[1] >= 'a' && rest[1] <= 'z') {
		return problem.New("write the value itself; $env:NAME is known", "the command has a variable of PowerShell")
	}
	p.add("$")
	p.at++
	return nil
}

// handedOn is what curl gets of a word. Up to version 7.2 PowerShell hands quotes on as
// they are, so that the runtime of C takes them away and people write \" (a JSON body is
// '{\"a\":1}'); since 7.3 it hands words on as they stand. A word says by its quotes which
// of the two it is written for: only one for the earlier has a backslash before each.
func handedOn(word string) (string, error) {
	escaped, bare := 0, 0
	for i := 0; i < len(word); i++ {
		switch {
		case word[i] != '"':
		case i > 0 && word[i-1] == '\\':
			escaped++
		default:
			bare++
		}
	}
	switch {
	case escaped == 0 || bare > 0:
		return word, nil
	case strings.Contains(word, " ") && strings.HasSuffix(word, `\`):
		return "", problem.New("write the body into a file: -d @body.json", "PowerShell's versions read a word of the command differently: it ends in a backslash")
	}
	words, err := crt(`"` + word + `"`)
	if err != nil || len(words) != 1 {
		return "", problem.New("write the body into a file: -d @body.json", "PowerShell's versions read a word of the command differently")
	}
	return words[0], nil
}
