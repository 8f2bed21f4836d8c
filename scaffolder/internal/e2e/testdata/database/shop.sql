-- A shop with one of everything that a table can have.
CREATE SCHEMA archive;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE DOMAIN isbn AS text CHECK (VALUE ~ '^[0-9]{10,13}$');
CREATE TYPE address AS (street text, number int, since date, price numeric);

CREATE TABLE authors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(80) NOT NULL UNIQUE,
  born date,
  mood mood,
  home address
);
COMMENT ON TABLE authors IS 'Who writes books';
COMMENT ON COLUMN authors.born IS 'Day of birth';

CREATE TABLE books (
  id serial PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES authors,
  editor_id bigint REFERENCES authors ON DELETE SET NULL,
  title text NOT NULL CHECK (char_length(title) > 0),
  isbn isbn UNIQUE,
  price numeric(10, 2) NOT NULL DEFAULT 0 CHECK (price >= 0),
  pages int CHECK (pages > 0 AND pages < 10000),
  weight float8 CHECK (weight >= 0.5),
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'out')),
  tags text[], moods mood[], homes address[], grid int[][],
  meta jsonb, cover bytea, published tstzrange, spans int4multirange,
  created_at timestamptz NOT NULL DEFAULT now(),
  local timestamp, at time, took interval, day date,
  big int8, exact numeric, small int2, r4 real,
  uid uuid DEFAULT gen_random_uuid(), ip inet, bits bit(3), amount money,
  ok boolean NOT NULL DEFAULT true,
  search tsvector,
  title_upper text GENERATED ALWAYS AS (upper(title)) STORED,
  "limit" int
);
CREATE INDEX ON books (author_id);
CREATE INDEX ON books (price);
CREATE INDEX ON books (status);
CREATE INDEX ON books (pages);
CREATE INDEX ON books (created_at);
CREATE INDEX ON books (day);
CREATE INDEX ON books (weight);
CREATE INDEX ON books ("limit");
CREATE INDEX ON books (title text_pattern_ops);

CREATE TABLE order_items (
  order_id int, product text, qty int NOT NULL CHECK (qty BETWEEN 1 AND 99),
  PRIMARY KEY (product, order_id)
);
CREATE TABLE logs (line text, n int, data json);
CREATE TYPE remark AS (text text, data jsonb);
CREATE TABLE notebooks (id int PRIMARY KEY, data jsonb, plain json, pages jsonb[], remark remark, remarks remark[], weight float8, title text);
CREATE TABLE archive.books (code char(3) PRIMARY KEY, note text);
CREATE TABLE staff (id int PRIMARY KEY, boss_id int REFERENCES staff, name text NOT NULL);
CREATE TABLE bookings (
  room int NOT NULL, during int4range NOT NULL, PRIMARY KEY (room, during),
  EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE parts (id int, day date, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE parts_default PARTITION OF parts DEFAULT;
-- Names that the code has for something else, or that are one in code.
CREATE TYPE "re mark" AS (a int);
CREATE TYPE re_mark AS (b text, c "re mark"[]);
CREATE TYPE "default" AS ("text" text);
CREATE TYPE composite AS (d "default", json jsonb);
CREATE TABLE "insert" (id uuid PRIMARY KEY, a "re mark", b re_mark, c composite);
CREATE TABLE unique_text ("randomUUID()" text PRIMARY KEY, insert_id uuid NOT NULL REFERENCES "insert");
CREATE TABLE counts (count text PRIMARY KEY REFERENCES unique_text, "uniqueNumber()" text NOT NULL UNIQUE);
CREATE TABLE "Odd Table" ("constructor" int PRIMARY KEY, "__proto__" text, "select" text, "a""b" text, "Ünï" int, "x y" int);

CREATE VIEW book_list AS SELECT b.id, b.title, a.name AS author FROM books b JOIN authors a ON a.id = b.author_id;
CREATE MATERIALIZED VIEW stats AS SELECT 1 AS n, 'a' AS letter;

-- Fails as it is told: with the code of a row, until the row has been tried so many times.
CREATE SEQUENCE tries;
CREATE TABLE failing (code text PRIMARY KEY, times int NOT NULL, message text NOT NULL DEFAULT 'no');
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code ~ '^[0-9A-Z]{5}$' AND nextval('tries') <= NEW.times THEN
    RAISE EXCEPTION USING ERRCODE = NEW.code, MESSAGE = NEW.message;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fail BEFORE INSERT ON failing FOR EACH ROW EXECUTE FUNCTION fail();
CREATE VIEW tried AS SELECT last_value AS times, is_called FROM tries;
CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM setval('tries', 1, false); RETURN NULL; END $$;
CREATE TRIGGER again AFTER DELETE ON failing FOR EACH STATEMENT EXECUTE FUNCTION again();

-- How the session of a request is set up.
CREATE VIEW sessions AS SELECT current_setting('statement_timeout') AS statement_timeout, (SELECT count(*) FROM pg_prepared_statements)::int AS prepared;
CREATE VIEW statements AS SELECT name, statement FROM pg_prepared_statements;

-- A view that fails, whatever is asked of it.
CREATE VIEW broken AS SELECT 1 / 0 AS part;

-- A change takes a while, and changes another row, too. pair_tries counts what is tried.
CREATE TABLE pairs (id int PRIMARY KEY, other_id int, n int NOT NULL DEFAULT 0, note text);
CREATE SEQUENCE pair_tries;
CREATE FUNCTION change_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('pair_tries'), pg_sleep(0.5);
  UPDATE pairs SET n = n + 1 WHERE id = NEW.other_id;
  RETURN NULL;
END $$;
CREATE TRIGGER change_other AFTER UPDATE ON pairs FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION change_other();

-- Triggers that keep rows out, or as they are, without a word; and one with words.
CREATE TABLE keepers (id int PRIMARY KEY, note text NOT NULL);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.note = 'raise' THEN RAISE EXCEPTION 'notes must not raise'; END IF;
  IF TG_OP = 'INSERT' AND NEW.note = 'skip' OR TG_OP <> 'INSERT' AND OLD.note = 'locked' THEN RETURN NULL; END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE ON keepers FOR EACH ROW EXECUTE FUNCTION keep();
CREATE FUNCTION readable(note text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF note = 'unreadable' THEN RAISE EXCEPTION '% is secret', note; END IF;
  RETURN note;
END $$;
CREATE VIEW raised AS SELECT id, readable(note) AS note FROM keepers;

CREATE TABLE badges (id int PRIMARY KEY, staff_id int NOT NULL REFERENCES staff ON DELETE RESTRICT);
CREATE TABLE chain (id int PRIMARY KEY, next_id int REFERENCES chain DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE words (word text PRIMARY KEY);
CREATE TABLE needs (id int PRIMARY KEY, "a""b" text NOT NULL DEFAULT NULL);

-- Tables that inherit: one key may stand in two of them. What refers to persons means its own rows.
CREATE TABLE persons (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE pupils (PRIMARY KEY (id), grade int) INHERITS (persons);
CREATE TABLE visits (id int PRIMARY KEY, person_id int NOT NULL REFERENCES persons);

-- Arrays whose elements are not what a cast to text makes of them, and arrays in arrays.
CREATE TYPE basket AS (items address[], grid address[][], ips inet[], code char(3));
CREATE TABLE lists (id int PRIMARY KEY, boxes box[], amounts money[], ips inet[], codes char(3)[], baskets basket[]);
INSERT INTO lists (id, baskets) VALUES (2, ARRAY[[[ROW(NULL, NULL, NULL, NULL)::basket]]]);
