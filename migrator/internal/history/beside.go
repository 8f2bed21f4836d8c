package history

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Change is a migration as another runner's history is to know it.
type Change struct {
	Version    string
	Before     string // the newest version once this one is taken back; "" is none
	Title      string
	Script     string // its file in the directory
	Checksum   int32  // Flyway's
	Hash       string // Atlas's
	Statements int
	Repeatable bool
}

// in writes the table's name in place of $ into a query.
func in(table, query string) string { return strings.ReplaceAll(query, "$", table) }

// sql writes texts, quoted, into a query on the table. Numbers go in as they are.
func (f *Foreign) sql(query string, values ...any) string {
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = pgdb.QuoteLiteral(s)
		}
	}
	return fmt.Sprintf(in(strings.ReplaceAll(f.Table, "%", "%%"), query), values...)
}

// Applied are the statements that keep the other runner's history in step with a
// migration that was applied; they run in its transaction.
func (f *Foreign) Applied(c Change) []string {
	switch f.Runner {
	case migfile.GolangMigrate:
		return []string{f.sql("DELETE FROM $"), f.sql("INSERT INTO $ (version, dirty) VALUES (%s::bigint, false)", c.Version)}
	case migfile.Goose:
		return []string{f.sql("INSERT INTO $ (version_id, is_applied) VALUES (%s::bigint, true)", c.Version)}
	case migfile.Dbmate:
		return []string{f.sql("INSERT INTO $ (version) VALUES (%s)", c.Version)}
	case migfile.Flyway:
		return []string{f.sql(`INSERT INTO $ (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
			SELECT coalesce(max(installed_rank), 0) + 1, nullif(%s, ''), %s, 'SQL', %s, %d, current_user, 0, true FROM $`, c.Version, c.Title, c.Script, c.Checksum)}
	case migfile.Liquibase:
		// Without a checksum Liquibase writes its own at its next run. A file of a
		// changelog is named by the path that Liquibase was given.
		id, author, file := liquibaseParts(c.Script)
		var all []string
		if c.Repeatable {
			all = f.Reverted(c) // a changeset has one row, however often it was run
		}
		return append(all, f.sql(`INSERT INTO $ (id, author, filename, dateexecuted, orderexecuted, exectype, description, comments, liquibase)
			SELECT %s, %s, coalesce(max(filename) FILTER (WHERE filename LIKE %s), max(left(filename, length(filename) - strpos(reverse(filename), '/') + 1)) || %s, %s),
			now(), coalesce(max(orderexecuted), 0) + 1, 'EXECUTED', 'sql', '', 'migrator' FROM $`, id, author, "%"+file, file, file))
	case migfile.Atlas:
		return []string{f.sql(`INSERT INTO $ (version, description, type, applied, total, executed_at, execution_time, hash, operator_version)
			VALUES (%s, %s, 2, %d, %d, now(), 0, %s, 'migrator')`, c.Version, c.Title, c.Statements, c.Statements, c.Hash)}
	}
	return nil
}

// Reverted are those of a migration that was taken back.
func (f *Foreign) Reverted(c Change) []string {
	switch f.Runner {
	case migfile.GolangMigrate:
		all := []string{f.sql("DELETE FROM $")}
		if c.Before != "" {
			all = append(all, f.sql("INSERT INTO $ (version, dirty) VALUES (%s::bigint, false)", c.Before))
		}
		return all
	case migfile.Goose:
		return []string{f.sql("DELETE FROM $ WHERE version_id = %s::bigint", c.Version)}
	case migfile.Dbmate, migfile.Atlas:
		return []string{f.sql("DELETE FROM $ WHERE version = %s", c.Version)}
	case migfile.Flyway:
		return []string{f.sql("DELETE FROM $ WHERE version = %s AND type <> 'BASELINE'", c.Version)}
	case migfile.Liquibase:
		id, author, file := liquibaseParts(c.Script)
		return []string{f.sql("DELETE FROM $ WHERE id = %s AND author = %s AND filename LIKE %s", id, author, "%"+file)}
	}
	return nil
}

// liquibaseParts parts file::author:id.
func liquibaseParts(name string) (id, author, file string) {
	file, rest, _ := strings.Cut(name, "::")
	author, id, _ = strings.Cut(rest, ":")
	return id, author, file
}
