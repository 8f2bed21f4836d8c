package observe

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Options say how to read.
type Options struct {
	Timeout time.Duration // of each query; 0 is 30 s
	// Age is how long the server has counted, where the caller knows better; 0 is
	// what it says itself. Rules that need more are not asked.
	Age time.Duration
	// Asking is called before each rule's query. It may be nil.
	Asking func(rule string)
}

// Read asks the rules' queries and what the report tells of the database. An
// error of a rule's query stands in the observation, and the others go on.
func Read(ctx context.Context, db *pgdb.DB, rules []analyze.Rule, o Options) (*analyze.Observation, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("open a snapshot: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // a reader has nothing to commit
	r := &reader{ctx: ctx, tx: tx}
	if err := r.guard(db.Major(), o); err != nil {
		return nil, err
	}
	seen, err := r.overview()
	if err != nil {
		return nil, fmt.Errorf("read the size of the database: %w", err)
	}
	seen.Major = db.Major()
	seen.Found, seen.Failed = map[string][]analyze.Row{}, map[string]string{}
	for i := range rules {
		rule := &rules[i]
		if rule.Query == "" || seen.Age(o.Age) < rule.Age {
			continue
		}
		if o.Asking != nil {
			o.Asking(rule.ID)
		}
		rows, err := r.rows(rule.SQL(db.Major()))
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case pgdb.Gone(err):
			return nil, fmt.Errorf("read rule %s: %w", rule.ID, err)
		case err != nil:
			seen.Failed[rule.ID] = failure(err)
		default:
			seen.Found[rule.ID] = rows
		}
	}
	return seen, nil
}

type reader struct {
	ctx context.Context
	tx  *sql.Tx
}

// guard bounds what the session may cost others. Of catalogs the planner has few
// statistics: of 10,000 tables it expects four, and would compare each with each.
func (r *reader) guard(major int, o Options) error {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	settings := fmt.Sprintf(`SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = '2s'; SET LOCAL search_path = pg_catalog; SET LOCAL jit = off; SET LOCAL enable_nestloop = off`, o.Timeout.Milliseconds())
	if major >= 15 {
		settings += "; SET LOCAL stats_fetch_consistency = snapshot"
	}
	if _, err := r.tx.ExecContext(r.ctx, settings); err != nil {
		return fmt.Errorf("set up the session: %w", err)
	}
	return nil
}

// rows asks a query in a subtransaction, so that its failure ends no other.
func (r *reader) rows(query string) (found []analyze.Row, err error) {
	if _, err := r.tx.ExecContext(r.ctx, "SAVEPOINT rule"); err != nil {
		return nil, err
	}
	defer func() {
		end := "RELEASE SAVEPOINT rule"
		if err != nil {
			end = "ROLLBACK TO SAVEPOINT rule"
		}
		if _, failed := r.tx.ExecContext(r.ctx, end); err == nil {
			err = failed
		}
	}()
	rows, err := r.tx.QueryContext(r.ctx, "SELECT "+workload.Tag+" row_to_json(q)::text FROM (\n"+query+"\n) q")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		row, err := analyze.ParseRow(text)
		if err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// failure says why a query gave nothing.
func failure(err error) string {
	e := pgdb.AsError(err)
	switch {
	case e == nil:
		return err.Error()
	case e.Code == pgdb.QueryCanceled:
		return "its query took too long"
	case e.Code == pgdb.LockNotAvailable:
		return "somebody holds a lock on what it reads"
	case e.Code == pgdb.InsufficientRights:
		return e.Message + ": the role lacks pg_monitor"
	}
	return e.Error()
}

// overview is what the report begins with.
func (r *reader) overview() (*analyze.Observation, error) {
	var text []byte
	if err := r.tx.QueryRowContext(r.ctx, overview).Scan(&text); err != nil {
		return nil, err
	}
	var o struct {
		At, Since           *time.Time
		Database, Server    string
		Exact, Replica      bool
		Tables, Rows, Bytes int64
		Unselectable        int64
		Unreadable          int64
		Replicas            int64
		Largest             []struct {
			Name                                     string
			Rows, Bytes, Sequential, Index, DeadRows int64
		}
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, err
	}
	seen := &analyze.Observation{
		At: *o.At, Database: o.Database, Server: o.Server, Replica: o.Replica, Tables: o.Tables, Rows: o.Rows, Bytes: o.Bytes,
		Exact: o.Exact, UnreadableTables: o.Unselectable, UnreadableSequences: o.Unreadable, Replicas: o.Replicas,
	}
	if o.Since != nil {
		seen.Since = *o.Since
	}
	for _, t := range o.Largest {
		seen.Largest = append(seen.Largest, analyze.Table{Name: t.Name, Rows: t.Rows, Bytes: t.Bytes, SequentialScans: t.Sequential, IndexScans: t.Index, DeadRows: t.DeadRows})
	}
	return seen, nil
}

// overview asks for sizes by the pages that vacuum and analyze counted: asking
// the files would lock every table. It asks the functions beneath the statistics
// views, whose joins take seconds where there are 10,000 tables.
const overview = `
WITH ours AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relispartition, c.reltoastrelid, c.relpages, c.reltuples, n.nspname, c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind IN ('r', 'p', 'm', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
), indexes AS (
  SELECT x.indrelid, sum(i.relpages) AS pages FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid GROUP BY 1
), counted AS MATERIALIZED (
  SELECT o.*, CASE WHEN o.reltuples > 0 THEN o.reltuples::bigint ELSE coalesce(pg_stat_get_live_tuples(o.oid), 0) END AS rows,
         (o.relpages + coalesce(i.pages, 0) + coalesce(t.relpages, 0) + coalesce(ti.pages, 0)) * current_setting('block_size')::bigint AS bytes
  FROM ours o
  LEFT JOIN indexes i ON i.indrelid = o.oid
  LEFT JOIN pg_class t ON t.oid = o.reltoastrelid AND o.reltoastrelid <> 0
  LEFT JOIN indexes ti ON ti.indrelid = o.reltoastrelid AND o.reltoastrelid <> 0
  WHERE o.relkind IN ('r', 'm')
), own AS (SELECT * FROM pg_stat_database WHERE datname = current_database())
SELECT ` + workload.Tag + ` json_build_object(
  'At', clock_timestamp(), 'Database', current_database(), 'Server', split_part(current_setting('server_version'), ' ', 1), 'Replica', pg_is_in_recovery(),
  'Tables', (SELECT count(*) FROM ours WHERE relkind IN ('r', 'p') AND NOT relispartition),
  'Rows', (SELECT coalesce(sum(rows), 0) FROM counted WHERE relkind = 'r'),
  'Bytes', (SELECT coalesce(sum(bytes), 0) FROM counted),
  'Exact', (SELECT stats_reset IS NOT NULL FROM own),
  'Since', coalesce((SELECT stats_reset FROM own),
     (SELECT least(min(pg_stat_get_last_vacuum_time(oid)), min(pg_stat_get_last_autovacuum_time(oid)), min(pg_stat_get_last_analyze_time(oid)), min(pg_stat_get_last_autoanalyze_time(oid)))
      FROM pg_class WHERE relkind IN ('r', 't', 'm'))),
  'Unselectable', (SELECT count(*) FROM ours WHERE CASE relkind WHEN 'S' THEN false ELSE NOT has_any_column_privilege(oid, 'SELECT') END),
  'Unreadable', (SELECT count(*) FROM ours WHERE CASE relkind WHEN 'S' THEN NOT has_sequence_privilege(oid, 'SELECT, USAGE') END),
  'Replicas', (SELECT count(*) FROM pg_stat_replication),
  'Largest', (SELECT coalesce(json_agg(t), '[]') FROM (
     SELECT l.name AS "Name", l.rows AS "Rows", l.bytes AS "Bytes", coalesce(pg_stat_get_numscans(l.oid), 0) AS "Sequential",
            (SELECT coalesce(sum(pg_stat_get_numscans(x.indexrelid)), 0)::bigint FROM pg_index x WHERE x.indrelid = l.oid) AS "Index", coalesce(pg_stat_get_dead_tuples(l.oid), 0) AS "DeadRows"
     FROM (SELECT oid, format('%I.%I', nspname, relname) AS name, rows, bytes FROM counted WHERE bytes > 0 ORDER BY bytes DESC, 2 LIMIT 10) l) t))::text`
