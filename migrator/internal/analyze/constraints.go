package analyze

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/shared/report"
)

const groupConstraints = "Keys and constraints"

// foreignKeys are the foreign keys with their columns' names; those of partitions
// follow from their parent's.
const foreignKeys = `
f AS (
  SELECT o.oid, o.conname, o.conrelid, o.confrelid, o.conkey, o.confkey, o.confdeltype, c.reltuples, c.relpages, c.relkind,
         format('%I.%I', n.nspname, c.relname) AS table_name, format('%I.%I', rn.nspname, rc.relname) AS parent,
         pg_get_constraintdef(o.oid) AS definition, rc.reltuples AS parent_rows,
         (SELECT array_agg(quote_ident(a.attname) ORDER BY u.ord) FROM unnest(o.conkey) WITH ORDINALITY u(num, ord)
          JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = u.num) AS columns
  FROM pg_constraint o
  JOIN pg_class c ON c.oid = o.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class rc ON rc.oid = o.confrelid
  JOIN pg_namespace rn ON rn.oid = rc.relnamespace
  WHERE o.contype = 'f' AND o.conparentid = 0 AND {ours}
)`

func constraintRules() []Rule {
	return []Rule{unindexedForeignKey(), foreignKeyTypes(), duplicateForeignKey(), notValid(), noPrimaryKey(), sequenceNearEnd(), integerNearEnd()}
}

func unindexedForeignKey() Rule {
	return Rule{
		ID: "foreign-key-without-index", Group: groupConstraints, Worst: High,
		Says:   "No index begins with the columns of a foreign key.",
		Why:    "Every DELETE of a parent row, and every UPDATE of its key, reads the whole child table under a lock; joins along the key do too.",
		Mend:   "CREATE INDEX CONCURRENTLY ON schema.table (columns);",
		Judged: "High from high_rows child rows where parent rows are deleted; low below low_rows child rows. A table that fits into one page is read as quickly without: nothing is said of it, unless it is empty. A partial index counts where its predicate is that the columns are not NULL.",
		Limits: []Limit{{"low_rows", 1000, "rows"}, {"high_rows", 1e6, "rows"}},
		Query: `
WITH ` + foreignKeys + `
SELECT f.conname AS name, f.table_name, f.parent, f.columns, f.definition, greatest(f.reltuples, coalesce(s.n_live_tup, 0), 0)::bigint AS rows,
       f.relkind = 'p' AS partitioned, coalesce(p.n_tup_del, 0) AS deletes, coalesce(p.n_tup_upd, 0) AS updates,
       EXISTS (SELECT FROM pg_index x WHERE x.indrelid = f.conrelid AND x.indisvalid AND x.indpred IS NULL AND x.indkey[0] = ANY (f.conkey)) AS some
FROM f
LEFT JOIN pg_stat_all_tables s ON s.relid = f.conrelid
LEFT JOIN pg_stat_all_tables p ON p.relid = f.confrelid
WHERE NOT (f.relkind = 'r' AND f.relpages = 1 AND f.reltuples > 0 AND coalesce(s.n_live_tup, 0) <= 2 * f.reltuples)
  AND NOT EXISTS (
  SELECT FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am am ON am.oid = i.relam
  WHERE x.indrelid = f.conrelid AND x.indisvalid AND (am.amname IN ('btree', 'gist', 'spgist') OR am.amname = 'hash' AND cardinality(f.conkey) = 1)
    AND (x.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
    AND (x.indpred IS NULL OR regexp_replace(pg_get_expr(x.indpred, x.indrelid), '[()]', '', 'g') IN (
         SELECT c || ' IS NOT NULL' FROM unnest(f.columns) c
         UNION SELECT string_agg(c || ' IS NOT NULL', ' AND ') FROM unnest(f.columns) c)))
ORDER BY 6 DESC, 2, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			switch {
			case r.float("rows") < l["low_rows"]:
				severity = Low
			case r.float("rows") >= l["high_rows"] && r.int("deletes") > 0:
				severity = High
			}
			columns := strings.Join(r.list("columns"), ", ")
			f := &Finding{
				Severity: severity, Object: r.text("table_name"),
				Title: fmt.Sprintf("foreign key %s (%s) has no index", short(r.text("table_name")), columns),
				Evidence: []string{r.text("name") + ": " + r.text("definition"), fmt.Sprintf("rows: about %s; parent rows deleted: %s, updated: %s",
					report.Count(r.int("rows")), report.Count(r.int("deletes")), report.Count(r.int("updates")))},
				Mend: fmt.Sprintf("CREATE INDEX%s ON %s (%s);", concurrently(r), r.text("table_name"), columns),
				Lead: r.list("columns"),
			}
			if r.bool("some") {
				f.Evidence = append(f.Evidence, "an index begins with one of the columns and serves in part")
			}
			if r.bool("partitioned") {
				f.Advice = "The statement blocks writes while it runs: build the index on each partition with CONCURRENTLY first, then on the table, which takes them over."
			}
			return f
		},
	}
}

func foreignKeyTypes() Rule {
	return Rule{
		ID: "foreign-key-type-mismatch", Group: groupConstraints, Worst: Medium,
		Says:   "A foreign key's column has another type than the column that it points to.",
		Why:    "A narrower column overflows before the parent does; comparing the two casts, and with some types no index is used.",
		Mend:   "ALTER TABLE schema.table ALTER COLUMN column TYPE type;",
		Judged: "text and varchar are as one; an integer that is wider than its parent harms nothing. The statement rewrites the table under a lock that blocks everything: migrator diff has an online way where there is one.",
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS table_name, quote_ident(a.attname) AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
       format('%I.%I', rn.nspname, rc.relname) AS parent, quote_ident(b.attname) AS parent_column, format_type(b.atttypid, b.atttypmod) AS parent_type,
       o.conname AS name, a.atttypid IN (20, 21, 23) AND b.atttypid IN (20, 21, 23) AND (SELECT x.typlen < y.typlen FROM pg_type x, pg_type y WHERE x.oid = a.atttypid AND y.oid = b.atttypid) AS narrower
FROM pg_constraint o
JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class rc ON rc.oid = o.confrelid
JOIN pg_namespace rn ON rn.oid = rc.relnamespace
CROSS JOIN LATERAL unnest(o.conkey, o.confkey) AS k(child, parent)
JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.child
JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = k.parent
WHERE o.contype = 'f' AND o.conparentid = 0 AND {ours} AND (a.atttypid <> b.atttypid OR a.attcollation <> b.attcollation)
  AND NOT (a.atttypid IN (25, 1043) AND b.atttypid IN (25, 1043) AND a.attcollation = b.attcollation)
  AND NOT (a.atttypid IN (20, 21, 23) AND b.atttypid IN (20, 21, 23) AND (SELECT x.typlen > y.typlen FROM pg_type x, pg_type y WHERE x.oid = a.atttypid AND y.oid = b.atttypid))
ORDER BY 1, 2`,
		find: func(r Row, _ limits) *Finding {
			severity := Low
			if r.bool("narrower") {
				severity = Medium
			}
			return &Finding{
				Severity: severity, Object: r.text("table_name"),
				Title: fmt.Sprintf("%s.%s is %s, %s.%s is %s", short(r.text("table_name")), r.text("column_name"), r.text("type"),
					short(r.text("parent")), r.text("parent_column"), r.text("parent_type")),
				Evidence: []string{"foreign key: " + r.text("name")},
				Mend:     fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE %s;", r.text("table_name"), r.text("column_name"), r.text("parent_type")),
			}
		},
	}
}

func duplicateForeignKey() Rule {
	return Rule{
		ID: "duplicate-foreign-key", Group: groupConstraints, Worst: Low,
		Says: "Two foreign keys of a table have the same columns and point to the same ones.",
		Why:  "Every write checks both.",
		Mend: "ALTER TABLE schema.table DROP CONSTRAINT name;",
		Query: `
WITH ` + foreignKeys + `
SELECT DISTINCT ON (a.oid) quote_ident(a.conname) AS name, b.conname AS other, a.table_name, a.definition, b.definition AS other_definition
FROM f a JOIN f b ON b.conrelid = a.conrelid AND b.confrelid = a.confrelid AND b.oid < a.oid AND b.confdeltype = a.confdeltype
  AND a.conkey @> b.conkey AND b.conkey @> a.conkey
  AND (SELECT array_agg(y ORDER BY x) FROM unnest(a.conkey, a.confkey) u(x, y)) = (SELECT array_agg(y ORDER BY x) FROM unnest(b.conkey, b.confkey) u(x, y))
ORDER BY a.oid, b.oid`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("table_name"),
				Title:    fmt.Sprintf("foreign key %s of %s does what %s does", r.text("name"), short(r.text("table_name")), r.text("other")),
				Evidence: []string{r.text("definition"), r.text("other_definition")},
				Mend:     fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s;", r.text("table_name"), r.text("name")),
			}
		},
	}
}

func notValid() Rule {
	return Rule{
		ID: "not-valid-constraint", Group: groupConstraints, Worst: Medium,
		Says:   "A constraint was added NOT VALID and never validated.",
		Why:    "Old rows may break it: nothing has looked. The planner does not trust it, and a restored dump may fail.",
		Mend:   "ALTER TABLE schema.table VALIDATE CONSTRAINT name;",
		Judged: "Constraints that are NOT ENFORCED are meant so.",
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS table_name, quote_ident(o.conname) AS name, pg_get_constraintdef(o.oid) AS definition
FROM pg_constraint o
JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND NOT o.convalidated AND o.conparentid = 0 AND coalesce(to_jsonb(o)->>'conenforced', 'true') = 'true'
  AND (o.coninhcount = 0 OR o.conislocal)
ORDER BY 1, 2`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Medium, Object: r.text("table_name"),
				Title:    fmt.Sprintf("constraint %s of %s is NOT VALID", r.text("name"), short(r.text("table_name"))),
				Evidence: []string{r.text("definition")},
				Mend:     fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s;", r.text("table_name"), r.text("name")),
			}
		},
	}
}

func noPrimaryKey() Rule {
	return Rule{
		ID: "no-primary-key", Group: groupConstraints, Worst: Medium,
		Says:   "A table has no primary key.",
		Why:    "Rows cannot be told apart: logical replication, ORMs and every tool that works row by row need a key.",
		Mend:   "ALTER TABLE schema.table ADD PRIMARY KEY USING INDEX index;",
		Judged: "Low where a unique index on NOT NULL columns is there to be made one. Partitions are judged with their table. Unlogged tables are left out: they are not replicated, and mostly a load's on its way.",
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, greatest(c.reltuples, 0)::bigint AS rows, c.relkind = 'p' AS partitioned,
       (SELECT quote_ident(i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL
          AND NOT EXISTS (SELECT FROM unnest((x.indkey::int2[])[0:x.indnkeyatts - 1]) k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k WHERE NOT a.attnotnull)
        ORDER BY x.indnkeyatts, i.relname LIMIT 1) AS candidate,
       (SELECT quote_ident(i.relname) FROM pg_constraint o JOIN pg_class i ON i.oid = o.conindid WHERE o.conrelid = c.oid AND o.contype = 'u' ORDER BY o.oid LIMIT 1) AS constrained
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'p')
ORDER BY 1`,
		find: func(r Row, _ limits) *Finding {
			f := &Finding{
				Severity: Medium, Object: r.text("name"), Title: "table " + short(r.text("name")) + " has no primary key",
				Evidence: []string{"rows: about " + report.Count(r.int("rows"))},
				Mend:     "ALTER TABLE " + r.text("name") + " ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;",
				Advice:   "Better a key that the rows have already; the statement below rewrites the table under a lock that blocks everything.",
			}
			if c := r.text("candidate"); c != "" {
				f.Severity, f.Advice = Low, ""
				f.Evidence = append(f.Evidence, "unique on NOT NULL columns: "+c)
				f.Mend = "ALTER TABLE " + r.text("name") + " ADD PRIMARY KEY USING INDEX " + c + ";"
				if r.bool("partitioned") || c == r.text("constrained") {
					f.Mend, f.Advice = "", "Make the unique key "+c+" the primary key: drop the constraint and add the key on its columns in one transaction."
				}
			}
			return f
		},
	}
}

func sequenceNearEnd() Rule {
	return Rule{
		ID: "sequence-near-end", Group: groupConstraints, Worst: High,
		Says:   "A sequence that does not cycle has used up most of its numbers.",
		Why:    "At its end every INSERT that takes a number fails.",
		Mend:   "ALTER SEQUENCE schema.sequence AS bigint NO MAXVALUE;",
		Judged: "High from high_share. Needs USAGE or SELECT on the sequence.",
		Limits: []Limit{{"min_share", 0.7, "share of its numbers"}, {"high_share", 0.9, "share of its numbers"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, s.last_value, s.max_value, s.min_value, s.increment_by, s.data_type::text AS type,
       CASE WHEN s.increment_by > 0 THEN (s.last_value::numeric - s.min_value) / nullif(s.max_value::numeric - s.min_value, 0)
            ELSE (s.max_value::numeric - s.last_value) / nullif(s.max_value::numeric - s.min_value, 0) END AS share,
       (SELECT format('%I.%I.%I', tn.nspname, t.relname, a.attname) FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1) AS owner
FROM pg_sequences s
JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
WHERE {ours} AND NOT s.cycle AND s.last_value IS NOT NULL
  AND CASE WHEN s.increment_by > 0 THEN s.last_value::numeric - s.min_value ELSE s.max_value::numeric - s.last_value END >= {min_share} * (s.max_value::numeric - s.min_value)
ORDER BY 7 DESC, 1`,
		find: func(r Row, l limits) *Finding {
			f := &Finding{
				Severity: Medium, Object: r.text("name"),
				Title:    fmt.Sprintf("sequence %s has used %s of its numbers", short(r.text("name")), report.Percent(r.float("share"), 1)),
				Evidence: []string{fmt.Sprintf("%s: last value %s of %s", r.text("type"), report.Count(r.int("last_value")), report.Count(r.int("max_value")))},
				Mend:     "ALTER SEQUENCE " + r.text("name") + " AS bigint NO MAXVALUE;",
			}
			if r.float("share") >= l["high_share"] {
				f.Severity = High
			}
			if owner := r.text("owner"); owner != "" {
				f.Evidence = append(f.Evidence, "it numbers "+owner)
				f.Advice = "The column that it numbers must be bigint as well: see integer-near-end."
			}
			if r.int("increment_by") < 0 {
				f.Mend = "ALTER SEQUENCE " + r.text("name") + " AS bigint NO MINVALUE;"
			}
			if r.text("type") == "bigint" {
				f.Mend = strings.Replace(f.Mend, " AS bigint", "", 1)
			}
			return f
		},
	}
}

func integerNearEnd() Rule {
	return Rule{
		ID: "integer-near-end", Group: groupConstraints, Worst: High,
		Says:   "The highest value of a smallint or integer key is near the end of its type.",
		Why:    "At the end every INSERT fails with \"integer out of range\", and making the column wider rewrites the table and its indexes.",
		Mend:   "ALTER TABLE schema.table ALTER COLUMN column TYPE bigint;",
		Judged: "High from high_share. The highest value is the sequence's last one, or, for keys without a sequence and for foreign keys, the end of the column's histogram (pg_stats, needs SELECT on the column).",
		Limits: []Limit{{"min_share", 0.7, "share of the type"}, {"high_share", 0.9, "share of the type"}},
		Query: `
WITH keys AS (
  SELECT DISTINCT a.attrelid, a.attnum FROM pg_constraint o CROSS JOIN LATERAL unnest(o.conkey) k JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k
  WHERE o.contype IN ('p', 'f', 'u') AND a.atttypid IN (21, 23)
  UNION
  SELECT d.refobjid, d.refobjsubid FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S' JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND a.atttypid IN (21, 23)
), highest AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS table_name, quote_ident(a.attname) AS column_name, format_type(a.atttypid, NULL) AS type,
         CASE a.atttypid WHEN 21 THEN 32767 ELSE 2147483647 END AS most,
         q.last_value AS sequence, (h.bounds[cardinality(h.bounds)])::bigint AS histogram, greatest(c.reltuples, 0)::bigint AS rows
  FROM keys k
  JOIN pg_class c ON c.oid = k.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = k.attrelid AND a.attnum = k.attnum
  LEFT JOIN LATERAL (
    SELECT s.last_value FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S' JOIN pg_namespace qn ON qn.oid = q.relnamespace
    JOIN pg_sequences s ON s.schemaname = qn.nspname AND s.sequencename = q.relname
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND s.increment_by > 0
    LIMIT 1) q ON true
  LEFT JOIN LATERAL (
    SELECT s.histogram_bounds::text::text[] AS bounds FROM pg_stats s
    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname ORDER BY s.inherited DESC LIMIT 1) h ON true
  WHERE {ours} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
)
SELECT *, greatest(sequence, histogram)::numeric / most AS share FROM highest
WHERE greatest(sequence, histogram) >= {min_share} * most
ORDER BY share DESC, 1, 2`,
		find: func(r Row, l limits) *Finding {
			f := &Finding{
				Severity: Medium, Object: r.text("table_name"),
				Title:  fmt.Sprintf("%s.%s is at %s of %s", short(r.text("table_name")), r.text("column_name"), report.Percent(r.float("share"), 1), r.text("type")),
				Mend:   fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE bigint;", r.text("table_name"), r.text("column_name")),
				Advice: "On a large table rather add a bigint column, keep it in step with a trigger, fill it in batches, and swap the two.",
			}
			if r.float("share") >= l["high_share"] {
				f.Severity = High
			}
			if !r.null("sequence") {
				f.Evidence = append(f.Evidence, "last value of its sequence: "+report.Count(r.int("sequence")))
			}
			if !r.null("histogram") {
				f.Evidence = append(f.Evidence, "highest value that ANALYZE saw: "+report.Count(r.int("histogram")))
			}
			f.Evidence = append(f.Evidence, fmt.Sprintf("end of the type: %s, rows: about %s", report.Count(r.int("most")), report.Count(r.int("rows"))))
			return f
		},
	}
}
