-- Rows for docs/example/schema/v1.sql: enough that a missing index is felt.
INSERT INTO books (isbn, title, genre, price_cents) SELECT 'isbn ' || i, 'title ' || i, 'crime', 900 + i % 300 FROM generate_series(1, 500) i;
INSERT INTO customers (email) SELECT 'c' || i || '@example.com' FROM generate_series(1, 10000) i;
INSERT INTO orders (customer_id, placed_at) SELECT i % 10000 + 1, '2026-01-01'::timestamptz + i * interval '1 minute' FROM generate_series(1, 60000) i;
INSERT INTO order_lines (order_id, book_id) SELECT o.id, b FROM (SELECT id, row_number() OVER (ORDER BY placed_at) AS n FROM orders) o, LATERAL (SELECT (o.n * 7 + k * 31) % 500 + 1 AS b FROM generate_series(0, 1) k) x;
