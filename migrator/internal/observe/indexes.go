package observe

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Indexes reads all indexes with their keys and use; those of partitions count for
// the one that they belong to.
func Indexes(ctx context.Context, db workload.Database) ([]analyze.IndexUse, error) {
	rows, err := db.QueryContext(ctx, indexes)
	if err != nil {
		return nil, fmt.Errorf("read the indexes: %w", err)
	}
	defer rows.Close()
	var all []analyze.IndexUse
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read the indexes: %w", err)
		}
		var i analyze.IndexUse
		if err := json.Unmarshal(text, &i); err != nil {
			return nil, fmt.Errorf("read the indexes: %w", err)
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

const indexes = `WITH RECURSIVE tree AS (
  SELECT x.indexrelid AS root, x.indexrelid AS oid FROM pg_catalog.pg_index x
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = x.indexrelid)
  UNION ALL
  SELECT tree.root, h.inhrelid FROM tree JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.oid
), used AS (
  SELECT tree.root, pg_catalog.sum(coalesce(s.idx_scan, 0)) AS scans, pg_catalog.sum(c.relpages::bigint) * pg_catalog.current_setting('block_size')::bigint AS bytes
  FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = tree.oid
  GROUP BY tree.root
)
SELECT ` + workload.Tag + ` pg_catalog.json_build_object('Name', n.nspname || '.' || c.relname, 'Table', tn.nspname || '.' || t.relname,
  'Columns', (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(c.oid, k, true) ORDER BY k) FROM pg_catalog.generate_series(1, x.indnkeyatts) k),
  'Valid', x.indisvalid, 'Scans', used.scans::bigint, 'Bytes', used.bytes::bigint)::text
FROM used
JOIN pg_catalog.pg_index x ON x.indexrelid = used.root
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE tn.nspname <> 'information_schema' AND tn.nspname !~ '^pg_'
ORDER BY 1`
