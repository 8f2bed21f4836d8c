package analyze

import (
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

const groupIndexes = "Indexes"

// week is a full turn of what most applications do: nightly and weekly jobs.
const week = 7 * 24 * time.Hour

// compared describes every valid index so that two can be compared: keys are its
// key columns (number or expression, operator class, collation, order), turned the
// same read backwards, rest the columns that it only carries, place the table and the
// predicate: one thing to join by, as the planner has no statistics of all this.
const compared = `
i AS MATERIALIZED (
  SELECT x.indexrelid AS oid, x.indrelid AS tab, am.amname AS method, x.indisunique AS uniq, x.indimmediate AS immediate,
         coalesce(pg_get_expr(x.indpred, x.indrelid), '') AS predicate,
         x.indrelid::text || ' ' || coalesce(pg_get_expr(x.indpred, x.indrelid), '') AS place, coalesce(to_jsonb(x)->>'indnullsnotdistinct', 'false') AS nulls_same,
         x.indisprimary OR x.indisexclusion OR x.indisreplident OR x.indisclustered AS needed, k.keys, k.turned, k.columns, k.rest
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_am am ON am.oid = c.relam
  CROSS JOIN LATERAL (
    SELECT array_agg(key || ' ' || (option & 3)::text ORDER BY ord) FILTER (WHERE ord <= x.indnkeyatts) AS keys,
           array_agg(key || ' ' || ((option & 3) # 3)::text ORDER BY ord) FILTER (WHERE ord <= x.indnkeyatts) AS turned,
           array_agg(col ORDER BY ord) AS columns,
           coalesce(array_agg(col ORDER BY ord) FILTER (WHERE ord > x.indnkeyatts), '{}') AS rest
    FROM (
      SELECT a.ord, a.col, concat_ws(' ', a.col, (x.indclass::oid[])[a.ord - 1], (x.indcollation::oid[])[a.ord - 1]) AS key,
             coalesce((x.indoption::int2[])[a.ord - 1], 0) AS option
      FROM (SELECT ord, CASE WHEN num = 0 THEN pg_get_indexdef(x.indexrelid, ord::int, true) ELSE num::text END AS col
            FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS u(num, ord)) a
    ) b
  ) k
  WHERE x.indisvalid AND x.indislive AND {ours}
    AND (x.indrelid, x.indkey[0]) IN (SELECT y.indrelid, y.indkey[0] FROM pg_index y GROUP BY 1, 2 HAVING count(*) > 1)
)`

// attached is an index that belongs to a partitioned one: it cannot be dropped by
// itself. referenced is one that a foreign key points to.
const (
	attached   = "EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = %[1]s.oid)"
	referenced = "EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = %[1]s.oid)"
	constraint = "(SELECT quote_ident(o.conname) FROM pg_constraint o WHERE o.conindid = %[1]s.oid AND o.conrelid = %[1]s.tab AND o.contype IN ('p', 'u', 'x') LIMIT 1)"
	indexName  = "(SELECT format('%%I.%%I', m.nspname, d.relname) FROM pg_class d JOIN pg_namespace m ON m.oid = d.relnamespace WHERE d.oid = %s)"
)

// about is what a finding tells of the index a and its other, b.
var about = fmt.Sprintf(indexName, "a.tab") + ` AS table_name, ` + fmt.Sprintf(indexName, "a.oid") + ` AS name, pg_get_indexdef(a.oid) AS definition,
       (SELECT relpages::bigint * {block} FROM pg_class WHERE oid = a.oid) AS bytes, (SELECT relkind = 'I' FROM pg_class WHERE oid = a.oid) AS partitioned,
       ` + fmt.Sprintf(constraint, "a") + ` AS constraint_name,
       ` + fmt.Sprintf(indexName, "b.oid") + ` AS other, pg_get_indexdef(b.oid) AS other_definition, (SELECT relpages::bigint * {block} FROM pg_class WHERE oid = b.oid) AS other_bytes`

func indexRules() []Rule {
	return []Rule{duplicateIndex(), redundantIndex(), mergeableIndexes(), unusedIndex(), invalidIndex(), manyIndexes(), nullIndex()}
}

func duplicateIndex() Rule {
	return Rule{
		ID: "duplicate-index", Group: groupIndexes, Worst: Medium,
		Says:   "Two indexes of a table have the same columns, order, operator classes, predicate and method.",
		Why:    "Every INSERT and most UPDATEs write both, both take memory and disk, and the planner uses only one.",
		Mend:   "DROP INDEX CONCURRENTLY schema.index;",
		Judged: "An index that has a constraint, a foreign key that points to it, or a replica identity is never the one to drop.",
		Query: `
WITH ` + compared + `, found AS (
  SELECT DISTINCT ON (a.oid) a.oid, a.tab, b.oid AS other
  FROM i a
  JOIN i b ON b.place = a.place AND b.oid <> a.oid AND b.method = a.method
          AND (b.keys = a.keys OR a.method = 'btree' AND b.turned = a.keys) AND b.columns @> a.rest
  CROSS JOIN LATERAL (SELECT ` + fmt.Sprintf(constraint+" IS NOT NULL", "a") + ` AS a, ` + fmt.Sprintf(constraint+" IS NOT NULL", "b") + ` AS b) constrained
  WHERE NOT a.needed AND NOT ` + fmt.Sprintf(referenced, "a") + ` AND NOT ` + fmt.Sprintf(attached, "a") + `
    AND (NOT a.uniq OR b.uniq AND b.nulls_same = a.nulls_same AND b.immediate = a.immediate)
    AND NOT (b.rest <> '{}' AND a.uniq AND a.rest = '{}' AND constrained.a)
    -- Of two that could both go, the one without a constraint goes, then the one that does less, then the younger.
    AND (b.needed OR ` + fmt.Sprintf(referenced, "b") + ` OR ` + fmt.Sprintf(attached, "b") + ` OR (a.uniq AND NOT b.uniq) IS FALSE AND
         (constrained.b, b.uniq, cardinality(b.columns), -b.oid::bigint) > (constrained.a, a.uniq, cardinality(a.columns), -a.oid::bigint))
  ORDER BY a.oid, b.needed DESC, b.oid
)
SELECT ` + about + `
FROM found JOIN i a ON a.oid = found.oid JOIN i b ON b.oid = found.other
ORDER BY a.oid`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Medium, Object: r.text("name"),
				Title:    fmt.Sprintf("index %s does what %s does", short(r.text("name")), short(r.text("other"))),
				Evidence: []string{r.text("definition"), r.text("other_definition"), "size: " + size(r.int("bytes"))},
				Mend:     dropIndex(r),
			}
		},
	}
}

func redundantIndex() Rule {
	return Rule{
		ID: "redundant-index", Group: groupIndexes, Worst: Medium,
		Says:   "The columns of an index are the first ones of another index of the same table.",
		Why:    "The wider index answers the same queries; the narrow one is written with every row for nothing.",
		Mend:   "DROP INDEX CONCURRENTLY schema.index;",
		Judged: "Unique indexes and those of a constraint are left alone: they do more than find rows.",
		Query: `
WITH ` + compared + `, found AS (
  SELECT DISTINCT ON (a.oid) a.oid, b.oid AS other
  FROM i a
  JOIN i b ON b.place = a.place AND b.oid <> a.oid AND b.columns @> a.rest
          AND cardinality(b.keys) > cardinality(a.keys)
          AND (b.keys[:cardinality(a.keys)] = a.keys OR b.turned[:cardinality(a.keys)] = a.keys)
  WHERE a.method = 'btree' AND b.method = 'btree' AND NOT a.uniq AND NOT a.needed AND NOT ` + fmt.Sprintf(attached, "a") + `
  ORDER BY a.oid, cardinality(b.columns), b.oid
)
SELECT ` + about + `
FROM found JOIN i a ON a.oid = found.oid JOIN i b ON b.oid = found.other
ORDER BY a.oid`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Medium, Object: r.text("name"),
				Title:    fmt.Sprintf("index %s is the beginning of %s", short(r.text("name")), short(r.text("other"))),
				Evidence: []string{r.text("definition"), r.text("other_definition"), "size: " + size(r.int("bytes")) + ", of the wider one: " + size(r.int("other_bytes"))},
				Mend:     dropIndex(r),
			}
		},
	}
}

func mergeableIndexes() Rule {
	return Rule{
		ID: "mergeable-indexes", Group: groupIndexes, Worst: Low,
		Says:   "Two indexes begin with the same columns and one wider index can replace both.",
		Why:    "One index is written and kept in memory instead of two; index-only scans of either go on.",
		Mend:   "CREATE INDEX CONCURRENTLY ON schema.table (…) INCLUDE (…); DROP INDEX CONCURRENTLY …;",
		Judged: "Only for indexes that are not unique and carry further columns (INCLUDE) that the other lacks.",
		Query: `
WITH ` + compared + `, found AS (
  SELECT DISTINCT ON (a.oid) a.oid, b.oid AS other
  FROM i a
  JOIN i b ON b.place = a.place AND b.oid <> a.oid AND b.keys[:cardinality(a.keys)] = a.keys
  WHERE a.method = 'btree' AND b.method = 'btree' AND NOT a.uniq AND NOT b.uniq AND NOT a.needed AND NOT b.needed
    AND NOT b.columns @> a.rest AND (cardinality(a.keys) < cardinality(b.keys) OR NOT a.columns @> b.rest AND a.oid < b.oid)
    AND NOT ` + fmt.Sprintf(attached, "a") + ` AND NOT ` + fmt.Sprintf(attached, "b") + `
  ORDER BY a.oid, cardinality(b.columns), b.oid
)
SELECT ` + about + `, a.predicate,
       (SELECT array_agg(pg_get_indexdef(b.oid, g, true) || CASE WHEN b.keys[g] ~ ' [13]$' THEN ' DESC' ELSE '' END
                         || CASE WHEN b.keys[g] ~ ' 1$' THEN ' NULLS LAST' WHEN b.keys[g] ~ ' 2$' THEN ' NULLS FIRST' ELSE '' END ORDER BY g)
        FROM generate_subscripts(b.keys, 1) g) AS keys,
       (SELECT array_agg(DISTINCT quote_ident(t.attname)) FROM unnest(a.rest || b.rest) col JOIN pg_attribute t ON t.attrelid = a.tab AND t.attnum::text = col
        WHERE NOT col = ANY (b.columns[:cardinality(b.keys)])) AS carried
FROM found JOIN i a ON a.oid = found.oid JOIN i b ON b.oid = found.other
WHERE pg_get_indexdef(b.oid) !~ 'COLLATE|_ops'
ORDER BY a.oid`,
		find: func(r Row, _ limits) *Finding {
			where := ""
			if p := r.text("predicate"); p != "" {
				where = " WHERE " + p
			}
			return &Finding{
				Severity: Low, Object: r.text("name"),
				Title:    fmt.Sprintf("one index can replace %s and %s", short(r.text("name")), short(r.text("other"))),
				Evidence: []string{r.text("definition"), r.text("other_definition"), "size of both: " + size(r.int("bytes")+r.int("other_bytes"))},
				Mend: fmt.Sprintf("CREATE INDEX%s ON %s (%s) INCLUDE (%s)%s;\n%s\n%s", concurrently(r), r.text("table_name"),
					strings.Join(r.list("keys"), ", "), strings.Join(r.list("carried"), ", "), where,
					dropIndex(r), dropIndex(Row{"name": r["other"], "partitioned": r["partitioned"]})),
			}
		},
	}
}

func unusedIndex() Rule {
	return Rule{
		ID: "unused-index", Group: groupIndexes, Worst: Medium, Age: week,
		Says:     "No query has used an index since the statistics began.",
		Why:      "It is written with every row, keeps UPDATEs from being heap-only, and takes memory that other pages need.",
		Mend:     "DROP INDEX CONCURRENTLY schema.index;",
		Judged:   "Low where it is smaller than medium_bytes. Never the index of a constraint, a unique one, a replica identity, or the only one that serves a foreign key. The indexes of partitions are judged together. Use on replicas is not counted here: with replicas connected it is low.",
		Limits:   []Limit{{"max_scans", 0, "index scans"}, {"medium_bytes", 10 << 20, "bytes"}},
		Versions: map[string]Version{"last_scan": {16, "max(pg_stat_get_lastscan(tree.oid))::text", "NULL::text"}},
		Query: `
WITH RECURSIVE tree AS (
  SELECT x.indexrelid AS root, x.indexrelid AS oid, x.indrelid AS tab FROM pg_index x
  WHERE x.indisvalid AND NOT x.indisunique AND NOT x.indisprimary AND NOT x.indisexclusion AND NOT x.indisreplident
    AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.indexrelid)
  UNION ALL
  SELECT tree.root, h.inhrelid, x.indrelid FROM tree JOIN pg_inherits h ON h.inhparent = tree.oid JOIN pg_index x ON x.indexrelid = h.inhrelid
), used AS ( -- what pg_stat_all_indexes and pg_stat_all_tables show, without their joins
  SELECT tree.root, sum(pg_stat_get_numscans(tree.oid)) AS scans, sum(coalesce(c.relpages, 0)) * {block} AS bytes,
         sum(pg_stat_get_tuples_inserted(tree.tab) + pg_stat_get_tuples_updated(tree.tab)) AS writes, {last_scan} AS last_scan
  FROM tree LEFT JOIN pg_class c ON c.oid = tree.oid AND c.relkind = 'i'
  GROUP BY tree.root
)
SELECT format('%I.%I', n.nspname, c.relname) AS name, format('%I.%I', n.nspname, t.relname) AS table_name,
       pg_get_indexdef(c.oid) AS definition, c.relkind = 'I' AS partitioned, used.scans, used.bytes, used.writes, used.last_scan,
       (SELECT count(*) FROM pg_stat_replication) AS replicas
FROM used
JOIN pg_index x ON x.indexrelid = used.root
JOIN pg_class c ON c.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND used.scans <= {max_scans}
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid)
  AND NOT EXISTS ( -- the last index on the columns of a foreign key
    SELECT FROM pg_constraint f
    WHERE f.conrelid = x.indrelid AND f.contype = 'f' AND x.indpred IS NULL
      AND (x.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
      AND NOT EXISTS (SELECT FROM pg_index y WHERE y.indrelid = f.conrelid AND y.indexrelid <> x.indexrelid AND y.indisvalid AND y.indpred IS NULL
                      AND (y.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey))
ORDER BY used.bytes DESC, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if r.float("bytes") < l["medium_bytes"] || r.int("replicas") > 0 {
				severity = Low
			}
			evidence := []string{r.text("definition"), fmt.Sprintf("index scans: %s, rows written to the table: %s, size: %s",
				report.Count(r.int("scans")), report.Count(r.int("writes")), size(r.int("bytes")))}
			if last := r.text("last_scan"); last != "" {
				evidence = append(evidence, "last scan: "+last)
			}
			if n := r.int("replicas"); n > 0 {
				evidence = append(evidence, report.Plural(n, "replica is", "replicas are")+" connected: look at idx_scan there before dropping it")
			}
			return &Finding{Severity: severity, Object: r.text("name"), Title: "no query uses index " + short(r.text("name")), Evidence: evidence, Mend: dropIndex(r)}
		},
	}
}

func invalidIndex() Rule {
	return Rule{
		ID: "invalid-index", Group: groupIndexes, Worst: High,
		Says: "An index is INVALID: its build was cut off or failed, and nobody is building it now.",
		Why:  "Queries do not use it, yet every write maintains it; a unique one does not guarantee what it says.",
		Mend: "REINDEX INDEX CONCURRENTLY schema.index;",
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, format('%I.%I', n.nspname, t.relname) AS table_name,
       pg_get_indexdef(c.oid) AS definition, c.relkind = 'I' AS partitioned, c.relname ~ '_cc(new|old)[0-9]*$' AS leftover, x.indisunique AS uniq
FROM pg_index x
JOIN pg_class c ON c.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND NOT x.indisvalid
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid OR p.relid = x.indrelid)
ORDER BY 1`,
		find: func(r Row, _ limits) *Finding {
			f := &Finding{
				Severity: High, Object: r.text("name"), Title: "index " + short(r.text("name")) + " is INVALID",
				Evidence: []string{r.text("definition")}, Mend: "REINDEX INDEX CONCURRENTLY " + r.text("name") + ";",
			}
			switch {
			case r.bool("partitioned"):
				f.Mend, f.Advice = "", "Some partitions lack their part: build it there with CREATE INDEX CONCURRENTLY, then ALTER INDEX "+r.text("name")+" ATTACH PARTITION for each."
			case r.bool("leftover"):
				f.Evidence = append(f.Evidence, "its name says that a REINDEX CONCURRENTLY left it behind")
				f.Mend = dropIndex(r)
			case r.bool("uniq"):
				f.Advice = "If its build failed because of equal keys, remove those first."
			}
			return f
		},
	}
}

func manyIndexes() Rule {
	return Rule{
		ID: "many-indexes", Group: groupIndexes, Worst: Low,
		Says:   "A table has more indexes than its writes can bear.",
		Why:    "Each INSERT writes all of them, and each UPDATE that is not heap-only too; planning takes longer as well.",
		Mend:   "-- drop those that the other rules name",
		Limits: []Limit{{"min_indexes", 16, "indexes"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, count(*) AS indexes, c.relpages::bigint * {block} AS bytes,
       sum(i.relpages)::bigint * {block} AS index_bytes
FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND NOT c.relispartition
GROUP BY c.oid, n.nspname, c.relname, c.relpages
HAVING count(*) >= {min_indexes}
ORDER BY 2 DESC, 1`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("name"), Title: fmt.Sprintf("table %s has %d indexes", short(r.text("name")), r.int("indexes")),
				Evidence: []string{"size of the table: " + size(r.int("bytes")) + ", of its indexes: " + size(r.int("index_bytes"))},
				Advice:   "Look at unused-index, redundant-index and mergeable-indexes for this table.",
			}
		},
	}
}

func nullIndex() Rule {
	return Rule{
		ID: "index-of-nulls", Group: groupIndexes, Worst: Low,
		Says:   "Most rows of an index have NULL in its only column.",
		Why:    "A partial index holds the rows that queries look for, in a fraction of the room, and is not written for the others.",
		Mend:   "CREATE INDEX CONCURRENTLY ON schema.table (column) WHERE column IS NOT NULL; DROP INDEX CONCURRENTLY schema.index;",
		Judged: "Needs SELECT on the column (pg_stats). Queries that look for NULL itself still want the whole index.",
		Limits: []Limit{{"min_null_share", 0.9, "share of rows"}, {"min_bytes", 1 << 20, "bytes"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, format('%I.%I', n.nspname, t.relname) AS table_name, quote_ident(a.attname) AS column_name,
       pg_get_indexdef(c.oid) AS definition, am.amname AS method, s.null_frac, c.relpages::bigint * {block} AS bytes
FROM pg_index x
JOIN pg_class c ON c.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = t.relname AND s.attname = a.attname AND NOT s.inherited
WHERE {ours} AND x.indnatts = 1 AND x.indpred IS NULL AND NOT x.indisunique AND x.indisvalid AND c.relkind = 'i' AND am.amname = 'btree'
  AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)
  AND s.null_frac >= {min_null_share} AND c.relpages::bigint * {block} >= {min_bytes}
ORDER BY c.relpages DESC, 1`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("name"),
				Title:    fmt.Sprintf("%s of index %s are NULL", report.Percent(r.float("null_frac"), 1), short(r.text("name"))),
				Evidence: []string{r.text("definition"), "size: " + size(r.int("bytes"))},
				Mend:     fmt.Sprintf("CREATE INDEX CONCURRENTLY ON %s (%s) WHERE %[2]s IS NOT NULL;\n%s", r.text("table_name"), r.text("column_name"), dropIndex(r)),
			}
		},
	}
}

// concurrently is the word, where the server allows it.
func concurrently(r Row) string {
	if r.bool("partitioned") {
		return ""
	}
	return " CONCURRENTLY"
}

// dropIndex drops a row's index, or the constraint that it belongs to.
func dropIndex(r Row) string {
	if c := r.text("constraint_name"); c != "" {
		return fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s;", r.text("table_name"), c)
	}
	return "DROP INDEX" + concurrently(r) + " " + r.text("name") + ";"
}
