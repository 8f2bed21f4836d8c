package migfile

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mfridman/interpolate"

	"github.com/seniorbackend/tools/shared/problem"
)

// Values are what is put into files before they are run, as their own runners do it.
// A value that is not there stops the file: nothing is filled with an empty text.
type Values struct {
	Env         func(name string) (string, bool) // goose's ENVSUB; nil: there are none
	Placeholder func(name string) (string, bool) // Flyway's; nil: there are none
}

// fill is a text with its values. flyway says that its placeholders are Flyway's.
func (v Values) fill(path, text string, flyway bool) (string, error) {
	text, err := v.substituted(path, text)
	if err != nil || !flyway {
		return text, err
	}
	return v.replaced(path, text)
}

var envsub = regexp.MustCompile(`(?i)^[ \t]*--\s*\+goose\s+envsub\s+(on|off)\b`)

// substituted has the variables of the environment in the lines that goose fills:
// those between ENVSUB ON and OFF, comments aside. It is done by goose's own library.
func (v Values) substituted(path, text string) (string, error) {
	if !strings.Contains(strings.ToLower(text), "envsub") {
		return text, nil
	}
	var b strings.Builder
	on, n := false, 0
	for line := range strings.Lines(text) {
		n++
		if m := envsub.FindStringSubmatch(line); m != nil {
			on = strings.EqualFold(m[1], "on")
		} else if on && !strings.HasPrefix(strings.TrimSpace(line), "--") {
			body := strings.TrimRight(line, "\n")
			filled, err := v.line(body)
			if err != nil {
				return "", problem.New("set the variable, or write ${NAME:-default}", "%v", err).In(path, n, 0)
			}
			line = filled + line[len(body):]
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

func (v Values) line(line string) (string, error) {
	parsed, err := interpolate.NewParser(line).Parse()
	if err != nil {
		return "", err
	}
	for _, item := range parsed {
		name, needed := "", false
		switch x := item.Expansion.(type) {
		case interpolate.VariableExpansion:
			name, needed = x.Identifier, true
		case interpolate.SubstringExpansion:
			name, needed = x.Identifier, true
		}
		if _, ok := v.env(name); needed && !ok {
			return "", errors.New("the environment has no variable " + name + ", which goose's ENVSUB puts in here")
		}
	}
	return parsed.Expand(environment(v.env))
}

func (v Values) env(name string) (string, bool) {
	if v.Env == nil {
		return "", false
	}
	return v.Env(name)
}

type environment func(name string) (string, bool)

// Get is what the library asks for.
func (e environment) Get(name string) (string, bool) { return e(name) }

var (
	placeholder = regexp.MustCompile(`\$\{([^{}\n]*)\}`)
	flywayFile  = regexp.MustCompile(`^(?:[VUB]\d+(?:[._]\d+)*|R)__.*\.sql$`)
)

// replaced has Flyway's placeholders: everywhere, also in comments and strings.
func (v Values) replaced(path, text string) (string, error) {
	var b strings.Builder
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		name := text[m[2]:m[3]]
		value, ok := "", false
		switch {
		case strings.EqualFold(name, "flyway:filename"):
			value, ok = filepath.Base(path), true
		case v.Placeholder != nil:
			value, ok = v.Placeholder(name)
		}
		if !ok {
			return "", problem.New("give it with --placeholder '"+name+"=VALUE'", "there is no value for Flyway's placeholder %s", text[m[0]:m[1]]).In(path, strings.Count(text[:m[0]], "\n")+1, 0)
		}
		b.WriteString(text[at:m[0]] + value)
		at = m[1]
	}
	return b.String() + text[at:], nil
}
