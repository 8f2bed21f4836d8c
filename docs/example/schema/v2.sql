-- What the bookshop's next version wants: a science shelf, a unique ISBN,
-- prices that cannot be negative, an order's status, and the indexes that its
-- queries lack.
CREATE TYPE genre AS ENUM ('fantasy', 'crime', 'poetry', 'science');

CREATE TABLE books (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    isbn        text NOT NULL UNIQUE,
    title       text NOT NULL,
    genre       genre NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    blurb       text
);

CREATE TABLE customers (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);

CREATE TABLE orders (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id bigint NOT NULL REFERENCES customers (id),
    status      text NOT NULL DEFAULT 'placed',
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    book_id  bigint NOT NULL REFERENCES books (id),
    quantity integer NOT NULL DEFAULT 1,
    PRIMARY KEY (order_id, book_id)
);

CREATE INDEX idx_orders_customer ON orders (customer_id);
CREATE INDEX idx_order_lines_book ON order_lines (book_id);
