package analyze

import (
	"fmt"

	"github.com/seniorbackend/tools/shared/report"
)

const groupVacuum = "Vacuum and statistics"

// setting is a storage parameter of table c, or else the server's setting.
func setting(name string) string {
	return fmt.Sprintf(`coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = '%[1]s')::float8, current_setting('%[1]s')::float8)`, name)
}

func vacuumRules() []Rule {
	return []Rule{deadRows(), autovacuumOff(), wraparound(), databaseWraparound(), staleStatistics(), tableBloat(), indexBloat()}
}

func deadRows() Rule {
	return Rule{
		ID: "dead-rows", Group: groupVacuum, Worst: Medium, Counts: true,
		Says:   "A table holds far more dead rows than autovacuum should leave.",
		Why:    "Dead rows are read with the living ones, and their room cannot be used again before a vacuum.",
		Mend:   "VACUUM (ANALYZE) schema.table;",
		Judged: "The table's own autovacuum settings count. A long transaction, an abandoned prepared one or a replication slot can hold vacuum back: see those rules.",
		Limits: []Limit{{"min_dead", 1000, "dead rows"}, {"min_share", 0.1, "share of all rows"}, {"times_threshold", 2, "times the point where autovacuum begins"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, s.n_live_tup AS live, s.n_dead_tup AS dead,
       greatest(s.last_vacuum, s.last_autovacuum)::timestamptz(0)::text AS vacuumed
FROM pg_stat_all_tables s
JOIN pg_class c ON c.oid = s.relid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND s.n_dead_tup >= {min_dead} AND s.n_dead_tup >= {min_share} * (s.n_live_tup + s.n_dead_tup)
  AND s.n_dead_tup >= {times_threshold} * (` + setting("autovacuum_vacuum_threshold") + ` + ` + setting("autovacuum_vacuum_scale_factor") + ` * greatest(c.reltuples, 0))
ORDER BY s.n_dead_tup DESC, 1`,
		find: func(r Row, _ limits) *Finding {
			vacuumed := r.text("vacuumed")
			if vacuumed == "" {
				vacuumed = "never"
			}
			return &Finding{
				Severity: Medium, Object: r.text("name"),
				Title:    fmt.Sprintf("%s of the rows of %s are dead", report.Percent(r.float("dead"), r.float("dead")+r.float("live")), short(r.text("name"))),
				Evidence: []string{fmt.Sprintf("dead rows: %s, living: %s, last vacuum: %s", report.Count(r.int("dead")), report.Count(r.int("live")), vacuumed)},
				Mend:     "VACUUM (ANALYZE) " + r.text("name") + ";",
			}
		},
	}
}

func autovacuumOff() Rule {
	return Rule{
		ID: "autovacuum-off", Group: groupVacuum, Worst: High,
		Says:   "Autovacuum is off, for the server or for a table.",
		Why:    "Dead rows pile up, statistics grow old, and only the forced vacuum against wraparound remains.",
		Mend:   "ALTER TABLE schema.table RESET (autovacuum_enabled);",
		Judged: "High for the server, medium for a table. What stands on the server's command line is meant: that is how test servers are started.",
		Query: `
SELECT NULL AS name, current_setting('autovacuum') AS autovacuum, current_setting('track_counts') AS counts
WHERE EXISTS (SELECT FROM pg_settings WHERE name IN ('autovacuum', 'track_counts') AND setting = 'off' AND source <> 'command line')
UNION ALL
SELECT format('%I.%I', n.nspname, c.relname), NULL, NULL
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND c.relkind IN ('r', 'm')
  AND EXISTS (SELECT FROM pg_options_to_table(c.reloptions) WHERE option_name = 'autovacuum_enabled' AND lower(option_value) IN ('false', 'off', 'no', '0', 'f', 'n'))
ORDER BY 1 NULLS FIRST`,
		find: func(r Row, _ limits) *Finding {
			if name := r.text("name"); name != "" {
				return &Finding{Severity: Medium, Object: name, Title: "autovacuum is off for table " + short(name), Mend: "ALTER TABLE " + name + " RESET (autovacuum_enabled);"}
			}
			f := &Finding{Severity: High, Object: "server", Title: "autovacuum is off", Mend: "ALTER SYSTEM RESET autovacuum;\nSELECT pg_reload_conf();"}
			if r.text("counts") == "off" {
				f.Title = "track_counts is off, so that autovacuum does nothing"
				f.Mend = "ALTER SYSTEM RESET track_counts;\nSELECT pg_reload_conf();"
			}
			return f
		},
	}
}

func wraparound() Rule {
	return Rule{
		ID: "table-wraparound", Group: groupVacuum, Worst: High,
		Says:   "A table's oldest transaction is older than autovacuum_freeze_max_age allows.",
		Why:    "Autovacuum should have frozen it: it is blocked, too slow or fails. At 2^31 transactions the server stops taking writes.",
		Mend:   "VACUUM (FREEZE) schema.table;",
		Judged: "High from high_age transactions. Multixacts are judged alike, by autovacuum_multixact_freeze_max_age.",
		Limits: []Limit{{"times_max_age", 1.1, "times the allowed age"}, {"high_age", 1e9, "transactions"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, age(c.relfrozenxid) AS age, mxid_age(c.relminmxid) AS multixact_age,
       least(` + setting("autovacuum_freeze_max_age") + `, current_setting('autovacuum_freeze_max_age')::float8)::bigint AS allowed,
       least(` + setting("autovacuum_multixact_freeze_max_age") + `, current_setting('autovacuum_multixact_freeze_max_age')::float8)::bigint AS multixact_allowed
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND c.relkind IN ('r', 'm') AND c.relfrozenxid <> 0
  AND (age(c.relfrozenxid) > {times_max_age} * least(` + setting("autovacuum_freeze_max_age") + `, current_setting('autovacuum_freeze_max_age')::float8)
    OR mxid_age(c.relminmxid) > {times_max_age} * least(` + setting("autovacuum_multixact_freeze_max_age") + `, current_setting('autovacuum_multixact_freeze_max_age')::float8))
ORDER BY 2 DESC, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if max(r.float("age"), r.float("multixact_age")) >= l["high_age"] {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: r.text("name"),
				Title: "table " + short(r.text("name")) + " is overdue for freezing",
				Evidence: []string{
					fmt.Sprintf("oldest transaction: %s back, allowed: %s", report.Count(r.int("age")), report.Count(r.int("allowed"))),
					fmt.Sprintf("oldest multixact: %s back, allowed: %s", report.Count(r.int("multixact_age")), report.Count(r.int("multixact_allowed"))),
				},
				Mend: "VACUUM (FREEZE) " + r.text("name") + ";",
			}
		},
	}
}

func databaseWraparound() Rule {
	return Rule{
		ID: "database-wraparound", Group: groupVacuum, Worst: High,
		Says:   "A database of the server has used much of the 2^31 transactions that lie between freezes.",
		Why:    "At the end the server refuses every write until that database is vacuumed.",
		Mend:   "VACUUM (FREEZE);",
		Judged: "High from high_age transactions. Every database of the server counts: one stops all of them.",
		Limits: []Limit{{"min_age", 5e8, "transactions"}, {"high_age", 1e9, "transactions"}},
		Query: `
SELECT datname AS name, age(datfrozenxid) AS age, mxid_age(datminmxid) AS multixact_age, datallowconn AS open
FROM pg_database
WHERE greatest(age(datfrozenxid), mxid_age(datminmxid)) >= {min_age}
ORDER BY 2 DESC, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if max(r.float("age"), r.float("multixact_age")) >= l["high_age"] {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: r.text("name"), Title: "database " + r.text("name") + " comes near transaction wraparound",
				Evidence: []string{fmt.Sprintf("oldest transaction: %s back of 2,147,483,648, oldest multixact: %s back", report.Count(r.int("age")), report.Count(r.int("multixact_age")))},
				Mend:     "VACUUM (FREEZE); -- in database " + r.text("name"),
			}
		},
	}
}

func staleStatistics() Rule {
	return Rule{
		ID: "stale-statistics", Group: groupVacuum, Worst: Medium, Counts: true,
		Says:   "A table was never analyzed, or far more rows have changed since than autovacuum should leave.",
		Why:    "The planner guesses from old figures, and takes slow plans.",
		Mend:   "ANALYZE schema.table;",
		Judged: "Partitioned tables are never analyzed by autovacuum: they are judged by their own statistics, low, from PostgreSQL 14 on.",
		Limits: []Limit{{"min_changes", 1000, "rows changed"}, {"times_threshold", 2, "times the point where autovacuum analyzes"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, m.changes, CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint ELSE s.n_live_tup END AS live, false AS partitioned,
       greatest(s.last_analyze, s.last_autoanalyze)::timestamptz(0)::text AS analyzed
FROM pg_stat_all_tables s
JOIN pg_class c ON c.oid = s.relid
JOIN pg_namespace n ON n.oid = c.relnamespace
-- A session sends its counts some time after it made them: those of rows that ANALYZE has seen may come after it.
CROSS JOIN LATERAL (SELECT CASE WHEN s.n_tup_ins < c.reltuples THEN s.n_mod_since_analyze
                                ELSE least(s.n_mod_since_analyze, s.n_tup_ins + s.n_tup_upd + s.n_tup_del - greatest(c.reltuples, 0)::bigint) END AS changes) m
WHERE {ours} AND c.relkind IN ('r', 'm') AND m.changes >= {min_changes}
  AND m.changes >= {times_threshold} * (` + setting("autovacuum_analyze_threshold") + ` + ` + setting("autovacuum_analyze_scale_factor") + ` * greatest(c.reltuples, 0))
UNION ALL
SELECT format('%I.%I', n.nspname, c.relname), NULL, rows.n, true, NULL
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT sum(greatest(p.reltuples, 0)) AS n FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf) rows
WHERE {ours} AND c.relkind = 'p' AND NOT c.relispartition AND rows.n >= {min_changes}
  AND {never_analyzed}
ORDER BY 2 DESC NULLS LAST, 1`,
		Versions: map[string]Version{"never_analyzed": {14, "c.reltuples < 0", "false"}},
		find: func(r Row, _ limits) *Finding {
			f := &Finding{Severity: Medium, Object: r.text("name"), Mend: "ANALYZE " + r.text("name") + ";"}
			switch {
			case r.bool("partitioned"):
				f.Severity = Low
				f.Title = "partitioned table " + short(r.text("name")) + " has no statistics of its own"
				f.Evidence = []string{"rows: about " + report.Count(r.int("live"))}
			case r.null("analyzed"):
				f.Title = "table " + short(r.text("name")) + " was never analyzed"
				f.Evidence = []string{fmt.Sprintf("rows: about %s, changed: %s", report.Count(r.int("live")), report.Count(r.int("changes")))}
			default:
				f.Title = "the statistics of " + short(r.text("name")) + " are old"
				f.Evidence = []string{fmt.Sprintf("rows changed since: %s of %s, analyzed: %s", report.Count(r.int("changes")), report.Count(r.int("live")), r.text("analyzed"))}
			}
			return f
		},
	}
}

func tableBloat() Rule {
	return Rule{
		ID: "table-bloat", Group: groupVacuum, Worst: Medium,
		Says:   "A table takes far more pages than its rows need, by an estimate from their average width.",
		Why:    "Scans read the empty room, and the cache holds it.",
		Mend:   "VACUUM (FULL, ANALYZE) schema.table;",
		Judged: "Low below medium_bytes. An estimate: it needs fresh statistics and SELECT on all columns (pg_stats); tables without either are not judged. Row widths that ANALYZE cannot know (toasted values) are left out.",
		Limits: []Limit{{"min_share", 0.4, "share of the table"}, {"min_bytes", 10 << 20, "bytes of waste"}, {"medium_bytes", 1 << 30, "bytes of waste"}},
		Query: `
WITH width AS (
  SELECT s.schemaname, s.tablename, count(*) AS columns, sum((1 - s.null_frac) * s.avg_width) AS data, max(s.null_frac) > 0 AS nulls
  FROM pg_stats s WHERE NOT s.inherited GROUP BY 1, 2
), pages AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relpages AS pages, c.reltuples AS rows,
         ceil(c.reltuples * (24 + CASE WHEN w.nulls THEN (w.columns + 7) / 8 ELSE 0 END + 4 + 7 * 0.5 + w.data)
              / (({block} - 24) * coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor')::numeric, 100) / 100)) AS wanted
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN width w ON w.schemaname = n.nspname AND w.tablename = c.relname
  WHERE {ours} AND c.relkind IN ('r', 'm') AND c.reltuples >= 0
    AND w.columns = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
)
SELECT name, pages::bigint * {block} AS bytes, (pages - wanted)::bigint * {block} AS waste, rows::bigint AS rows FROM pages
WHERE pages - wanted >= {min_share} * pages AND (pages - wanted) * {block} >= {min_bytes}
ORDER BY waste DESC, name`,
		find: func(r Row, l limits) *Finding {
			return bloat(r, l, "table", "VACUUM (FULL, ANALYZE) "+r.text("name")+";",
				"VACUUM FULL blocks reads and writes while it copies the table; pg_repack does it online. Then see why it grew: dead-rows, autovacuum-off, long-transaction.")
		},
	}
}

func indexBloat() Rule {
	return Rule{
		ID: "index-bloat", Group: groupVacuum, Worst: Medium,
		Says:   "A btree index takes far more pages than its entries need, by an estimate from their average width.",
		Why:    "Index scans read and cache half-empty pages; vacuum cannot give them back.",
		Mend:   "REINDEX INDEX CONCURRENTLY schema.index;",
		Judged: "Low below medium_bytes. An estimate: it needs SELECT on the indexed columns (pg_stats). Partial indexes are not judged before they were analyzed; equal keys that PostgreSQL stores once make the estimate mild.",
		Limits: []Limit{{"min_share", 0.5, "share of the index"}, {"min_bytes", 10 << 20, "bytes of waste"}, {"medium_bytes", 1 << 30, "bytes of waste"}},
		Query: `
WITH entry AS (
  SELECT x.indexrelid, sum((1 - s.null_frac) * s.avg_width) AS data, max(s.null_frac) > 0 AS nulls
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY k(num, ord)
  JOIN pg_attribute a ON a.attrelid = CASE WHEN k.num = 0 THEN x.indexrelid ELSE x.indrelid END AND a.attnum = CASE WHEN k.num = 0 THEN k.ord ELSE k.num END
  JOIN pg_stats s ON s.schemaname = tn.nspname AND s.tablename = CASE WHEN k.num = 0 THEN i.relname ELSE t.relname END AND s.attname = a.attname AND NOT s.inherited
  GROUP BY x.indexrelid, x.indnatts HAVING count(*) = x.indnatts
), pages AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relpages AS pages, c.reltuples AS rows,
         1 + ceil(c.reltuples * (4 + 8 + CASE WHEN e.nulls THEN 8 ELSE 0 END + ceil(e.data / 8) * 8)
              / (({block} - 40) * coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor')::numeric, 90) / 100)) AS wanted
  FROM entry e
  JOIN pg_class c ON c.oid = e.indexrelid
  JOIN pg_am am ON am.oid = c.relam
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {ours} AND am.amname = 'btree' AND c.relkind = 'i' AND c.reltuples >= 0
)
SELECT name, pages::bigint * {block} AS bytes, (pages - wanted)::bigint * {block} AS waste, rows::bigint AS rows FROM pages
WHERE pages - wanted >= {min_share} * pages AND (pages - wanted) * {block} >= {min_bytes}
ORDER BY waste DESC, name`,
		find: func(r Row, l limits) *Finding {
			return bloat(r, l, "index", "REINDEX INDEX CONCURRENTLY "+r.text("name")+";", "")
		},
	}
}

func bloat(r Row, l limits, kind, mend, advice string) *Finding {
	severity := Low
	if r.float("waste") >= l["medium_bytes"] {
		severity = Medium
	}
	return &Finding{
		Severity: severity, Object: r.text("name"),
		Title:    fmt.Sprintf("about %s of %s %s is empty", report.Percent(r.float("waste"), r.float("bytes")), kind, short(r.text("name"))),
		Evidence: []string{fmt.Sprintf("size: %s, waste: about %s, rows: about %s", size(r.int("bytes")), size(r.int("waste")), report.Count(r.int("rows")))},
		Mend:     mend, Advice: advice,
	}
}
