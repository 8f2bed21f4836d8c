-- An order book: keys of fixed-length text, real numbers, pictures.
CREATE SCHEMA orders;
SET search_path = orders;
CREATE TABLE categories (category_id smallint PRIMARY KEY, category_name varchar(15) NOT NULL, description text, picture bytea, removed_at timestamptz);
CREATE TABLE customers (customer_id char(5) PRIMARY KEY, company_name varchar(40) NOT NULL, city varchar(15), region varchar(15));
CREATE INDEX ON customers (city);
CREATE INDEX ON customers (region text_pattern_ops);
CREATE TABLE employees (employee_id smallint PRIMARY KEY, last_name varchar(20) NOT NULL, birth_date date, photo bytea, notes text, reports_to smallint REFERENCES employees);
CREATE TABLE region (region_id smallint PRIMARY KEY, region_description varchar(60) NOT NULL);
CREATE TABLE territories (territory_id varchar(20) PRIMARY KEY, territory_description varchar(60) NOT NULL, region_id smallint NOT NULL REFERENCES region);
CREATE TABLE employee_territories (employee_id smallint REFERENCES employees, territory_id varchar(20) REFERENCES territories, PRIMARY KEY (employee_id, territory_id));
CREATE TABLE shippers (shipper_id smallint PRIMARY KEY, company_name varchar(40) NOT NULL, phone varchar(24));
CREATE TABLE suppliers (supplier_id smallint PRIMARY KEY, company_name varchar(40) NOT NULL, homepage text, contact jsonb);
CREATE TABLE products (
  product_id smallint PRIMARY KEY, product_name varchar(40) NOT NULL, supplier_id smallint REFERENCES suppliers, category_id smallint REFERENCES categories, unit_price real CHECK (unit_price >= 0),
  units_in_stock smallint NOT NULL DEFAULT 0 CHECK (units_in_stock >= 0), discontinued int NOT NULL CHECK (discontinued IN (0, 1)), removed_at timestamptz
);
CREATE INDEX ON products (unit_price);
CREATE TABLE orders (
  order_id int PRIMARY KEY, customer_id char(5) REFERENCES customers, employee_id smallint REFERENCES employees, order_date date, shipped_date date, ship_via smallint REFERENCES shippers, freight real,
  CHECK (shipped_date >= order_date)
);
CREATE INDEX ON orders (order_date, customer_id);
CREATE INDEX ON orders (freight);
CREATE TABLE order_details (
  order_id int REFERENCES orders, product_id smallint REFERENCES products, unit_price real NOT NULL, quantity smallint NOT NULL CHECK (quantity > 0), discount real NOT NULL CHECK (discount BETWEEN 0 AND 1),
  PRIMARY KEY (order_id, product_id)
);
CREATE TABLE us_states (state_id smallint, state_name varchar(100), state_abbr varchar(2));
CREATE VIEW totals AS SELECT order_id, sum(unit_price * quantity * (1 - discount))::numeric(12,2) AS total FROM order_details GROUP BY 1;
INSERT INTO categories SELECT i, 'Category ' || i, 'd', decode(repeat('00ff', i), 'hex') FROM generate_series(1, 8) i;
INSERT INTO customers SELECT 'CUS' || chr(65 + i / 26) || chr(65 + i % 26), 'Company ''' || i, CASE WHEN i % 3 > 0 THEN 'City ' || i % 4 END, CASE WHEN i % 2 > 0 THEN 'R%_' || i END FROM generate_series(0, 29) i;
INSERT INTO employees SELECT i, 'Last', '1960-01-01'::date + i * 100, '\x00'::bytea, repeat('n', i), NULLIF(i / 2, 0) FROM generate_series(1, 9) i;
INSERT INTO region SELECT i, 'Region ' || i FROM generate_series(1, 4) i;
INSERT INTO territories SELECT lpad(i::text, 5, '0'), 'Territory ' || i, i % 4 + 1 FROM generate_series(1, 25) i;
INSERT INTO employee_territories SELECT i % 9 + 1, lpad(i::text, 5, '0') FROM generate_series(1, 25) i;
INSERT INTO shippers SELECT i, 'Shipper ' || i, '(1) 2-' || i FROM generate_series(1, 3) i;
INSERT INTO suppliers SELECT i, 'Supplier ' || i, '#http://example.org/?a=1&b=2#', jsonb_build_object('n', 9007199254740993, 'x', null, 'i', i) FROM generate_series(1, 10) i;
INSERT INTO products SELECT i, 'Product/' || i, i % 10 + 1, i % 8 + 1, i / 3.0, i, i % 2 FROM generate_series(1, 30) i;
INSERT INTO orders SELECT i, (SELECT customer_id FROM customers OFFSET i % 30 LIMIT 1), i % 9 + 1, '2024-01-01'::date + i % 20, CASE WHEN i % 4 > 0 THEN '2024-03-01'::date END, i % 3 + 1, CASE WHEN i % 6 > 0 THEN i * 0.1 END FROM generate_series(1, 40) i;
INSERT INTO order_details SELECT i % 40 + 1, i % 30 + 1, i / 7.0, i, 0.05 FROM generate_series(1, 60) i;
INSERT INTO us_states SELECT i % 3, CASE WHEN i % 5 > 0 THEN 'State' END, 'AB' FROM generate_series(1, 28) i;
RESET search_path;
