package apply

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// halfRebuilt are the indexes that a REINDEX CONCURRENTLY which was cut off has left:
// copies that are not finished, and originals that were not dropped yet. Those of
// tables that somebody is reindexing now are not among them.
func halfRebuilt(ctx context.Context, conn *sql.Conn, what migfile.Reindex) ([]string, error) {
	scope := "true"
	name := pgdb.QuoteLiteral(what.Name)
	switch what.Kind {
	case "index":
		scope = "i.indrelid = (SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = pg_catalog.to_regclass(" + name + "))"
	case "table":
		scope = "i.indrelid = pg_catalog.to_regclass(" + name + ") OR i.indrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(" + name + ")))"
	case "schema":
		scope = "c.relnamespace = pg_catalog.to_regnamespace(" + name + ")"
	}
	rows, err := conn.QueryContext(ctx, `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
		FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND c.relkind = 'i' AND n.nspname !~ '^pg_' AND (`+scope+`)
		AND i.indrelid NOT IN (SELECT p.relid FROM pg_catalog.pg_stat_progress_create_index p WHERE p.relid IS NOT NULL)
		ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("looking for what REINDEX has left: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// sweep drops what an earlier REINDEX CONCURRENTLY has left.
func (s *Session) sweep(ctx context.Context, conn *sql.Conn, what migfile.Reindex) error {
	names, err := halfRebuilt(ctx, conn, what)
	for i, name := range names {
		if _, err := conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY "+name); err != nil {
			s.leftBehind(names[i:])
			return fmt.Errorf("dropping %s: %w", name, err)
		}
		s.options.Say("the index %s, which a REINDEX has left invalid, is removed", name)
	}
	return err
}

func (s *Session) leftBehind(names []string) {
	for _, name := range names {
		s.options.Say("the index %s is left invalid by REINDEX; DROP INDEX CONCURRENTLY %s removes it", name, name)
	}
}

// clearReindex removes what the REINDEX that was interrupted has left, or says how.
func (r *run) clearReindex(ctx context.Context, what migfile.Reindex) {
	ctx, cancel := ending(ctx)
	defer cancel()
	conn, err := r.db.Conn(ctx) // the one before is spent
	if err == nil {
		defer conn.Close()
		err = r.sweep(ctx, conn, what)
	}
	if err != nil {
		r.options.Say("REINDEX may have left invalid indexes on %s, called …_ccnew or …_ccold: applying the file again removes them", strings.TrimSpace(what.Kind+" "+what.Name))
	}
}
