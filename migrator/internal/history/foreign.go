package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Foreign is the history of another runner in the same database.
type Foreign struct {
	Runner migfile.Format
	Table  string // qualified
	Done   []Version
	// Upto: all versions up to the one in Done are applied.
	Upto bool
}

// Version is what it says of one migration.
type Version struct {
	Version  string // as the runner writes it; Liquibase: "" (see Script)
	Script   string // the file, where it is known
	At       time.Time
	Checksum *int32 // Flyway's
	Baseline bool   // everything up to it was there before
	Failed   bool   // it was left half done
}

// kinds are the tables of the runners, each with a query whose rows are version,
// script, when, checksum, baseline, failed, in the order in which they were applied.
var kinds = []struct {
	runner        migfile.Format
	table, column string // a column that tells it from others of that name
	query         string // $ is the table
}{
	{migfile.GolangMigrate, "schema_migrations", "dirty", `SELECT version::text, '', now(), NULL::int, false, dirty FROM $`},
	{migfile.Goose, "goose_db_version", "version_id", `SELECT version_id::text, '', tstamp, NULL::int, false, false FROM (
		SELECT DISTINCT ON (version_id) * FROM $ ORDER BY version_id, id DESC) v WHERE is_applied AND version_id > 0 ORDER BY id`},
	{migfile.Dbmate, "schema_migrations", "version", `SELECT version, '', now(), NULL::int, false, false FROM $ ORDER BY version`},
	{migfile.Flyway, "flyway_schema_history", "installed_rank", `SELECT coalesce(version, ''), script, installed_on, checksum, type IN ('BASELINE', 'SCHEMA'), NOT success FROM $ h
		WHERE type <> 'SCHEMA' AND type NOT LIKE 'UNDO%' AND type NOT LIKE 'DELETE%'
		AND NOT EXISTS (SELECT FROM $ u WHERE u.type LIKE 'UNDO%' AND u.version = h.version AND u.installed_rank > h.installed_rank)
		AND (version IS NOT NULL OR installed_rank = (SELECT max(r.installed_rank) FROM $ r WHERE r.script = h.script)) ORDER BY installed_rank`},
	{migfile.Liquibase, "databasechangelog", "orderexecuted", `SELECT '', filename || '::' || author || ':' || id, dateexecuted::timestamptz, NULL::int, false, false FROM $ ORDER BY orderexecuted`},
	{migfile.Atlas, "atlas_schema_revisions", "operator_version", `SELECT version, '', executed_at, NULL::int, type & 1 = 1, applied < total OR coalesce(error, '') <> '' FROM $ WHERE version <> '.atlas_cloud_identifier' ORDER BY executed_at, version`},
}

// FindForeign reads the history of a runner; nil where there is none.
func FindForeign(ctx context.Context, conn *sql.Conn, runner migfile.Format) (*Foreign, error) {
	for _, k := range kinds {
		if k.runner != runner {
			continue
		}
		f := &Foreign{Runner: runner, Upto: runner == migfile.GolangMigrate}
		err := conn.QueryRowContext(ctx, `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relname = `+pgdb.QuoteLiteral(k.table)+` AND c.relkind = 'r' AND n.nspname !~ '^pg_'
			AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = `+pgdb.QuoteLiteral(k.column)+`)
			AND (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'dirty') = `+fmt.Sprint(b2i(runner == migfile.GolangMigrate))+`
			ORDER BY n.nspname LIMIT 1`).Scan(&f.Table)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("looking for the history of %s: %w", runner, err)
		}
		return f, f.read(ctx, conn, k.query)
	}
	return nil, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (f *Foreign) read(ctx context.Context, conn *sql.Conn, query string) error {
	rows, err := conn.QueryContext(ctx, in(f.Table, query))
	if err != nil {
		return fmt.Errorf("reading %s: %w", f.Table, err)
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		var sum sql.NullInt32
		var at sql.NullTime
		if err := rows.Scan(&v.Version, &v.Script, &at, &sum, &v.Baseline, &v.Failed); err != nil {
			return fmt.Errorf("reading %s: %w", f.Table, err)
		}
		v.At = at.Time
		if sum.Valid {
			v.Checksum = &sum.Int32
		}
		f.Done = append(f.Done, v)
	}
	return rows.Err()
}
