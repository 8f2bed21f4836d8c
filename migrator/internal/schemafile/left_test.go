package schemafile

import "testing"

func TestAimOf(t *testing.T) {
	for sql, want := range map[string]Left{
		`CREATE TABLE IF NOT EXISTS a.b (x int)`:                               {What: "relation", Word: "table", Schema: "a", Name: "b"},
		`create unlogged table "A b" (x int)`:                                  {What: "relation", Word: "table", Name: "A b"},
		`CREATE OR REPLACE VIEW v AS SELECT 1`:                                 {What: "relation", Word: "view", Name: "v"},
		`CREATE MATERIALIZED VIEW s.v AS SELECT 1`:                             {What: "relation", Word: "view", Schema: "s", Name: "v"},
		`CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t (a)`:                   {What: "index", Word: "index", Schema: "s", Name: "i"},
		`CREATE INDEX ON t (a)`:                                                {What: "index", Word: "index"},
		`CREATE FUNCTION s."F"(a x) RETURNS int`:                               {What: "routine", Word: "function", Schema: "s", Name: "F"},
		`CREATE CONSTRAINT TRIGGER g AFTER INSERT ON s.t`:                      {What: "part", Word: "trigger", Schema: "s", Name: "t", Sub: "g"},
		`CREATE POLICY p ON t USING (true)`:                                    {What: "part", Word: "policy", Name: "t", Sub: "p"},
		`ALTER TABLE ONLY s.t ADD CONSTRAINT "k" FOREIGN KEY (a) REFERENCES b`: {What: "constraint", Word: "table", Schema: "s", Name: "t", Sub: "k"},
		`ALTER TABLE IF EXISTS t ADD COLUMN a x`:                               {What: "relation", Word: "table", Name: "t"},
		`ALTER TABLE t ADD CONSTRAINT c CHECK (f(a))`:                          {What: "relation", Word: "table", Name: "t"},
		`CREATE DOMAIN d AS x`:                                                 {What: "type", Word: "domain", Name: "d"},
		`GRANT SELECT ON t TO r`:                                               {},
	} {
		if got, ok := aimOf(sql); !ok || got != want {
			t.Errorf("%s: %+v, %v", sql, got, ok)
		}
	}
	for _, sql := range []string{"INSERT INTO t VALUES (1)", "DO $$ $$", "SELECT f()", "CREATE EXTENSION x", "ALTER DEFAULT PRIVILEGES", "CREATE", "ALTER TABLE"} {
		if got, ok := aimOf(sql); ok {
			t.Errorf("%s: %+v", sql, got)
		}
	}
}
