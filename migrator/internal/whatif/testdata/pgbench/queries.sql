-- calls: 100000
UPDATE pgbench_accounts SET abalance = abalance + 17 WHERE aid = 123456;
-- calls: 100000
SELECT abalance FROM pgbench_accounts WHERE aid = 123456;
-- calls: 100000
UPDATE pgbench_tellers SET tbalance = tbalance + 17 WHERE tid = 12;
-- calls: 100000
UPDATE pgbench_branches SET bbalance = bbalance + 17 WHERE bid = 2;
-- calls: 100000
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (12, 2, 123456, 17, CURRENT_TIMESTAMP);
-- Beside pgbench's own: what somebody may ask of it now and then. An index on balances would end HOT updates.
-- calls: 2
SELECT aid, abalance FROM pgbench_accounts WHERE abalance > 4990 ORDER BY abalance DESC LIMIT 10;
-- calls: 200
SELECT * FROM pgbench_history WHERE aid = 123456 ORDER BY mtime DESC LIMIT 20;
