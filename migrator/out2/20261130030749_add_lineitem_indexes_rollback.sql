-- rollback of add_lineitem_indexes
-- suggested for host=/tmp/advpg port=5499 user=postgres dbname=tpch sslmode=disable, by migrator (devel)
-- proved on PostgreSQL 15.18 (local programs): it gives the schema before the migration back

SET lock_timeout = '2s';
SET statement_timeout = '30s';
DROP INDEX CONCURRENTLY public.lineitem_l_partkey_l_suppkey_l_shipdate_idx;
DROP INDEX CONCURRENTLY public.lineitem_l_shipdate_idx;
DROP INDEX CONCURRENTLY public.lineitem_l_shipmode_l_receiptdate_idx;
RESET lock_timeout;
RESET statement_timeout;
