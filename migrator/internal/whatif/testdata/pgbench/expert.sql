CREATE INDEX ON pgbench_history (aid, mtime);
