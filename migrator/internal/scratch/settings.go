package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$`)

// setting reads one setting, name=value.
func setting(s string) (name, value string, err error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || !settingName.MatchString(name) || strings.ContainsAny(value, "\n\r\x00") {
		// Not repeated: who mistakes the place may have written a secret.
		return "", "", problem.New("write NAME=VALUE, as shared_preload_libraries=pg_stat_statements", "a setting of the scratch server is not NAME=VALUE")
	}
	return name, value, nil
}

// writeSettings has the server of a data folder read settings from a file of its own, and
// gives their names. Everybody on a machine can read the arguments of a program, and a
// setting may hold a secret (app.jwt_secret).
func writeSettings(data string, a *account, list []string) (names map[string]bool, err error) {
	names = map[string]bool{}
	var text strings.Builder
	for _, s := range list {
		name, value, err := setting(s)
		if err != nil {
			return nil, err
		}
		names[strings.ToLower(name)] = true
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.NewReplacer(`\`, `\\`, "'", "''").Replace(value))
	}
	path := filepath.Join(data, "postgresql.auto.conf")
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // it may be a link to the prepared one
		return nil, err
	}
	f, err := create(path, a)
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteString(text.String()); err != nil {
		f.Close()
		return nil, err
	}
	return names, f.Close()
}
