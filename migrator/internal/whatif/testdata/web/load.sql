-- A shop as a web framework's mapper makes it: keys, and nothing else.
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, name text NOT NULL, country text NOT NULL, active boolean NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE categories (id bigint PRIMARY KEY, parent_id bigint, slug text NOT NULL);
CREATE TABLE products (id bigint PRIMARY KEY, category_id bigint NOT NULL, sku text NOT NULL, title text NOT NULL, price_cents int NOT NULL, stock int NOT NULL, tags text[] NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, status text NOT NULL, total_cents int NOT NULL, placed_at timestamptz NOT NULL, deleted_at timestamptz);
CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint NOT NULL, product_id bigint NOT NULL, quantity int NOT NULL);
CREATE TABLE reviews (id bigint PRIMARY KEY, product_id bigint NOT NULL, user_id bigint NOT NULL, stars int NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE sessions (id uuid PRIMARY KEY, user_id bigint NOT NULL, token text NOT NULL, expires_at timestamptz NOT NULL);
CREATE TABLE jobs (id bigint PRIMARY KEY, queue text NOT NULL, state text NOT NULL, run_at timestamptz NOT NULL, payload jsonb NOT NULL);
SELECT setseed(0.42);
INSERT INTO users SELECT i, 'user' || i || '@example.org', 'Name ' || i, (ARRAY['de','fr','us','in','br'])[1 + i % 5], i % 20 <> 0, '2024-01-01'::timestamptz + i * interval '10 minutes' FROM generate_series(1, 60000) i;
INSERT INTO categories SELECT i, CASE WHEN i > 20 THEN 1 + i % 20 END, 'cat-' || i FROM generate_series(1, 400) i;
INSERT INTO products SELECT i, 1 + i % 400, 'SKU' || i, 'Product ' || md5(i::text), (random() * 50000)::int, (random() * 100)::int, ARRAY['t' || i % 90, 't' || i % 70] FROM generate_series(1, 40000) i;
INSERT INTO orders SELECT i, 1 + (random() * random() * 59999)::int, CASE WHEN i % 200 = 0 THEN 'pending' WHEN i % 9 = 0 THEN 'cancelled' ELSE 'shipped' END, (random() * 90000)::int, '2025-01-01'::timestamptz + i * interval '2 minutes', CASE WHEN i % 50 = 0 THEN now() END FROM generate_series(1, 200000) i;
INSERT INTO order_items SELECT i, 1 + i % 200000, 1 + (random() * random() * 39999)::int, 1 + i % 4 FROM generate_series(1, 500000) i;
INSERT INTO reviews SELECT i, 1 + (random() * 39999)::int, 1 + (random() * 59999)::int, 1 + i % 5, repeat(md5(i::text), 3), '2025-01-01'::timestamptz + i * interval '5 minutes' FROM generate_series(1, 120000) i;
INSERT INTO sessions SELECT md5(i::text)::uuid, 1 + i % 60000, md5('t' || i), '2026-01-01'::timestamptz + i * interval '1 second' FROM generate_series(1, 100000) i;
INSERT INTO jobs SELECT i, (ARRAY['mail','image','index'])[1 + i % 3], CASE WHEN i % 400 = 0 THEN 'queued' ELSE 'done' END, '2026-01-01'::timestamptz + i * interval '1 second', '{"n": 1}' FROM generate_series(1, 150000) i;
