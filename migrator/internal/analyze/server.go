package analyze

import (
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

const groupServer = "Sessions and server"

func serverRules() []Rule {
	return []Rule{longTransaction(), blockedSession(), connections(), preparedTransactions(), inactiveSlot(), archiving(), settingsOff(), checkpoints(), extensionUpdate(), collationVersion(), checksumFailures()}
}

func longTransaction() Rule {
	return Rule{
		ID: "long-transaction", Group: groupServer, Worst: High,
		Says:   "A transaction is open for long: a query that runs, or a session that is idle in transaction.",
		Why:    "It holds its locks, and vacuum cannot remove a row that died after it began, in any table.",
		Mend:   "SELECT pg_terminate_backend(pid);",
		Judged: "High from high_seconds. Idle sessions count from min_idle_seconds, others from min_seconds. Backups and builds of indexes are meant to take long.",
		Limits: []Limit{{"min_idle_seconds", 300, "s"}, {"min_seconds", 3600, "s"}, {"high_seconds", 21600, "s"}},
		Query: `
SELECT pid, usename AS role, application_name AS application, state, extract(epoch FROM clock_timestamp() - xact_start) AS seconds, query
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
  AND extract(epoch FROM clock_timestamp() - xact_start) >= CASE WHEN state LIKE 'idle in transaction%' THEN {min_idle_seconds} ELSE {min_seconds} END
ORDER BY xact_start`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if r.float("seconds") >= l["high_seconds"] {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: "session " + r.text("pid"),
				Title:    fmt.Sprintf("session %s has had a transaction open for %s (%s)", r.text("pid"), Span(time.Duration(r.float("seconds")*float64(time.Second))), r.text("state")),
				Evidence: []string{"role: " + r.text("role") + ", application: " + r.text("application"), "last query: " + oneLine(r.text("query"), 200)},
				Mend:     "SELECT pg_terminate_backend(" + r.text("pid") + ");",
				Advice:   "Set idle_in_transaction_session_timeout for its role, so that it ends by itself.",
			}
		},
	}
}

func blockedSession() Rule {
	return Rule{
		ID: "blocked-session", Group: groupServer, Worst: Medium,
		Says:   "A session waits for a lock that another one holds.",
		Why:    "It stands still, and everybody who waits behind it does too.",
		Mend:   "SELECT pg_terminate_backend(pid);",
		Limits: []Limit{{"min_seconds", 5, "s of waiting"}},
		Query: `
SELECT a.pid, extract(epoch FROM clock_timestamp() - a.query_start) AS seconds, a.query, b.pids, h.query AS holder_query, h.state AS holder_state
FROM pg_stat_activity a
CROSS JOIN LATERAL (SELECT pg_blocking_pids(a.pid) AS pids) b
LEFT JOIN pg_stat_activity h ON h.pid = b.pids[1]
WHERE a.datname = current_database() AND a.wait_event_type = 'Lock' AND cardinality(b.pids) > 0
  AND extract(epoch FROM clock_timestamp() - a.query_start) >= {min_seconds}
ORDER BY a.query_start`,
		find: func(r Row, _ limits) *Finding {
			holders := strings.Join(r.list("pids"), ", ")
			return &Finding{
				Severity: Medium, Object: "session " + r.text("pid"),
				Title:    fmt.Sprintf("session %s has waited %s for a lock of session %s", r.text("pid"), Span(time.Duration(r.float("seconds")*float64(time.Second))), holders),
				Evidence: []string{"waiting: " + oneLine(r.text("query"), 200), "holding (" + r.text("holder_state") + "): " + oneLine(r.text("holder_query"), 200)},
				Mend:     "SELECT pg_terminate_backend(" + r.list("pids")[0] + ");",
			}
		},
	}
}

func connections() Rule {
	return Rule{
		ID: "connections-near-limit", Group: groupServer, Worst: High,
		Says:   "Most of the connections that max_connections allows are taken.",
		Why:    "The next client is refused; and hundreds of sessions slow each other down long before.",
		Mend:   "ALTER SYSTEM SET max_connections = …; -- then restart",
		Judged: "High from high_share.",
		Limits: []Limit{{"min_share", 0.8, "share of max_connections"}, {"high_share", 0.95, "share of max_connections"}},
		Query: `
SELECT count(*) AS taken, count(*) FILTER (WHERE state = 'idle') AS idle, current_setting('max_connections')::int AS allowed
FROM pg_stat_activity WHERE backend_type = 'client backend'
HAVING count(*) >= {min_share} * current_setting('max_connections')::int`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if r.float("taken") >= l["high_share"]*r.float("allowed") {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: "server", Title: fmt.Sprintf("%d of %d connections are taken", r.int("taken"), r.int("allowed")),
				Evidence: []string{"idle: " + report.Count(r.int("idle"))},
				Advice:   "A pooler (pgbouncer) or smaller pools in the applications serve better than a higher max_connections.",
			}
		},
	}
}

func preparedTransactions() Rule {
	return Rule{
		ID: "abandoned-prepared-transaction", Group: groupServer, Worst: High,
		Says:   "A transaction was prepared for two-phase commit long ago, and neither committed nor rolled back.",
		Why:    "It holds its locks and keeps vacuum from removing rows, also across restarts.",
		Mend:   "ROLLBACK PREPARED 'id';",
		Limits: []Limit{{"min_seconds", 3600, "s"}},
		Query: `
SELECT gid AS name, quote_literal(gid) AS quoted, owner AS role, extract(epoch FROM clock_timestamp() - prepared) AS seconds
FROM pg_prepared_xacts
WHERE database = current_database() AND extract(epoch FROM clock_timestamp() - prepared) >= {min_seconds}
ORDER BY prepared`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: High, Object: r.text("name"),
				Title:    fmt.Sprintf("transaction %s has been prepared for %s", r.text("name"), Span(time.Duration(r.float("seconds")*float64(time.Second)))),
				Evidence: []string{"role: " + r.text("role")},
				Mend:     "ROLLBACK PREPARED " + r.text("quoted") + ";",
				Advice:   "Ask its transaction manager first: the other side may have committed.",
			}
		},
	}
}

func inactiveSlot() Rule {
	return Rule{
		ID: "inactive-replication-slot", Group: groupServer, Worst: High,
		Says:   "A replication slot that nobody reads holds back WAL.",
		Why:    "The server keeps every byte of WAL for it until the disk is full; a logical slot keeps vacuum from the catalogs too.",
		Mend:   "SELECT pg_drop_replication_slot('name');",
		Judged: "High from high_bytes.",
		Limits: []Limit{{"min_bytes", 64 << 20, "bytes of WAL"}, {"high_bytes", 5 << 30, "bytes of WAL"}},
		Query: `
SELECT slot_name AS name, quote_literal(slot_name) AS quoted, slot_type AS type, pg_wal_lsn_diff(at, restart_lsn) AS bytes
FROM pg_replication_slots, (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS at) w
WHERE NOT active AND restart_lsn IS NOT NULL AND NOT temporary AND pg_wal_lsn_diff(at, restart_lsn) >= {min_bytes}
ORDER BY 4 DESC, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Medium
			if r.float("bytes") >= l["high_bytes"] {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: r.text("name"), Title: "nobody reads replication slot " + r.text("name"),
				Evidence: []string{r.text("type") + " slot, WAL kept for it: " + size(r.int("bytes"))},
				Mend:     "SELECT pg_drop_replication_slot(" + r.text("quoted") + ");",
				Advice:   "If its reader comes back, let it; max_slot_wal_keep_size bounds what a slot may hold.",
			}
		},
	}
}

func archiving() Rule {
	return Rule{
		ID: "archiving-fails", Group: groupServer, Worst: High,
		Says: "The last attempt to archive WAL failed.",
		Why:  "Backups cannot be restored past that point, and WAL piles up on the disk.",
		Mend: "-- see archive_command and the server's log",
		Query: `
SELECT last_failed_wal AS wal, last_failed_time::timestamptz(0)::text AS failed, coalesce(last_archived_time::timestamptz(0)::text, 'never') AS archived, failed_count AS n
FROM pg_stat_archiver
WHERE current_setting('archive_mode') <> 'off' AND last_failed_time IS NOT NULL AND last_failed_time > coalesce(last_archived_time, '-infinity')`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: High, Object: "server", Title: "WAL is not archived: " + r.text("wal") + " failed",
				Evidence: []string{"failed: " + r.text("failed") + ", " + report.Plural(r.int("n"), "failure", "failures") + ", last success: " + r.text("archived")},
				Advice:   "The server's log has what archive_command (or archive_library) said.",
			}
		},
	}
}

func settingsOff() Rule {
	return Rule{
		ID: "unsafe-setting", Group: groupServer, Worst: High,
		Says:   "A setting of the server gives up safety: fsync, full_page_writes, or indexes and statistics that the planner ignores.",
		Why:    "Without fsync or full_page_writes a crash can ruin the database; with enable_indexscan and its like off, plans are slow everywhere.",
		Mend:   "ALTER SYSTEM RESET setting;",
		Judged: "High for fsync and full_page_writes, medium for the planner's switches. What stands on the server's command line is meant: that is how test servers are started.",
		Query: `
SELECT name, setting, source FROM pg_settings
WHERE setting = 'off' AND source <> 'command line' AND (name IN ('fsync', 'full_page_writes')
   OR name IN ('enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_nestloop', 'enable_sort', 'enable_hashagg')
      AND source NOT IN ('session', 'client'))
ORDER BY 1`,
		find: func(r Row, _ limits) *Finding {
			severity := Medium
			if !strings.HasPrefix(r.text("name"), "enable_") {
				severity = High
			}
			return &Finding{
				Severity: severity, Object: r.text("name"), Title: r.text("name") + " is off",
				Evidence: []string{"set in: " + r.text("source")}, Mend: "ALTER SYSTEM RESET " + r.text("name") + ";\nSELECT pg_reload_conf();",
			}
		},
	}
}

func checkpoints() Rule {
	return Rule{
		ID: "checkpoints-too-often", Group: groupServer, Worst: Low, Age: 24 * time.Hour,
		Says:   "Most checkpoints come because max_wal_size is reached, before their time.",
		Why:    "After each checkpoint every page is written to WAL in full at its first change: writes grow, and latency jumps.",
		Mend:   "ALTER SYSTEM SET max_wal_size = '…'; SELECT pg_reload_conf();",
		Limits: []Limit{{"min_checkpoints", 50, "checkpoints"}, {"min_share", 0.5, "share that was requested"}},
		Query: `
SELECT *, current_setting('max_wal_size') AS size, (SELECT 2 * setting::bigint FROM pg_settings WHERE name = 'max_wal_size') AS doubled
FROM ({checkpoints}) c
WHERE requested >= {min_checkpoints} AND requested >= {min_share} * (requested + timed)`,
		Versions: map[string]Version{"checkpoints": {17, "SELECT num_timed AS timed, num_requested AS requested FROM pg_stat_checkpointer",
			"SELECT checkpoints_timed AS timed, checkpoints_req AS requested FROM pg_stat_bgwriter"}},
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: "server", Title: report.Percent(r.float("requested"), r.float("requested")+r.float("timed")) + " of the checkpoints came before their time",
				Evidence: []string{fmt.Sprintf("requested: %s, timed: %s, max_wal_size: %s", report.Count(r.int("requested")), report.Count(r.int("timed")), r.text("size"))},
				Mend:     "ALTER SYSTEM SET max_wal_size = '" + r.text("doubled") + "MB';\nSELECT pg_reload_conf();",
			}
		},
	}
}

func extensionUpdate() Rule {
	return Rule{
		ID: "extension-outdated", Group: groupServer, Worst: Low,
		Says: "An extension is older than the version that the server has.",
		Why:  "Its corrections are installed on the server and not in the database; pg_upgrade does not bring them.",
		Mend: "ALTER EXTENSION name UPDATE;",
		Query: `
SELECT e.extname AS name, quote_ident(e.extname) AS quoted, e.extversion AS version, a.default_version AS newest
FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname
WHERE e.extversion <> a.default_version
ORDER BY 1`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("name"), Title: fmt.Sprintf("extension %s is %s, the server has %s", r.text("name"), r.text("version"), r.text("newest")),
				Mend: "ALTER EXTENSION " + r.text("quoted") + " UPDATE;",
			}
		},
	}
}

func collationVersion() Rule {
	return Rule{
		ID: "collation-version", Group: groupServer, Worst: High,
		Says:   "The operating system sorts otherwise than when the database or a collation was made.",
		Why:    "Indexes on text are in an order that is no longer the order: queries miss rows, and unique indexes take duplicates.",
		Mend:   "REINDEX DATABASE name; ALTER DATABASE name REFRESH COLLATION VERSION;",
		Judged: "Of the database only from PostgreSQL 15 on, which remembers the version.",
		Query: `
SELECT 'collation ' || format('%I.%I', n.nspname, c.collname) AS name, c.collversion AS made, pg_collation_actual_version(c.oid) AS now,
       format('-- REINDEX what uses it, then:' || chr(10) || 'ALTER COLLATION %I.%I REFRESH VERSION;', n.nspname, c.collname) AS mend
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.collversion IS NOT NULL AND c.collversion IS DISTINCT FROM pg_collation_actual_version(c.oid)
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attcollation = c.oid AND a.attrelid >= 16384)
UNION ALL
SELECT 'database ' || quote_ident(d.datname), to_jsonb(d)->>'datcollversion', {database_collation},
       format('REINDEX DATABASE %I;' || chr(10) || 'ALTER DATABASE %1$I REFRESH COLLATION VERSION;', d.datname)
FROM pg_database d
WHERE d.datname = current_database() AND to_jsonb(d)->>'datcollversion' <> {database_collation}
ORDER BY 1`,
		Versions: map[string]Version{"database_collation": {15, "pg_database_collation_actual_version(d.oid)", "NULL"}},
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: High, Object: r.text("name"), Title: "text in " + r.text("name") + " may be sorted otherwise than its indexes are",
				Evidence: []string{"version when made: " + r.text("made") + ", now: " + r.text("now")}, Mend: r.text("mend"),
			}
		},
	}
}

func checksumFailures() Rule {
	return Rule{
		ID: "checksum-failures", Group: groupServer, Worst: High, Counts: true,
		Says: "Pages of the database failed their checksum.",
		Why:  "The disk or the memory has changed what PostgreSQL wrote.",
		Mend: "-- take a new backup beside the old ones, and look at the hardware",
		Query: `
SELECT datname AS name, checksum_failures AS n, checksum_last_failure::timestamptz(0)::text AS last
FROM pg_stat_database WHERE coalesce(datname, current_database()) = current_database() AND checksum_failures > 0`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: High, Object: "server", Title: report.Plural(r.int("n"), "page", "pages") + " failed the checksum",
				Evidence: []string{"last time: " + r.text("last")},
				Advice:   "Keep the old backups, take a new one beside them, and look at the hardware before anything else.",
			}
		},
	}
}
