-- The bookshop's database as it went live.
CREATE TYPE genre AS ENUM ('fantasy', 'crime', 'poetry');

CREATE TABLE books (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    isbn        text NOT NULL,
    title       text NOT NULL,
    genre       genre NOT NULL,
    price_cents integer NOT NULL
);

CREATE TABLE customers (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);

CREATE TABLE orders (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id bigint NOT NULL REFERENCES customers (id),
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    book_id  bigint NOT NULL REFERENCES books (id),
    quantity integer NOT NULL DEFAULT 1,
    PRIMARY KEY (order_id, book_id)
);
