package migdir

import (
	"fmt"
	"strconv"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
)

// New are the files of a migration that has yet to be written, in the directory's
// format, behind all that it has.
func (d *Dir) New(name string, at time.Time) []migfile.Output {
	version := d.next(at)
	base := version + "_" + name
	const up, down = "-- what the migration does\n", "-- what takes it back\n"
	switch d.Format {
	case migfile.GolangMigrate:
		return []migfile.Output{{Name: base + ".up.sql", Text: up, Kind: "migration"}, {Name: base + ".down.sql", Text: down, Kind: "rollback"}}
	case migfile.Flyway:
		base = version + "__" + name
		return []migfile.Output{{Name: "V" + base + ".sql", Text: up, Kind: "migration"}, {Name: "U" + base + ".sql", Text: down, Kind: "rollback"}}
	case migfile.Goose:
		return []migfile.Output{{Name: base + ".sql", Text: "-- +goose Up\n" + up + "\n-- +goose Down\n" + down, Kind: "migration and rollback"}}
	case migfile.Dbmate:
		return []migfile.Output{{Name: base + ".sql", Text: "-- migrate:up\n" + up + "\n-- migrate:down\n" + down, Kind: "migration and rollback"}}
	case migfile.Liquibase:
		text := fmt.Sprintf("--liquibase formatted sql\n\n--changeset migrator:%s-%s\n%s--rollback empty\n", version, name, up)
		return []migfile.Output{{Name: base + ".sql", Text: text, Kind: "migration and rollback"}}
	case migfile.Atlas:
		return []migfile.Output{{Name: base + ".sql", Text: up, Kind: "migration"}}
	}
	return []migfile.Output{{Name: base + ".sql", Text: up, Kind: "migration"}, {Name: base + "_rollback.sql", Text: down, Kind: "rollback"}}
}

// next is the next number where versions are counted, with as many digits, and the
// time elsewhere.
func (d *Dir) next(at time.Time) string {
	stamp := at.UTC().Format("20060102150405")
	last := ""
	for _, m := range d.Migrations {
		if !m.Repeatable && m.Version != "" {
			last = m.Version
		}
	}
	n, err := strconv.Atoi(last)
	switch {
	case err == nil && len(last) <= 7:
		return fmt.Sprintf("%0*d", len(last), n+1)
	case isNumber(last) && d.Compare(last, stamp) >= 0 && len(last) == len(stamp):
		return strconv.Itoa(n + 1) // written within the same second, or on a clock that was ahead
	}
	return stamp
}
