package analyze

import (
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

const groupUsage = "Use of tables and memory"

func usageRules() []Rule {
	return []Rule{sequentialScans(), databaseCache(), tableCache(), temporaryFiles(), rollbacks(), deadlocks()}
}

func sequentialScans() Rule {
	return Rule{
		ID: "sequential-scans", Group: groupUsage, Worst: Medium, Counts: true,
		Says:   "A large table is read from end to end again and again.",
		Why:    "Each such read takes time in proportion to the table, and drives other pages out of memory. An index is missing, or queries cannot use those that are there.",
		Mend:   "migrator suggest-indexes --connection … --table schema.table",
		Judged: "Medium where most reads of the table are sequential or read high_rows rows in all; else low. Reports that read everything are meant so.",
		Limits: []Limit{{"min_rows", 10000, "rows of the table"}, {"min_scans", 20, "sequential scans"}, {"min_rows_per_scan", 5000, "rows read by one"}, {"high_rows", 1e8, "rows read"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE s.n_live_tup END::bigint AS rows, c.relpages::bigint * {block} AS bytes,
       s.seq_scan AS scans, s.seq_tup_read AS read, coalesce(s.idx_scan, 0) AS index_scans, to_jsonb(s)->>'last_seq_scan' AS last
FROM pg_stat_all_tables s
JOIN pg_class c ON c.oid = s.relid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND s.seq_scan >= {min_scans} AND CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE s.n_live_tup END >= {min_rows} AND s.seq_tup_read >= {min_rows_per_scan} * s.seq_scan
ORDER BY s.seq_tup_read DESC, 1`,
		find: func(r Row, l limits) *Finding {
			severity := Low
			if r.float("scans") >= r.float("index_scans") || r.float("read") >= l["high_rows"] {
				severity = Medium
			}
			f := &Finding{
				Severity: severity, Object: r.text("name"),
				Title: fmt.Sprintf("table %s was read from end to end %s", short(r.text("name")), report.Plural(r.int("scans"), "time", "times")),
				Evidence: []string{
					fmt.Sprintf("rows read: %s, %s each time; index scans: %s", report.Count(r.int("read")), report.Significant(r.float("read")/max(r.float("scans"), 1)), report.Count(r.int("index_scans"))),
					fmt.Sprintf("rows: about %s, size: %s", report.Count(r.int("rows")), size(r.int("bytes"))),
				},
				Advice: "migrator suggest-indexes --table " + r.text("name") + " looks for the index that its queries lack.",
			}
			if last := r.text("last"); last != "" {
				f.Evidence = append(f.Evidence, "last time: "+last)
			}
			return f
		},
	}
}

func databaseCache() Rule {
	return Rule{
		ID: "cache-hit-ratio", Group: groupUsage, Worst: Medium, Counts: true,
		Says:   "Too many blocks of the database were not in shared buffers when they were wanted.",
		Why:    "What is not in memory comes from the operating system or the disk, a hundred times slower.",
		Mend:   "ALTER SYSTEM SET shared_buffers = '…'; -- a quarter of the memory; then restart",
		Judged: "Medium below medium_share. The operating system's cache is not seen from here.",
		Limits: []Limit{{"min_share", 0.95, "share of hits"}, {"medium_share", 0.9, "share of hits"}, {"min_blocks", 10000, "blocks asked for"}, {"min_read", 1000, "blocks read"}},
		Query: `
SELECT datname AS name, blks_hit AS hit, blks_read AS read, current_setting('shared_buffers') AS buffers
FROM pg_stat_database
WHERE datname = current_database() AND blks_hit + blks_read >= {min_blocks} AND blks_read >= {min_read} AND blks_hit < {min_share} * (blks_hit + blks_read)`,
		find: func(r Row, l limits) *Finding {
			severity := Low
			if r.float("hit") < l["medium_share"]*(r.float("hit")+r.float("read")) {
				severity = Medium
			}
			return &Finding{
				Severity: severity, Object: r.text("name"),
				Title:    fmt.Sprintf("%s of the blocks came from shared buffers", report.Percent(r.float("hit"), r.float("hit")+r.float("read"))),
				Evidence: []string{fmt.Sprintf("hits: %s, reads: %s, shared_buffers: %s", report.Count(r.int("hit")), report.Count(r.int("read")), r.text("buffers"))},
				Advice:   "First mend sequential-scans and missing indexes; then give shared_buffers about a quarter of the memory (ALTER SYSTEM SET shared_buffers, and a restart).",
			}
		},
	}
}

func tableCache() Rule {
	return Rule{
		ID: "table-cache-hit-ratio", Group: groupUsage, Worst: Low, Counts: true,
		Says:   "Most blocks of a busy table were not in shared buffers when they were wanted.",
		Why:    "It shows which table the memory is too small for, or which one is read from end to end.",
		Mend:   "migrator suggest-indexes --connection … --table schema.table",
		Limits: []Limit{{"min_share", 0.8, "share of hits"}, {"min_blocks", 10000, "blocks asked for"}},
		Query: `
SELECT format('%I.%I', n.nspname, c.relname) AS name, hit, read
FROM (SELECT relid, coalesce(heap_blks_hit, 0) + coalesce(idx_blks_hit, 0) AS hit, coalesce(heap_blks_read, 0) + coalesce(idx_blks_read, 0) AS read FROM pg_statio_all_tables) s
JOIN pg_class c ON c.oid = s.relid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours} AND hit + read >= {min_blocks} AND hit < {min_share} * (hit + read)
ORDER BY read DESC, 1`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("name"),
				Title:    fmt.Sprintf("%s of the blocks of %s came from shared buffers", report.Percent(r.float("hit"), r.float("hit")+r.float("read")), short(r.text("name"))),
				Evidence: []string{fmt.Sprintf("hits: %s, reads: %s", report.Count(r.int("hit")), report.Count(r.int("read")))},
				Advice:   "Look at sequential-scans for this table first.",
			}
		},
	}
}

func temporaryFiles() Rule {
	return Rule{
		ID: "temporary-files", Group: groupUsage, Worst: Medium, Counts: true,
		Says:   "Sorts and hashes spill to temporary files.",
		Why:    "What does not fit in work_mem is written to disk and read again.",
		Mend:   "ALTER DATABASE name SET work_mem = '…';",
		Judged: "Low below medium_bytes. work_mem counts for each sort and hash of each session: raise it for the role or the query that needs it.",
		Limits: []Limit{{"min_files", 20, "files"}, {"min_bytes", 100 << 20, "bytes"}, {"medium_bytes", 10 << 30, "bytes"}},
		Query: `
SELECT datname AS name, quote_ident(datname) AS quoted, temp_files AS files, temp_bytes AS bytes, current_setting('work_mem') AS memory
FROM pg_stat_database
WHERE datname = current_database() AND temp_files >= {min_files} AND temp_bytes >= {min_bytes}`,
		find: func(r Row, l limits) *Finding {
			severity := Low
			if r.float("bytes") >= l["medium_bytes"] {
				severity = Medium
			}
			return &Finding{
				Severity: severity, Object: r.text("name"), Title: "sorts and hashes wrote " + size(r.int("bytes")) + " of temporary files",
				Evidence: []string{fmt.Sprintf("files: %s, %s each on average, work_mem: %s", report.Count(r.int("files")), size(r.int("bytes")/max(r.int("files"), 1)), r.text("memory"))},
				Advice:   "The slowest queries show which ones; log_temp_files = 0 names them. Raise work_mem for their role, or for all with ALTER DATABASE " + r.text("quoted") + " SET work_mem.",
			}
		},
	}
}

func rollbacks() Rule {
	return Rule{
		ID: "rollbacks", Group: groupUsage, Worst: Low, Age: time.Hour,
		Says:   "Many transactions are rolled back.",
		Why:    "Work is done for nothing, and what it wrote is left behind as dead rows.",
		Mend:   "-- the server's log names the errors",
		Limits: []Limit{{"min_share", 0.1, "share of transactions"}, {"min_rollbacks", 1000, "transactions"}},
		Query: `
SELECT datname AS name, xact_commit AS commits, xact_rollback AS rollbacks
FROM pg_stat_database
WHERE datname = current_database() AND xact_rollback >= {min_rollbacks} AND xact_rollback >= {min_share} * (xact_commit + xact_rollback)`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Low, Object: r.text("name"),
				Title:    report.Percent(r.float("rollbacks"), r.float("commits")+r.float("rollbacks")) + " of the transactions were rolled back",
				Evidence: []string{fmt.Sprintf("rollbacks: %s, commits: %s", report.Count(r.int("rollbacks")), report.Count(r.int("commits")))},
				Advice:   "The server's log names the errors. Some drivers end each read-only transaction with ROLLBACK: then it means nothing.",
			}
		},
	}
}

func deadlocks() Rule {
	return Rule{
		ID: "deadlocks", Group: groupUsage, Worst: Medium, Counts: true,
		Says:   "Transactions waited for each other in a circle, and the server ended some of them.",
		Why:    "Each of them is an error for somebody, after deadlock_timeout of waiting.",
		Mend:   "-- take locks in the same order everywhere; the server's log shows both statements",
		Limits: []Limit{{"min_deadlocks", 5, "deadlocks"}},
		Query: `
SELECT datname AS name, deadlocks AS n FROM pg_stat_database WHERE datname = current_database() AND deadlocks >= {min_deadlocks}`,
		find: func(r Row, _ limits) *Finding {
			return &Finding{
				Severity: Medium, Object: r.text("name"), Title: report.Plural(r.int("n"), "deadlock", "deadlocks") + " since the statistics began",
				Advice: "The server's log shows both statements of each: let them take their locks in the same order, e.g. by sorting the ids of an UPDATE.",
			}
		},
	}
}

// oneLine is a query's text in one line of at most n runes.
func oneLine(query string, n int) string {
	r := []rune(strings.Join(strings.Fields(query), " "))
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return string(r)
}
