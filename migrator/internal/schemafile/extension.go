package schemafile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

var noSuchExtension = regexp.MustCompile(`extension "([^"]+)" does not exist`)

// withoutExtension tells whether a statement failed for want of an extension that
// the server does not have, and may be left out. What needs the extension fails
// for itself.
func (l *loader) withoutExtension(e *pgdb.Error) bool {
	if !l.options.Lenient {
		return false
	}
	if m := missingExtension.FindStringSubmatch(e.Message); m != nil {
		if name := m[1] + m[2]; !slices.Contains(l.loaded.Lacking, name) {
			l.loaded.Lacking = append(l.loaded.Lacking, name)
		}
		return true
	}
	m := noSuchExtension.FindStringSubmatch(e.Message)
	return m != nil && slices.Contains(l.loaded.Lacking, m[1])
}

// forWant adds what may be the reason of a failure.
func (l *loader) forWant(err error) error {
	if len(l.loaded.Lacking) == 0 || pgdb.AsError(err) == nil {
		return err
	}
	names := strings.Join(l.loaded.Lacking, ", ")
	return problem.Wrap(err, "the scratch server does not have the extension "+names+": install it there (a package such as postgresql-contrib), or use --scratch server", "%v", err)
}
