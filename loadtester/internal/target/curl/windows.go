package curl

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// On Windows a command passes two readers: a shell, and the runtime of C, which makes
// arguments of the one line that the shell hands on (crt). cmd quotes with ^ and
// PowerShell with `; browsers and documentation give commands for both.

var (
	// ^ before a quote or at the end of a line, and quotes doubled within quotes: {""a"": 1}.
	cmdQuotes = regexp.MustCompile(`^\s*curl(\.exe)?\s+\^"|\s\^\r?\n|[\[{]""\w`)
	// ` at the end of a line, its environment, and quotes escaped within '…': '{\"a\": 1}'.
	powerShellQuotes = regexp.MustCompile("[ \t]`\r?\n|\\$env:|^\\s*curl\\.exe\\s[^\"]*'[^']*\\\\\"")
	powerShellOwn    = regexp.MustCompile(`(?i)^\s*(invoke-webrequest|invoke-restmethod|iwr|irm)\b|\$session\s*=`)
	variable         = regexp.MustCompile(`^%([A-Za-z0-9_()]+)%`)
)

const plainCommand = "paste one plain curl command, without pipes, redirections or $(…)"

// shellWords are the arguments of a command in the language of the shell that it is
// written for.
func shellWords(text string, env func(string) (string, bool)) ([]string, error) {
	switch {
	case powerShellOwn.MatchString(text):
		return nil, problem.New(`take the browser's "Copy as cURL"`, "the command is PowerShell's own, not curl")
	case cmdQuotes.MatchString(text):
		line, err := cmdLine(text, env)
		if err != nil {
			return nil, err
		}
		return crt(line)
	case powerShellQuotes.MatchString(text):
		return powerShell(text, env)
	}
	return split(text, env)
}

// cmdLine reads text as cmd does: outside quotes ^ takes the next character as it is,
// and the end of a line away; %NAME% is the environment's where it is set.
func cmdLine(text string, env func(string) (string, bool)) (string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var line strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if name := variable.FindStringSubmatch(text[i:]); name != nil && env != nil {
			if value, ok := env(name[1]); ok {
				line.WriteString(value)
				i += len(name[0]) - 1
				continue
			}
		}
		switch {
		case c == '"':
			quoted = !quoted
			line.WriteByte(c)
		case c == '\n':
			if strings.TrimSpace(text[i:]) != "" {
				return "", problem.New(plainCommand, "there are several lines, and no ^ before the end of one")
			}
			return line.String(), nil
		case quoted:
			line.WriteByte(c)
		case c == '^' && i+1 < len(text):
			i++
			if text[i] == '\n' { // goes, and the next character is as it is
				if i++; i == len(text) {
					break
				}
			}
			line.WriteByte(text[i])
		case strings.IndexByte("&|<>", c) >= 0:
			return "", problem.New(plainCommand, "it is more than a plain command")
		case c != '^':
			line.WriteByte(c)
		}
	}
	if quoted {
		return "", problem.New("look for an open quote", "the command cannot be read: a quote is not closed")
	}
	return line.String(), nil
}

// crt makes words of a line as the runtime of C does: backslashes count only before a
// quote, and two quotes within quotes are one.
func crt(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	for i := 0; i < len(line); {
		slashes := 0
		for i+slashes < len(line) && line[i+slashes] == '\\' {
			slashes++
		}
		i += slashes
		if i < len(line) && line[i] == '"' {
			word.WriteString(strings.Repeat(`\`, slashes/2))
			begun = true
			switch {
			case slashes%2 == 1:
				word.WriteByte('"')
			case quoted && i+1 < len(line) && line[i+1] == '"':
				word.WriteByte('"')
				i++
			default:
				quoted = !quoted
			}
			i++
			continue
		}
		if slashes > 0 {
			word.WriteString(strings.Repeat(`\`, slashes))
			begun = true
			continue
		}
		switch c := line[i]; {
		case (c == ' ' || c == '\t') && !quoted:
			if begun {
				words = append(words, word.String())
				word.Reset()
				begun = false
			}
		default:
			word.WriteByte(c)
			begun = true
		}
		i++
	}
	if quoted {
		return nil, problem.New("look for an open quote", "the command cannot be read: a quote is not closed")
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}
