package migdir

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

// reader reads one directory.
type reader struct {
	dir   *Dir
	names []string          // of all files, with the folders below
	texts map[string]string // of the .sql files
	ask   Ask
}

// as is how a file is read.
func (r *reader) as() migfile.As {
	return migfile.As{Values: r.ask.Values, Plain: r.dir.Format != migfile.Flyway}
}

func (r *reader) read() error {
	for _, name := range r.names {
		if path.Ext(name) != ".sql" {
			continue
		}
		text, err := os.ReadFile(r.path(name))
		if err != nil {
			return problem.Wrap(err, "check its permissions", "%s cannot be read", r.path(name))
		}
		if !utf8.Valid(text) {
			return problem.New("convert it: iconv -f latin1 -t utf-8", "it is not UTF-8").In(r.path(name), 0, 0)
		}
		r.texts[name] = string(text)
	}
	return nil
}

func (r *reader) path(name string) string { return filepath.Join(r.dir.Path, filepath.FromSlash(name)) }

// sql are the .sql files of the directory itself.
func (r *reader) sql() []string {
	return slices.DeleteFunc(slices.Clone(r.names), func(n string) bool { return path.Ext(n) != ".sql" || strings.Contains(n, "/") })
}

// sumFile is where Atlas keeps the hashes of a directory.
const sumFile = "atlas.sum"

// signs tell by one file whose directory it is, the surest first.
var signs = []struct {
	format migfile.Format
	name   *regexp.Regexp // of a file
	text   *regexp.Regexp // in a file; nil: the name is enough
}{
	{migfile.Atlas, regexp.MustCompile(`^atlas\.sum$`), nil},
	{migfile.Flyway, flywayName, nil},
	{migfile.GolangMigrate, regexp.MustCompile(`^\d+_.*\.(up|down)\.sql$`), nil},
	{migfile.Goose, regexp.MustCompile(`\.sql$`), regexp.MustCompile(`(?mi)^[ \t]*--\s*\+goose\s+up\b`)},
	{migfile.Dbmate, regexp.MustCompile(`\.sql$`), regexp.MustCompile(`(?mi)^[ \t]*--\s*migrate:up\b`)},
	{migfile.Liquibase, regexp.MustCompile(`\.sql$`), liquibaseHead},
}

// detect finds out whose files they are. Two answers are none.
func (r *reader) detect() (migfile.Format, error) {
	found, where := migfile.Single, ""
	for _, s := range signs {
		at := slices.IndexFunc(r.names, func(n string) bool {
			return s.name.MatchString(path.Base(n)) && (s.text == nil || s.text.MatchString(r.texts[n]))
		})
		switch {
		case at < 0:
		case where == "":
			found, where = s.format, r.names[at]
		case found == migfile.Atlas && s.format != migfile.Goose && s.format != migfile.Dbmate:
		default:
			return "", problem.New("say whose with --files", "%s looks like files of %s (%s) and of %s (%s)", r.dir.Path, found, where, s.format, r.names[at])
		}
	}
	return found, nil
}

// migrations reads the files as their runner does.
func (r *reader) migrations() error {
	switch r.dir.Format {
	case migfile.GolangMigrate:
		r.pairs(golangName)
	case migfile.Single:
		r.single()
	case migfile.Goose:
		r.bothWays(regexp.MustCompile(`^(\d+)_(.+)\.sql$`))
		r.programs(regexp.MustCompile(`^(\d+)_(.+)\.go$`), "Go", "_test.go")
	case migfile.Dbmate:
		r.bothWays(regexp.MustCompile(`^(\d+)(.*)\.sql$`))
	case migfile.Flyway:
		return r.flyway()
	case migfile.Liquibase:
		return r.liquibase()
	case migfile.Atlas:
		return r.atlas()
	}
	return nil
}

// file reads one file as a migration that leads forward.
func (r *reader) file(name string) (*migfile.File, error) {
	f, err := migfile.ParseAs(r.path(name), r.texts[name], r.as())
	if f != nil {
		f.Name, f.Undoes = name, ""
	}
	return f, err
}

// back reads one file as the way back of another.
func (r *reader) back(name, undoes string) (*migfile.File, error) {
	f, err := migfile.ParseAs(r.path(name), r.texts[name], r.as())
	if f != nil {
		f.Name, f.Undoes = name, undoes
	}
	return f, err
}

// leftOut notes a .sql file that no migration is made of.
func (r *reader) leftOut(name, why string) {
	r.dir.Notes = append(r.dir.Notes, r.path(name)+" was left out: "+why)
}

var golangName = regexp.MustCompile(`^(\d+)_(.*)\.(up|down)\.sql$`)

// pairs are VERSION_title.up.sql and VERSION_title.down.sql.
func (r *reader) pairs(form *regexp.Regexp) {
	byVersion := map[string]*Migration{}
	for _, name := range r.sql() {
		m := form.FindStringSubmatch(name)
		if m == nil {
			r.leftOut(name, "its name is not VERSION_title.up.sql or VERSION_title.down.sql")
			continue
		}
		key := strings.TrimSuffix(strings.TrimSuffix(name, ".up.sql"), ".down.sql")
		this := byVersion[key]
		if this == nil {
			this = &Migration{Version: m[1], Title: m[2], Name: key + ".up.sql", Path: r.path(key + ".up.sql")}
			byVersion[key] = this
			r.dir.Migrations = append(r.dir.Migrations, this)
		}
		if m[3] == "up" {
			this.Up, this.Wrong = r.file(name)
		} else {
			this.Down, this.WrongBack = r.back(name, this.Name)
		}
	}
	for _, m := range r.dir.Migrations {
		if m.Up == nil && m.Wrong == nil {
			m.Wrong = problem.New("write it, or take the .down.sql away", "%s does not exist", m.Path)
		}
	}
}

var singleName = regexp.MustCompile(`^(\d+)[_.-](.*)\.sql$`)

// single are our own files: NAME.sql, and NAME_rollback.sql or a part of the file
// that leads back.
func (r *reader) single() {
	names := r.sql()
	for _, name := range names {
		base := strings.TrimSuffix(name, ".sql")
		if up, ok := strings.CutSuffix(base, "_rollback"); ok && slices.Contains(names, up+".sql") {
			continue
		}
		m := &Migration{Version: base, Title: base, Name: name, Path: r.path(name)}
		if parts := singleName.FindStringSubmatch(name); parts != nil {
			m.Version, m.Title = parts[1], parts[2]
		}
		m.Up, m.Wrong = r.file(name)
		if rollback := base + "_rollback.sql"; slices.Contains(names, rollback) {
			m.Down, m.WrongBack = r.back(rollback, name)
		} else {
			m.Down, m.WrongBack = migfile.ParseBack(m.Path, r.texts[name], r.as())
		}
		r.dir.Migrations = append(r.dir.Migrations, m)
	}
}

// bothWays are files that lead forward and back.
func (r *reader) bothWays(form *regexp.Regexp) {
	for _, name := range r.sql() {
		parts := form.FindStringSubmatch(name)
		if parts == nil {
			r.leftOut(name, "its name does not begin with a version")
			continue
		}
		m := &Migration{Version: parts[1], Title: strings.TrimPrefix(parts[2], "_"), Name: name, Path: r.path(name)}
		m.Up, m.Wrong = r.file(name)
		m.Down, m.WrongBack = migfile.ParseBack(m.Path, r.texts[name], r.as())
		r.dir.Migrations = append(r.dir.Migrations, m)
	}
}

// programs are migrations in a programming language: they have a place in the
// order, and cannot be run here.
func (r *reader) programs(form *regexp.Regexp, language, but string) {
	for _, name := range r.names {
		parts := form.FindStringSubmatch(path.Base(name))
		if parts == nil || but != "" && strings.HasSuffix(name, but) {
			continue
		}
		r.dir.Migrations = append(r.dir.Migrations, &Migration{
			Version: parts[1], Title: parts[2], Name: name, Path: r.path(name),
			Wrong: problem.New("run it with its own runner, then migrator adopt", "a migration in %s cannot be run by migrator", language).In(r.path(name), 0, 0),
		})
	}
}
