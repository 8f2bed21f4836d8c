package nodelib

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// environment reads what .env and example files give for the variables that paths are
// made of. No other variable is kept: they may be secrets.
func environment(p *project.Project) map[string]string {
	out := map[string]string{}
	for _, name := range []string{".env", ".env.example", ".env.sample", ".env.template", ".env.default", ".env.defaults", ".env.dist", ".env.development", "env.example", "example.env", ".env-example"} {
		data, err := p.Read(filepath.Join(p.Package, name))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			value = strings.Trim(strings.TrimSpace(value), `"'`)
			if _, have := out[key]; ok && !have && isPathVariable(key) && isPathText(value) {
				out[key] = value
			}
		}
	}
	return out
}

func isPathVariable(key string) bool {
	key = strings.ToUpper(key)
	for _, secret := range []string{"SECRET", "KEY", "TOKEN", "PASS"} {
		if strings.Contains(key, secret) {
			return false
		}
	}
	for _, word := range []string{"PREFIX", "PATH", "BASE", "ROUTE", "VERSION", "ROOT"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// isPathText says whether a value can be a piece of a path: short, and no URL.
func isPathText(s string) bool {
	return len(s) <= 60 && !strings.Contains(s, "://") && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/-_.", r))
	}) < 0
}

// Variable is what an example of the environment gives for a variable that paths may be
// made of.
func (l *Library) Variable(name string) (string, bool) {
	s, ok := l.env[name]
	return s, ok
}
