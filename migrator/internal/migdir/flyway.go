package migdir

import (
	"hash/crc32"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

var flywayName = regexp.MustCompile(`^(?:([VUB])(\d+(?:[._]\d+)*)|(R))__(.*)\.sql$`)

// flyway are V1.2__title.sql, U1.2__title.sql that takes it back, R__title.sql that
// is run again when it was changed, and B1.2__title.sql that stands for all before
// it. Folders below are read, too.
func (r *reader) flyway() error {
	undo := map[string]string{}
	for _, name := range r.names {
		if m := flywayName.FindStringSubmatch(path.Base(name)); m != nil && m[1] == "U" {
			undo[flywayVersion(m[2])] = name
		}
	}
	for _, name := range r.names {
		if path.Ext(name) != ".sql" {
			continue
		}
		m := flywayName.FindStringSubmatch(path.Base(name))
		switch {
		case m == nil:
			r.leftOut(name, "its name is not V1__title.sql, U1__title.sql, R__title.sql or B1__title.sql")
			continue
		case m[1] == "U":
			continue
		}
		this := &Migration{Version: flywayVersion(m[2]), Title: strings.ReplaceAll(m[4], "_", " "), Name: name, Path: r.path(name), Repeatable: m[3] == "R", Covers: m[1] == "B"}
		this.Up, this.Wrong = r.flywayFile(name, name, "")
		if back, ok := undo[this.Version]; ok && m[1] == "V" {
			this.Down, this.WrongBack = r.flywayFile(back, back, name)
			delete(undo, this.Version)
		}
		r.dir.Migrations = append(r.dir.Migrations, this)
	}
	for _, name := range undo {
		r.leftOut(name, "there is no V file of its version")
	}
	slices.Sort(r.dir.Notes)
	r.programs(regexp.MustCompile(`^V(\d+(?:[._]\d+)*)__(.*)\.(?:java|kt)$`), "Java", "")
	return nil
}

func flywayVersion(s string) string { return strings.ReplaceAll(s, "_", ".") }

// flywayFile reads a file, with the settings that lie beside it.
func (r *reader) flywayFile(file, name, undoes string) (*migfile.File, error) {
	as := r.as()
	as.Rerun = strings.HasPrefix(path.Base(file), "R__")
	if slices.Contains(r.names, file+".conf") {
		settings, err := os.ReadFile(r.path(file + ".conf"))
		if err != nil {
			return nil, problem.Wrap(err, "check its permissions", "%s cannot be read", r.path(file+".conf"))
		}
		as.Alone = outsideTransaction.Match(settings)
		as.Plain = noPlaceholders.Match(settings)
	}
	f, err := migfile.ParseAs(r.path(file), r.texts[file], as)
	if f != nil {
		f.Name, f.Undoes = name, undoes
	}
	return f, err
}

var (
	outsideTransaction = regexp.MustCompile(`(?mi)^\s*executeInTransaction\s*=\s*false\b`)
	noPlaceholders     = regexp.MustCompile(`(?mi)^\s*placeholderReplacement\s*=\s*false\b`)
)

// FlywayChecksum is what Flyway writes into its history of a file: the CRC-32 of
// its lines, without their ends.
func FlywayChecksum(text string) int32 {
	sum := crc32.NewIEEE()
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.Lines(text) {
		sum.Write([]byte(strings.TrimRight(line, "\r\n")))
	}
	return int32(sum.Sum32())
}
