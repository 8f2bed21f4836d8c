package whatif

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Built is an index that was suggested and is there.
type Built struct {
	Valid bool
	Scans int64
	Bytes int64
	// Reset is when the statistics of the database were reset: Scans counts from
	// then on. Zero: never, that is known.
	Reset time.Time
}

// FindBuilt looks for an index by its name; nil when it is not there. What the
// indexes of partitions did counts for that of their parent.
func FindBuilt(ctx context.Context, db workload.Database, schema, name string) (*Built, error) {
	b := &Built{}
	var reset sql.NullTime
	err := db.QueryRowContext(ctx, `WITH RECURSIVE tree AS (
			SELECT `+workload.Tag+` c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = `+catalog.Literal(schema)+` AND c.relname = `+catalog.Literal(name)+` AND c.relkind IN ('i', 'I')
			UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON tree.oid = i.inhparent)
		SELECT bool_and(x.indisvalid), coalesce(sum(s.idx_scan), 0)::bigint, coalesce(sum(pg_catalog.pg_relation_size(tree.oid)), 0)::bigint,
			(SELECT d.stats_reset FROM pg_catalog.pg_stat_database d WHERE d.datname = pg_catalog.current_database())
		FROM tree JOIN pg_catalog.pg_index x ON x.indexrelid = tree.oid LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = tree.oid
		HAVING count(*) > 0`).Scan(&b.Valid, &b.Scans, &b.Bytes, &reset)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the index %s: %w", name, err)
	}
	b.Reset = reset.Time
	return b, nil
}
