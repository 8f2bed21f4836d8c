package schemafile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

var noSuchExtension = regexp.MustCompile(`extension "([^"]+)" does not exist`)

// Extension is one that the files ask for and the server does not have.
type Extension struct {
	Name    string
	Problem error // where, and what to do about it
}

// withoutExtension tells whether a statement failed for want of an extension that
// the server does not have, and may be left out. What needs the extension fails
// for itself.
func (l *loader) withoutExtension(s statement, err error) bool {
	e := pgdb.AsError(err)
	if e == nil || !l.options.Lenient {
		return false
	}
	lacks := func(name string) bool {
		return slices.ContainsFunc(l.loaded.Lacking, func(x Extension) bool { return x.Name == name })
	}
	if m := missingExtension.FindStringSubmatch(e.Message); m != nil {
		if name := m[1] + m[2]; !lacks(name) {
			l.loaded.Lacking = append(l.loaded.Lacking, Extension{name, s.problem(err)})
		}
		return true
	}
	m := noSuchExtension.FindStringSubmatch(e.Message)
	return m != nil && lacks(m[1])
}

// forWant adds what may be the reason of a failure.
func (l *loader) forWant(err error) error {
	if len(l.loaded.Lacking) == 0 || pgdb.AsError(err) == nil {
		return err
	}
	var names []string
	for _, x := range l.loaded.Lacking {
		names = append(names, x.Name)
	}
	return problem.Wrap(err, "the scratch server does not have the extension "+strings.Join(names, ", ")+
		": install it there (a package such as postgresql-contrib), or use --scratch server", "%v", err)
}
