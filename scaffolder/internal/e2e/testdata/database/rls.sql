-- Rows that belong to somebody, and the policies that say so.
DO $$ BEGIN CREATE ROLE reader NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE writer NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner text NOT NULL DEFAULT current_setting('request.jwt.claims', true)::json ->> 'sub',
  text text NOT NULL,
  deleted_at timestamptz
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
GRANT SELECT ON notes TO reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO writer;
CREATE FUNCTION slow() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(5)';
CREATE VIEW slowly AS SELECT slow() AS x;
GRANT SELECT ON slowly TO reader;
CREATE TABLE pairs (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO pairs VALUES (1, 0);
GRANT SELECT, UPDATE ON pairs TO writer;
-- Everybody may see these rows, and only their owner change them.
CREATE TABLE posts (id int PRIMARY KEY, owner text NOT NULL);
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON posts FOR SELECT USING (true);
CREATE POLICY change ON posts FOR UPDATE USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
CREATE POLICY remove ON posts FOR DELETE USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
INSERT INTO posts VALUES (1, 'ada');
GRANT SELECT, UPDATE, DELETE ON posts TO writer;
-- Who may delete here may not change, nor lock.
CREATE TABLE trash (id int PRIMARY KEY, note text NOT NULL);
INSERT INTO trash SELECT i, 'x' FROM generate_series(1, 3) i;
GRANT SELECT, DELETE ON trash TO reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON trash TO writer;
-- Who the database takes the caller for.
CREATE VIEW who AS SELECT current_user::text AS role, current_setting('request.jwt.claims', true) AS claims;
GRANT SELECT ON who TO reader, writer;
