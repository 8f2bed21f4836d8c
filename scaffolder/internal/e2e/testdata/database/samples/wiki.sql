-- A wiki: trees by paths of text, tables that inherit from others, full text, keys of bytes and of
-- text in a collation of its own, partial and expression indexes, links to both ends, circles.
CREATE SCHEMA wiki;
SET search_path = wiki;
CREATE DOMAIN way AS text CHECK (VALUE ~ '^[a-z0-9_]+([.][a-z0-9_]+)*$');
CREATE DOMAIN slug AS varchar(60) NOT NULL CHECK (VALUE = lower(VALUE)) CHECK (VALUE <> '');
CREATE DOMAIN slugs AS slug[] CHECK (cardinality(VALUE) < 9);
CREATE TYPE visibility AS ENUM ('public', 'hidden', '');
CREATE TYPE change AS (field text, before text, after text);
CREATE SEQUENCE node_id;
CREATE TABLE node (node_id bigint NOT NULL DEFAULT nextval('wiki.node_id') PRIMARY KEY, path way NOT NULL UNIQUE, visibility visibility NOT NULL DEFAULT 'public', created timestamp(3) NOT NULL);
CREATE INDEX ON node (visibility);
CREATE TABLE article (PRIMARY KEY (node_id), title text COLLATE "C" NOT NULL, body text NOT NULL DEFAULT '', search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || body)) STORED) INHERITS (node);
CREATE INDEX ON article USING gin (search);
CREATE INDEX ON article (lower(title));
CREATE INDEX ON article (title text_pattern_ops);
CREATE TABLE media (PRIMARY KEY (node_id), mime text NOT NULL CHECK (mime LIKE '%/%'), data bytea, size int GENERATED ALWAYS AS (length(data)) STORED) INHERITS (node);
CREATE TABLE picture (PRIMARY KEY (node_id), width int2 CHECK (width BETWEEN 1 AND 32000), height int2, focus point) INHERITS (media);
CREATE TABLE "user" ("name" slug PRIMARY KEY, "password" text, "group" oid, "order" smallserial UNIQUE, "default" text DEFAULT E'a\tb\\n', "current_user" name, "toString" int, "hasOwnProperty" int, "__proto__" jsonb);
CREATE TABLE revision (
  sha bytea PRIMARY KEY CHECK (length(sha) = 4), article bigint NOT NULL REFERENCES article ON DELETE CASCADE, author slug REFERENCES "user" ON UPDATE CASCADE ON DELETE SET DEFAULT DEFAULT 'nobody',
  parent bytea REFERENCES revision DEFERRABLE INITIALLY DEFERRED, at timestamptz(0) NOT NULL, changes change[], content text NOT NULL, minor boolean NOT NULL DEFAULT false, size int GENERATED ALWAYS AS (char_length(content)) STORED
);
CREATE INDEX ON revision (article, at DESC NULLS LAST);
CREATE INDEX ON revision (minor) WHERE minor;
CREATE INDEX ON revision (at DESC);
CREATE TABLE head (article bigint PRIMARY KEY REFERENCES article, sha bytea NOT NULL UNIQUE REFERENCES revision DEFERRABLE);
CREATE TABLE link (source bigint REFERENCES article, target bigint REFERENCES article, anchor text COLLATE "C", PRIMARY KEY (source, target, anchor));
CREATE INDEX ON link (target);
CREATE TABLE redirect ("from" way PRIMARY KEY, "to" bigint NOT NULL REFERENCES article, tags slugs NOT NULL DEFAULT '{}', "limit" int UNIQUE);
CREATE TABLE category (category slug, parent varchar(60) REFERENCES category, weight float8, PRIMARY KEY (category));
CREATE INDEX ON category (weight);
CREATE TABLE article_category (article bigint REFERENCES article, category varchar(60) REFERENCES category, PRIMARY KEY (category, article));
CREATE TABLE hit (day date NOT NULL, path text NOT NULL, count bigint NOT NULL, agent text);
CREATE UNIQUE INDEX ON hit (day, path) WHERE agent IS NULL;
CREATE INDEX ON hit (day);
CREATE VIEW recent AS SELECT r.sha, r.at, a.title, r.author, (r.changes)[1] AS first_change FROM revision r JOIN article a ON a.node_id = r.article;
CREATE MATERIALIZED VIEW word AS SELECT word, ndoc, nentry FROM (VALUES ('wiki', 3, 4), ('', 1, 1)) w(word, ndoc, nentry);
CREATE UNIQUE INDEX ON word (word);
CREATE VIEW tree AS WITH RECURSIVE t AS (SELECT category::text, parent, ARRAY[category::text] AS way FROM category WHERE parent IS NULL UNION ALL SELECT c.category, c.parent, way || c.category::text FROM category c JOIN t ON t.category = c.parent) SELECT * FROM t;
INSERT INTO node (path, created) SELECT 'root.n' || i, '2024-01-01 12:00:00.123' FROM generate_series(1, 6) i;
INSERT INTO article (path, created, title, body, visibility) SELECT 'root.a' || i, '2024-01-01'::timestamp + i * interval '1.001 hours', 'Title% ' || i % 7, E'Line 1\r\nLine\t2 "\\" \u2028 \U0001F600 ' || i, CASE WHEN i % 5 = 0 THEN ''::visibility ELSE 'public' END FROM generate_series(1, 22) i;
INSERT INTO media (path, created, mime, data) SELECT 'root.m' || i, '2024-01-01', 'text/x', decode(repeat('0a', i), 'hex') FROM generate_series(0, 4) i;
INSERT INTO picture (path, created, mime, width, focus) SELECT 'root.p' || i, '2024-01-01', 'image/png', i, CASE WHEN i > 1 THEN point(i, 'infinity') END FROM generate_series(1, 4) i;
INSERT INTO "user" (name, password, "group", "default", "current_user", "toString", "hasOwnProperty", __proto__) SELECT CASE i WHEN 0 THEN 'nobody' ELSE 'user ü/' || i END, NULL, i, E'a\tb', 'me', i, NULL, jsonb_build_object('__proto__', i, 'constructor', NULL) FROM generate_series(0, 8) i;
INSERT INTO revision SELECT decode(lpad(to_hex(i), 8, 'f'), 'hex'), 6 + i % 22 + 1, CASE WHEN i % 3 = 0 THEN 'nobody' ELSE 'user ü/' || i % 8 + 1 END, CASE WHEN i > 1 THEN decode(lpad(to_hex(i - 1), 8, 'f'), 'hex') END, '2024-01-01Z'::timestamptz + i % 5 * interval '1 day',
  CASE i % 3 WHEN 0 THEN ARRAY[ROW('title', NULL, 'a "b", (c)')::change, NULL] WHEN 1 THEN '{}' END, 'Content ' || i, i % 4 = 0 FROM generate_series(1, 25) i;
INSERT INTO head SELECT article, sha FROM (SELECT DISTINCT ON (article) article, sha FROM revision ORDER BY article, sha DESC) r;
INSERT INTO link SELECT 7 + i % 22, 7 + (i * 3) % 22, CASE WHEN i % 3 = 0 THEN '#' ELSE 'a/b?c=' || i END FROM generate_series(1, 24) i;
INSERT INTO redirect SELECT 'old.p' || i, 7 + i, CASE WHEN i % 2 = 0 THEN ARRAY['a', 'b,c']::slugs ELSE '{}' END, CASE WHEN i > 2 THEN i END FROM generate_series(1, 8) i;
INSERT INTO category SELECT 'c' || i, CASE WHEN i > 1 THEN 'c' || i / 2 END, CASE i % 4 WHEN 0 THEN 'NaN' WHEN 1 THEN '-Infinity' WHEN 2 THEN 1e-300 END::float8 FROM generate_series(1, 9) i;
INSERT INTO article_category SELECT 7 + i % 22, 'c' || i % 9 + 1 FROM generate_series(1, 21) i;
INSERT INTO hit SELECT '2024-01-01'::date + i % 3, '/' || i, 9007199254740991 - i, CASE WHEN i % 2 = 0 THEN 'bot' END FROM generate_series(1, 22) i;
INSERT INTO hit VALUES ('2024-01-01', '/0', 1, 'bot'), ('2024-01-01', '/0', 1, 'bot');
REFRESH MATERIALIZED VIEW word;
RESET search_path;
