-- What the database section of bench-scaffolder asks for: rows of a usual size.
DROP TABLE IF EXISTS books, authors;
CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author_id int NOT NULL REFERENCES authors, title text NOT NULL, price numeric(10, 2) NOT NULL,
  pages int, status text NOT NULL, tags text[], created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON books (author_id);
CREATE INDEX ON books (created_at);
INSERT INTO authors SELECT n, 'Author ' || n FROM generate_series(1, 50) AS n;
INSERT INTO books (author_id, title, price, pages, status, tags, created_at)
  SELECT 1 + n % 50, 'The book with the number ' || n, n % 90 + 0.5, nullif(n % 700, 0), 'out', ARRAY['a', 'b' || n], '2024-01-01'::timestamptz + n * interval '1 hour' FROM generate_series(1, 2000) AS n;
ANALYZE;
