package schemagen

import (
	"fmt"
	"strings"
)

// feature is something less common, in one of four forms, beside or upon two of the
// tables. All that it makes has names of its own, which begin with x.
type feature struct {
	kind, choice int
	table, other int
}

func (f feature) key() string { return featureForms[f.kind].name }

func (r *source) feature(i int) feature {
	return feature{kind: i, choice: r.IntN(4), table: r.IntN(6), other: r.IntN(6)}
}

// varyFeature gives a feature another form.
func (r *source) varyFeature(f feature) feature {
	f.choice = r.IntN(4)
	return f
}

// featureForms are the kinds: each has the text of its forms, with T and O in place
// of the two tables. A kind that is on does not depend on others.
var featureForms = []struct {
	name string
	on   bool // it needs the tables
	sql  [4]string
}{
	{"computed", true, [4]string{
		"ALTER TABLE T ADD x_sum numeric GENERATED ALWAYS AS (id * 2) STORED;",
		"ALTER TABLE T ADD x_sum numeric GENERATED ALWAYS AS (id * 3) STORED, ADD x_said text GENERATED ALWAYS AS ('k' || id::text) STORED; CREATE INDEX x_said_i ON T (x_said);",
		"ALTER TABLE T ADD x_sum bigint GENERATED ALWAYS AS (id * 2) STORED;",
		"ALTER TABLE T ADD x_sum numeric DEFAULT 2, ADD x_said text;",
	}},
	{"words", true, [4]string{
		`ALTER TABLE T ADD "order" int DEFAULT 1, ADD "se""lect" text; CREATE INDEX "x_Order" ON T ("order", "se""lect");`,
		`ALTER TABLE T ADD "order" bigint DEFAULT 1, ADD "se""lect" text CHECK ("se""lect" <> 'it''s'); CREATE INDEX "x_Order" ON T ("se""lect");`,
		`ALTER TABLE T ADD "order" int NOT NULL DEFAULT 2, ADD "Ünï \ode" boolean; COMMENT ON COLUMN T."Ünï \ode" IS E'a\\b\nc';`,
		`ALTER TABLE T ADD "order" text COLLATE "C", ADD "se""lect" varchar(9) DEFAULT E'\\';`,
	}},
	{"access", true, [4]string{
		"ALTER TABLE T ADD x_j jsonb DEFAULT '{}', ADD x_a int[]; CREATE INDEX x_gin ON T USING gin (x_j jsonb_path_ops); CREATE INDEX x_any ON T USING gin (x_a) WITH (fastupdate=off);",
		"ALTER TABLE T ADD x_j jsonb, ADD x_a int[]; CREATE INDEX x_gin ON T USING gin (x_j); CREATE INDEX x_any ON T USING hash (id);",
		"ALTER TABLE T ADD x_j json, ADD x_a text[]; CREATE INDEX x_gin ON T ((x_j ->> 'a') text_pattern_ops, id DESC); CREATE INDEX x_any ON T USING brin (id) WITH (pages_per_range=16);",
		"ALTER TABLE T ADD x_j text, ADD x_a int4range; CREATE INDEX x_gin ON T (x_j COLLATE \"C\" text_pattern_ops, lower(x_j)) INCLUDE (x_a) WHERE x_j > 'a'; CREATE INDEX x_any ON T USING gist (x_a);",
	}},
	{"pair", true, [4]string{
		"ALTER TABLE T ADD x_p int, ADD CONSTRAINT x_pair UNIQUE (id, x_p); ALTER TABLE O ADD x_q bigint, ADD x_r int, ADD CONSTRAINT x_to FOREIGN KEY (x_q, x_r) REFERENCES T (id, x_p) MATCH FULL;",
		"ALTER TABLE T ADD x_p int, ADD CONSTRAINT x_pair UNIQUE (x_p, id); ALTER TABLE O ADD x_q bigint, ADD x_r int, ADD CONSTRAINT x_to FOREIGN KEY (x_r, x_q) REFERENCES T (x_p, id) ON DELETE SET NULL (x_r) DEFERRABLE;",
		"ALTER TABLE T ADD x_p bigint; CREATE UNIQUE INDEX x_pair ON T (id, x_p); ALTER TABLE O ADD x_q bigint, ADD x_r bigint, ADD CONSTRAINT x_to FOREIGN KEY (x_q, x_r) REFERENCES T (id, x_p) ON UPDATE CASCADE;",
		"ALTER TABLE T ADD x_p int; ALTER TABLE O ADD x_q bigint, ADD CONSTRAINT x_to FOREIGN KEY (x_q) REFERENCES T;",
	}},
	{"itself", true, [4]string{
		"ALTER TABLE T ADD x_up bigint, ADD CONSTRAINT x_tree FOREIGN KEY (x_up) REFERENCES T ON DELETE CASCADE;",
		"ALTER TABLE T ADD x_up int, ADD CONSTRAINT x_tree FOREIGN KEY (x_up) REFERENCES T (id) DEFERRABLE INITIALLY DEFERRED;",
		"ALTER TABLE T ADD x_up bigint, ADD CONSTRAINT x_tree CHECK (x_up <> id);",
		"ALTER TABLE T ADD x_up bigint NOT NULL DEFAULT 0;",
	}},
	{"joined", true, [4]string{
		"CREATE VIEW app.x_join AS SELECT a.id, b.id AS other FROM T a JOIN O b USING (id); CREATE VIEW app.x_upon AS SELECT other, count(*) AS n FROM app.x_join GROUP BY other;",
		"CREATE VIEW app.x_join AS SELECT a.id, NULL::int AS other FROM T a UNION ALL SELECT b.id, 2 FROM O b; CREATE VIEW app.x_upon AS SELECT other, count(*) AS n FROM app.x_join GROUP BY other;",
		"CREATE VIEW app.x_join AS WITH c AS (SELECT max(id) AS id FROM T) SELECT c.id, 1 AS other FROM c; CREATE MATERIALIZED VIEW app.x_upon AS SELECT * FROM app.x_join; CREATE UNIQUE INDEX x_upon_i ON app.x_upon (id);",
		"CREATE RECURSIVE VIEW app.x_join (id, other) AS SELECT 1, 2 UNION ALL SELECT id + 1, other FROM x_join WHERE id < 3; CREATE VIEW app.x_upon WITH (check_option=local) AS SELECT id FROM T WHERE id > 0;",
	}},
	{"grouped", true, [4]string{
		"CREATE VIEW x_g AS SELECT t.*, count(o.id) AS n FROM T t LEFT JOIN O o ON o.id = t.id GROUP BY t.id;",
		"CREATE VIEW x_g AS SELECT DISTINCT ON (id) id, row_number() OVER w AS n FROM T WINDOW w AS (ORDER BY id);",
		"CREATE VIEW x_g AS SELECT id, (SELECT count(*) FROM O o WHERE o.id = t.id) AS n FROM T t; ALTER VIEW x_g ALTER COLUMN n SET DEFAULT 4; GRANT SELECT (n) ON x_g TO app_reader;",
		"CREATE VIEW x_g AS SELECT id, 'a'::text AS n, CASE WHEN id > 1 THEN 'x' ELSE 'y' END AS c FROM T; CREATE RULE x_ins AS ON INSERT TO x_g DO INSTEAD INSERT INTO O (id) VALUES (new.id);",
	}},
	{"procedural", true, [4]string{
		"CREATE FUNCTION app.x_f(a int DEFAULT 1, OUT b text, OUT c T) LANGUAGE plpgsql AS $$ BEGIN b := 'x'; END $$; ALTER TABLE T ADD x_fc int DEFAULT length((app.x_f(2)).b);",
		"CREATE FUNCTION app.x_f(a int, b int DEFAULT 3) RETURNS TABLE (c int, d text) LANGUAGE sql ROWS 7 AS 'SELECT 1, ''x''';",
		"CREATE FUNCTION app.x_f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + 1'; CREATE INDEX x_fi ON T (app.x_f(id::int)); ALTER TABLE O ADD x_fc int CHECK (app.x_f(x_fc) > 0);",
		"CREATE FUNCTION app.x_f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + 2; CREATE VIEW x_fv AS SELECT app.x_f(id::int) AS n FROM T; CREATE PROCEDURE app.x_p(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := 1; END';",
	}},
	{"policies", true, [4]string{
		"CREATE POLICY x_pol ON T USING (EXISTS (SELECT FROM O o WHERE o.id = T.id));",
		"CREATE POLICY x_pol ON T FOR UPDATE TO app_reader USING (id > 1) WITH CHECK (id IN (SELECT id FROM O)); ALTER TABLE T FORCE ROW LEVEL SECURITY;",
		"CREATE POLICY x_pol ON T AS RESTRICTIVE FOR SELECT TO CURRENT_USER USING (current_setting('x.y', true) = 'z');",
		"CREATE POLICY x_pol ON O FOR DELETE USING (id = 1 OR id = 2); COMMENT ON POLICY x_pol ON O IS 'p';",
	}},
	{"triggers", true, [4]string{
		"CREATE TRIGGER x_trg AFTER UPDATE ON T FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch();",
		"CREATE CONSTRAINT TRIGGER x_trg AFTER INSERT ON T FROM O DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.touch('a');",
		"CREATE VIEW x_tv AS SELECT id FROM T; CREATE TRIGGER x_trg INSTEAD OF UPDATE ON x_tv FOR EACH ROW EXECUTE FUNCTION app.touch();",
		"CREATE TRIGGER x_trg BEFORE UPDATE OF id ON T FOR EACH ROW WHEN (old.id <> new.id) EXECUTE FUNCTION app.touch(); ALTER TABLE T DISABLE TRIGGER x_trg; COMMENT ON TRIGGER x_trg ON T IS 'g';",
	}},
	{"details", true, [4]string{
		"ALTER TABLE T ALTER id SET (n_distinct = -0.5); COMMENT ON TABLE O IS 'o';",
		"CREATE STATISTICS x_st (ndistinct, mcv) ON id, (id + 1) FROM T; ALTER STATISTICS x_st SET STATISTICS 50;",
		"CREATE STATISTICS x_st (dependencies) ON id, (id % 7) FROM T; COMMENT ON STATISTICS x_st IS 's';",
		"GRANT SELECT (id), UPDATE (id) ON T TO app_writer WITH GRANT OPTION; GRANT TRIGGER, REFERENCES ON O TO PUBLIC;",
	}},
	{"typed", false, [4]string{
		"CREATE TYPE app.x_row AS (a int, b text); CREATE TABLE app.x_of OF app.x_row (PRIMARY KEY (a)); COMMENT ON COLUMN app.x_row.b IS 'b';",
		"CREATE TYPE app.x_row AS (a int, b text, c date); CREATE TABLE app.x_of OF app.x_row (b DEFAULT 'q', PRIMARY KEY (a), CHECK (b <> ''));",
		"CREATE TYPE app.x_row AS (a bigint, b text); CREATE TABLE app.x_of OF app.x_row;",
		"CREATE TYPE app.x_row AS (a int, b text); CREATE TABLE app.x_of (a int PRIMARY KEY, b text, r app.x_row, rs app.x_row[] DEFAULT '{}');",
	}},
	{"inherits", false, [4]string{
		"CREATE TABLE x_up1 (a int NOT NULL, b text CHECK (b <> '')); CREATE TABLE x_up2 (a int, c int DEFAULT 3); CREATE TABLE x_low (d text) INHERITS (x_up1, x_up2);",
		"CREATE TABLE x_up1 (a int, b text DEFAULT 'k'); CREATE TABLE x_up2 (a int, c int); CREATE TABLE x_low (a int DEFAULT 5, d text) INHERITS (x_up2);",
		"CREATE TABLE x_up1 (a bigint, b text, CONSTRAINT own CHECK (a > 0) NO INHERIT); CREATE TABLE x_low (d text, CHECK (d <> 'z')) INHERITS (x_up1); CREATE INDEX x_low_i ON x_low (b);",
		"CREATE TABLE x_up1 (a int, b text); CREATE TABLE x_mid (c int) INHERITS (x_up1); CREATE TABLE x_low (d text) INHERITS (x_mid);",
	}},
	{"parted", false, [4]string{
		"CREATE TABLE x_part (a int NOT NULL, b date, c text, UNIQUE (a, b)) PARTITION BY RANGE (a, b); CREATE TABLE x_part1 PARTITION OF x_part FOR VALUES FROM (1, MINVALUE) TO (5, '2020-01-01'); CREATE INDEX x_part_c ON x_part (c);",
		"CREATE TABLE x_part (a int NOT NULL, b date, c text) PARTITION BY LIST (lower(c)); CREATE TABLE x_part1 PARTITION OF x_part FOR VALUES IN ('a', NULL); CREATE TABLE x_part2 PARTITION OF x_part (a DEFAULT 7) DEFAULT; CREATE INDEX x_part2_i ON x_part2 (b);",
		"CREATE TABLE x_part (a int NOT NULL, b date, c text, PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE TABLE x_part1 (c text, b date, a int NOT NULL); ALTER TABLE x_part ATTACH PARTITION x_part1 FOR VALUES FROM (1) TO (9); ALTER TABLE x_part1 ADD CHECK (b > '2000-01-01');",
		"CREATE TABLE x_part (a int NOT NULL, b date, c text); CREATE TABLE x_part1 (a int NOT NULL, b date, c text); CREATE INDEX x_part_c ON x_part (c);",
	}},
	{"excluded", false, [4]string{
		"CREATE TABLE x_ex (r int4range, a int, CONSTRAINT x_no EXCLUDE USING gist (r WITH &&) WHERE (a > 1));",
		"CREATE TABLE x_ex (r int4range, a int, CONSTRAINT x_no EXCLUDE USING gist (r WITH &&) DEFERRABLE);",
		"CREATE TABLE x_ex (r int8range, a bigint, CONSTRAINT x_no EXCLUDE USING gist (r WITH -|-));",
		"CREATE TABLE x_ex (r int4multirange, a int, b tsrange DEFAULT '(,)', CONSTRAINT x_no UNIQUE NULLS NOT DISTINCT (a));",
	}},
	{"arrays", false, [4]string{
		"CREATE DOMAIN app.x_list AS int[] CHECK (array_length(VALUE, 1) < 9); CREATE TABLE x_arr (id int PRIMARY KEY, l app.x_list, ls app.x_list[]);",
		"CREATE DOMAIN app.x_list AS bigint[] CHECK (array_length(VALUE, 1) < 9); CREATE TABLE x_arr (id int PRIMARY KEY, l app.x_list DEFAULT '{1}', ls jsonb);",
		"CREATE DOMAIN app.x_list AS text COLLATE \"C\" DEFAULT 'd' NOT NULL; CREATE TABLE x_arr (id int PRIMARY KEY, l app.x_list, ls text[]);",
		"CREATE TYPE app.x_list AS ENUM ('1', '2'); CREATE TABLE x_arr (id int PRIMARY KEY, l app.x_list[], ls app.x_list);",
	}},
	{"operators", false, [4]string{
		"CREATE TYPE app.x_c AS (re float8); CREATE FUNCTION app.x_add(app.x_c, app.x_c) RETURNS app.x_c LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1.re + $2.re)::app.x_c'; CREATE OPERATOR app.+ (FUNCTION = app.x_add, LEFTARG = app.x_c, RIGHTARG = app.x_c, COMMUTATOR = OPERATOR(app.+));",
		"CREATE TYPE app.x_c AS (re float8, im float8); CREATE FUNCTION app.x_to(app.x_c) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1.re'; CREATE CAST (app.x_c AS float8) WITH FUNCTION app.x_to(app.x_c) AS ASSIGNMENT;",
		"CREATE TYPE app.x_c AS (re numeric); CREATE FUNCTION app.x_add(app.x_c, app.x_c) RETURNS app.x_c LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE OPERATOR app.+ (FUNCTION = app.x_add, LEFTARG = app.x_c, RIGHTARG = app.x_c); CREATE VIEW x_ov AS SELECT ROW(1)::app.x_c OPERATOR(app.+) ROW(2)::app.x_c AS s;",
		"CREATE AGGREGATE app.x_sum(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0', SORTOP = >, PARALLEL = SAFE);",
	}},
	{"numbers", false, [4]string{
		"CREATE SEQUENCE x_n INCREMENT -1 MAXVALUE 100 MINVALUE -9 CYCLE; CREATE TABLE x_nt (a int DEFAULT nextval('x_n'), b bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY -2 MINVALUE -50 START -3));",
		"CREATE SEQUENCE x_n AS smallint; CREATE TABLE x_nt (a smallint DEFAULT nextval('x_n'), b int GENERATED ALWAYS AS IDENTITY); ALTER SEQUENCE x_n OWNED BY x_nt.a;",
		"CREATE TABLE x_nt (a serial, b bigserial, PRIMARY KEY (b));",
		"CREATE SEQUENCE x_n; CREATE TABLE x_nt (a bigint DEFAULT nextval('x_n') + 1, b smallint GENERATED ALWAYS AS IDENTITY (CACHE 3 MAXVALUE 90)); GRANT USAGE ON SEQUENCE x_n TO app_reader;",
	}},
}

func (s *Schema) renderFeature(b *strings.Builder, f feature) {
	form := featureForms[f.kind]
	sql := form.sql[f.choice]
	if form.on {
		if len(s.tables) == 0 {
			return
		}
		t, o := s.tables[f.table%len(s.tables)], s.tables[f.other%len(s.tables)]
		if t.name == o.name && strings.Contains(sql, "ADD CONSTRAINT x_pair") || t.logless() != o.logless() && strings.Contains(sql, "REFERENCES T") {
			return // a key cannot point from a logged table to an unlogged one
		}
		if t.partition > 0 && strings.Contains(sql, " FROM O ") && strings.Contains(sql, "CONSTRAINT TRIGGER") {
			return
		}
		sql = placed(sql, t.name, o.name)
	}
	fmt.Fprintf(b, "%s\n", sql)
}

// placed puts the names of the tables in place of the words T and O.
func placed(sql, t, o string) string {
	words := strings.FieldsFunc(sql, func(r rune) bool { return !isWord(r) })
	var out strings.Builder
	for _, w := range words {
		before, after, _ := strings.Cut(sql, w)
		out.WriteString(before)
		switch w {
		case "T":
			out.WriteString(t)
		case "O":
			out.WriteString(o)
		default:
			out.WriteString(w)
		}
		sql = after
	}
	return out.String() + sql
}

func isWord(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 127
}
