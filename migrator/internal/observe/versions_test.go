package observe

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// healthy is a small shop that no rule has anything to say about.
const healthy = `
CREATE TYPE state AS ENUM ('open', 'paid');
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, born date);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, state state NOT NULL, note text, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX orders_customer ON orders (customer_id, at DESC);
CREATE INDEX orders_open ON orders (at) WHERE state = 'open';
CREATE TABLE lines (order_id bigint REFERENCES orders, line int, price numeric(12, 2) NOT NULL CHECK (price >= 0), PRIMARY KEY (order_id, line)) PARTITION BY HASH (order_id);
CREATE TABLE lines_0 PARTITION OF lines FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE lines_1 PARTITION OF lines FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE VIEW open_orders AS SELECT * FROM orders WHERE state = 'open';
CREATE MATERIALIZED VIEW by_customer AS SELECT customer_id, count(*) FROM orders GROUP BY 1;
INSERT INTO customers (email) SELECT 'c' || i || '@example.com' FROM generate_series(1, 3000) i;
INSERT INTO orders (customer_id, state) SELECT i % 3000 + 1, CASE WHEN i % 10 = 0 THEN 'open' ELSE 'paid' END::state FROM generate_series(1, 12000) i;
INSERT INTO lines SELECT i, l, l FROM generate_series(1, 12000) i, generate_series(1, 2) l;
VACUUM ANALYZE;
SET enable_seqscan = off;
SELECT * FROM orders WHERE customer_id = 7;
SELECT * FROM orders WHERE state = 'open' ORDER BY at LIMIT 1;
`

// Every rule's query runs on every version, and a healthy database has no
// finding, also for a role that has pg_monitor only.
func TestVersions(t *testing.T) {
	modes := []string{scratch.Local}
	for v := 13; v <= 18; v++ {
		modes = append(modes, fmt.Sprintf("%s:%d", scratch.Embedded, v))
	}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			s, err := scratch.Open(t.Context(), scratch.Options{Mode: mode, Listen: true, Trusted: true, Log: os.Stderr})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			db, err := s.Database(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			conn, err := pgdb.Open(t.Context(), db.Target)
			if err != nil {
				t.Fatal(err)
			}
			execute(t, conn, healthy)
			execute(t, conn, "CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor; GRANT CONNECT ON DATABASE "+pgdb.QuoteIdent(db.Target.Database())+" TO monitor;")
			conn.Close()
			settle(t, db)
			seen := read(t, db)
			if seen.Tables != 3 || seen.Rows != 39000 || seen.Bytes == 0 || len(seen.Largest) == 0 {
				t.Errorf("%+v", seen)
			}
			for _, u := range judge(t, seen, true).Unjudged {
				t.Errorf("%s was not judged: %s", u.Rule, u.Reason)
			}
			role, err := pgdb.Open(t.Context(), db.Target.As("monitor"))
			if err != nil {
				t.Fatal(err)
			}
			defer role.Close()
			seen = read(t, role)
			if seen.UnreadableTables != 6 || seen.UnreadableSequences != 2 || seen.Rows != 39000 {
				t.Errorf("%d tables and %d sequences are unreadable, rows %d", seen.UnreadableTables, seen.UnreadableSequences, seen.Rows)
			}
			judge(t, seen, true)
		})
	}
}

func read(t *testing.T, db *pgdb.DB) *analyze.Observation {
	t.Helper()
	seen, err := Read(t.Context(), db, analyze.Rules(), Options{Age: 30 * 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	for rule, reason := range seen.Failed {
		t.Errorf("%s: %s", rule, reason)
	}
	return seen
}

// judge judges by the rules that are no matter of taste, as if the statistics
// were a month old.
func judge(t *testing.T, seen *analyze.Observation, clean bool) *analyze.Judgement {
	t.Helper()
	var rules []analyze.Rule
	for _, r := range analyze.Rules() {
		if !r.OptIn {
			rules = append(rules, r)
		}
	}
	j := analyze.Judge(rules, seen, &workload.Workload{Statements: []*workload.Statement{{ID: "1", SQL: "SELECT 1", Calls: 1, Plans: 1}}}, 30*24*3600e9)
	for _, f := range j.Findings {
		if clean {
			t.Errorf("%s: %s %v", f.Rule, f.Title, f.Evidence)
		}
	}
	return j
}
