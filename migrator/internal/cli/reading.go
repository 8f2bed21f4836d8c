package cli

import (
	"os"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migdir"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// reading is how files of migrations are read: whose they are, and what their own
// runner would know besides.
type reading struct {
	Files       string   `default:"auto" enum:"auto,single,golang-migrate,goose,flyway,liquibase,dbmate,atlas" help:"Whose files they are (${enum})."`
	Placeholder []string `sep:"none" env:"-" placeholder:"NAME=VALUE" help:"Of Flyway's files: the value of a placeholder; again for more. FLYWAY_PLACEHOLDERS_NAME in the environment gives it, too."`
	Contexts    []string `env:"-" placeholder:"NAME" help:"Of Liquibase's files: changesets of these contexts, and those of none (default: all)."`
	LabelFilter string   `env:"-" placeholder:"FILTER" help:"Of Liquibase's files: changesets with labels that this takes, as 'v1 and !slow'; and those without labels."`
}

// ask is what is asked of a directory.
func (r *reading) ask() (migdir.Ask, error) {
	values, err := r.values()
	return migdir.Ask{Values: values, Contexts: r.Contexts, Labels: r.LabelFilter}, err
}

// values are those that are put into files. Names of placeholders are compared
// without regard to case, as Flyway does.
func (r *reading) values() (migfile.Values, error) {
	given := map[string]string{}
	for _, p := range r.Placeholder {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return migfile.Values{}, problem.New("write --placeholder NAME=VALUE", "a placeholder has no value")
		}
		given[strings.ToLower(name)] = value
	}
	return migfile.Values{
		Env: os.LookupEnv,
		Placeholder: func(name string) (string, bool) {
			if value, ok := given[strings.ToLower(name)]; ok {
				return value, true
			}
			return os.LookupEnv("FLYWAY_PLACEHOLDERS_" + strings.ToUpper(name))
		},
	}, nil
}

// one reads a single file.
func (r *reading) one(s *session, path string) (*migfile.File, error) {
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	return migfile.Read(path, s.In, migfile.As{Values: values})
}
