package cases

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// TestNothingLapsesUnderTraffic runs migrations, and their rollbacks, while a
// client tries all the time what a constraint forbids before and after, and
// another reads: what is forbidden must be refused each time.
func TestNothingLapsesUnderTraffic(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	const rows = "INSERT INTO t SELECT g, g, g FROM generate_series(1, 2000) g;"
	const child = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE TABLE k (id int, n int, CONSTRAINT k_fk FOREIGN KEY (id) REFERENCES t (id)%s);"
	for _, test := range []struct{ name, old, now, forbidden string }{
		{"unique index gets a column", "CREATE TABLE t (id int, a int, b int); CREATE UNIQUE INDEX u ON t (a);",
			"CREATE TABLE t (id int, a int, b int); CREATE UNIQUE INDEX u ON t (a) INCLUDE (b);", "INSERT INTO t (id, a) VALUES (0, 5)"},
		{"unique constraint gets a column", "CREATE TABLE t (id int, a int, b int, CONSTRAINT u UNIQUE (a));",
			"CREATE TABLE t (id int, a int, b int, CONSTRAINT u UNIQUE (a) INCLUDE (b));", "INSERT INTO t (id, a) VALUES (0, 5)"},
		{"primary key gets a column", "CREATE TABLE t (id int, a int, b int, CONSTRAINT p PRIMARY KEY (id));",
			"CREATE TABLE t (id int, a int, b int, CONSTRAINT p PRIMARY KEY (id) INCLUDE (b));", "INSERT INTO t (id, a) VALUES (5, 0)"},
		{"unique index becomes a constraint", "CREATE TABLE t (id int, a int, b int); CREATE UNIQUE INDEX u ON t (a);",
			"CREATE TABLE t (id int, a int, b int, CONSTRAINT u UNIQUE (a));", "INSERT INTO t (id, a) VALUES (0, 5)"},
		{"foreign key gets an action", fmt.Sprintf(child, ""), fmt.Sprintf(child, " ON DELETE CASCADE"), "INSERT INTO k VALUES (0, 0)"},
		{"key beneath a foreign key changes", "CREATE TABLE t (id int, a int, b int, CONSTRAINT p PRIMARY KEY (id)); CREATE TABLE k (id int REFERENCES t (id));",
			"CREATE TABLE t (id int, a int, b int, CONSTRAINT p PRIMARY KEY (id) INCLUDE (a)); CREATE TABLE k (id int REFERENCES t (id));", "INSERT INTO k VALUES (0)"},
		{"check changes", "CREATE TABLE t (id int, a int, b int, CONSTRAINT c CHECK (a < 10000));",
			"CREATE TABLE t (id int, a int, b int, CONSTRAINT c CHECK (a < 20000));", "INSERT INTO t (id, a) VALUES (0, 30000)"},
		{"column becomes NOT NULL and another check comes", "CREATE TABLE t (id int, a int, b int, CONSTRAINT c CHECK (a < 10000));",
			"CREATE TABLE t (id int NOT NULL, a int, b int, CONSTRAINT c CHECK (a < 10000), CONSTRAINT d CHECK (b > 0));", "INSERT INTO t (id, a) VALUES (0, 30000)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := t.Context()
			db, err := server.Database(ctx, test.old+rows)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Release(context.WithoutCancel(ctx))
			wanted, err := server.Database(ctx, test.now)
			if err != nil {
				t.Fatal(err)
			}
			defer wanted.Release(context.WithoutCancel(ctx))
			from, err := catalog.Read(ctx, db.DB.DB, catalog.Options{})
			if err != nil {
				t.Fatal(err)
			}
			to, err := catalog.Read(ctx, wanted.DB.DB, catalog.Options{})
			if err != nil {
				t.Fatal(err)
			}
			stop, done := context.WithCancel(ctx)
			refused := make(chan string, 2)
			busy := make(chan struct{}) // closed once the first try was refused
			go func() { refused <- keepTrying(stop, db.DB, test.forbidden, busy) }()
			go func() { refused <- keepReading(stop, db.DB) }()
			select {
			case <-busy:
			case wrong := <-refused:
				t.Fatal(wrong)
			case <-time.After(time.Minute):
				t.Fatal("the writer does not begin")
			}
			for _, way := range [][2]*catalog.Catalog{{from, to}, {to, from}} {
				p, err := plan.Migrate(way[0], way[1], plan.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if err := db.Run(ctx, migfile.SQL(migfile.Header{Title: test.name}, p)); err != nil {
					t.Error(err)
				}
			}
			done()
			for range 2 {
				if wrong := <-refused; wrong != "" {
					t.Error(wrong)
				}
			}
		})
	}
}

// keepTrying runs what must be refused until it is stopped; it says what went
// wrong. It closes busy after the first try.
func keepTrying(ctx context.Context, db *pgdb.DB, forbidden string, busy chan<- struct{}) string {
	conn, err := pgdb.Open(context.WithoutCancel(ctx), db.Target)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	for tries := 0; ctx.Err() == nil; tries++ {
		if tries == 1 {
			close(busy)
		}
		_, err := conn.ExecContext(context.WithoutCancel(ctx), forbidden)
		switch code := pgdb.Code(err); {
		case err == nil:
			return fmt.Sprintf("a constraint lapsed: %s went through after %d tries", forbidden, tries)
		case code != "23505" && code != "23503" && code != "23514":
			return fmt.Sprintf("%s: %v", forbidden, err)
		}
	}
	return ""
}

// keepReading reads until it is stopped.
func keepReading(ctx context.Context, db *pgdb.DB) string {
	conn, err := pgdb.Open(context.WithoutCancel(ctx), db.Target)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	for ctx.Err() == nil {
		var n int
		if err := conn.QueryRowContext(context.WithoutCancel(ctx), "SELECT count(*) FROM t").Scan(&n); err != nil || n != 2000 {
			return fmt.Sprintf("a reader saw %d rows: %v", n, err)
		}
	}
	return ""
}
