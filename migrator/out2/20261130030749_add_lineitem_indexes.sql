-- add_lineitem_indexes
-- suggested for host=/tmp/advpg port=5499 user=postgres dbname=tpch sslmode=disable, by migrator (devel)
-- proved on PostgreSQL 15.18 (local programs): it gives the wanted schema, and its rollback gives the present one back
-- lineitem_l_partkey_l_suppkey_l_shipdate_idx: saves 80.9% of the workload's time, about 49 MiB
-- lineitem_l_shipdate_idx: saves 1.5% of the workload's time, about 52 MiB
-- lineitem_l_shipmode_l_receiptdate_idx: saves 1.0% of the workload's time, about 68 MiB

SET lock_timeout = '2s';
SET statement_timeout = '20min';
-- hazard index-build: an index on public.lineitem is built
CREATE INDEX CONCURRENTLY lineitem_l_partkey_l_suppkey_l_shipdate_idx ON public.lineitem USING btree (l_partkey, l_suppkey, l_shipdate) INCLUDE (l_quantity);
-- hazard index-build: an index on public.lineitem is built
CREATE INDEX CONCURRENTLY lineitem_l_shipdate_idx ON public.lineitem USING btree (l_shipdate) INCLUDE (l_discount, l_extendedprice, l_quantity);
-- hazard index-build: an index on public.lineitem is built
CREATE INDEX CONCURRENTLY lineitem_l_shipmode_l_receiptdate_idx ON public.lineitem USING btree (l_shipmode, l_receiptdate) INCLUDE (l_commitdate, l_orderkey, l_shipdate);
RESET lock_timeout;
RESET statement_timeout;
