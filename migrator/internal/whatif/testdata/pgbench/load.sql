-- What pgbench -i -s 5 makes, and its history after 100,000 transactions.
CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88)) WITH (fillfactor = 100);
CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84)) WITH (fillfactor = 100);
CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84)) WITH (fillfactor = 90);
CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
SELECT setseed(0.5);
INSERT INTO pgbench_branches SELECT i, 0 FROM generate_series(1, 5) i;
INSERT INTO pgbench_tellers SELECT i, 1 + (i - 1) / 10, 0 FROM generate_series(1, 50) i;
INSERT INTO pgbench_accounts SELECT i, 1 + (i - 1) / 100000, (random() * 10000)::int - 5000, '' FROM generate_series(1, 500000) i;
INSERT INTO pgbench_history SELECT 1 + (random() * 49)::int, 1 + (random() * 4)::int, 1 + (random() * 499999)::int, (random() * 10000)::int - 5000, '2026-01-01'::timestamp + i * interval '1 second' FROM generate_series(1, 100000) i;
