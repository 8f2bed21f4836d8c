-- Many tenants: keys and foreign keys of several columns, row level security, partitions by list,
-- hash and range, domains over domains, arrays of enums and of composites, columns that are
-- generated, identities, views that can be written in SQL and are read-only here.
CREATE SCHEMA saas;
SET search_path = saas;
CREATE DOMAIN nonempty AS text CHECK (char_length(VALUE) > 0);
CREATE DOMAIN email AS nonempty CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$') CHECK (char_length(VALUE) <= 254);
CREATE DOMAIN work_email AS email CHECK (VALUE !~ 'example[.]com$');
CREATE DOMAIN cents AS int8 CHECK (VALUE >= 0);
CREATE DOMAIN share AS numeric(5,4) CHECK (VALUE BETWEEN 0 AND 1);
CREATE TYPE role AS ENUM ('owner', 'admin', 'member', 'a,b', 'with "quotes"', 'null');
CREATE TYPE money_amount AS (cents cents, currency char(3));
CREATE TYPE item AS (sku text, amount money_amount, roles role[], at timestamptz);
CREATE TYPE basket AS (items item[], best item, flags bit(2)[], at inet, codes char(3)[], grid item[][]);
CREATE TABLE tenant (tenant_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name nonempty NOT NULL, domains work_email[], region text NOT NULL CHECK (region IN ('eu', 'us', 'ap')), settings jsonb NOT NULL DEFAULT '{"a": {"b": [1, null]}}', removed_at timestamptz, UNIQUE (tenant_id, region));
CREATE TABLE account (
  tenant_id uuid NOT NULL REFERENCES tenant ON DELETE CASCADE, account_id int GENERATED ALWAYS AS IDENTITY, email email NOT NULL, backup work_email, roles role[] NOT NULL DEFAULT '{member}', manager_id int,
  display text GENERATED ALWAYS AS (split_part(email, '@', 1)) STORED, share share, PRIMARY KEY (tenant_id, account_id), UNIQUE (tenant_id, email),
  FOREIGN KEY (tenant_id, manager_id) REFERENCES account, CHECK (manager_id <> account_id)
);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON account USING (tenant_id::text = current_setting('saas.tenant', true));
CREATE TABLE document (
  region text NOT NULL, tenant_id uuid NOT NULL, document_id bigint NOT NULL, owner_id int, title varchar(40) NOT NULL, lines item[], total money_amount, status smallint NOT NULL DEFAULT 0 CHECK (status IN (0, 1, 2)),
  body text, words int GENERATED ALWAYS AS (cardinality(string_to_array(body, ' '))) STORED, PRIMARY KEY (region, tenant_id, document_id),
  FOREIGN KEY (tenant_id, region) REFERENCES tenant (tenant_id, region), FOREIGN KEY (tenant_id, owner_id) REFERENCES account
) PARTITION BY LIST (region);
CREATE TABLE document_eu PARTITION OF document FOR VALUES IN ('eu') PARTITION BY HASH (tenant_id, document_id);
CREATE TABLE document_eu_0 PARTITION OF document_eu FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE document_eu_1 PARTITION OF document_eu FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE document_other PARTITION OF document DEFAULT;
CREATE INDEX ON document (status);
CREATE INDEX ON document (title);
CREATE TABLE event (event_id bigint NOT NULL, at timestamptz NOT NULL, tenant_id uuid REFERENCES tenant, kind role, payload jsonb, ip inet, agent macaddr8, took interval day to second, PRIMARY KEY (at, event_id)) PARTITION BY RANGE (at);
CREATE TABLE event_2023 PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2024-01-01Z');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE INDEX ON event (kind);
CREATE INDEX ON event (ip);
CREATE INDEX ON event (took);
CREATE TABLE plan (plan nonempty PRIMARY KEY, prices money_amount[] NOT NULL, limits int4range[], trial interval, rank int NOT NULL UNIQUE DEFERRABLE INITIALLY IMMEDIATE);
CREATE TABLE subscription (
  tenant_id uuid PRIMARY KEY REFERENCES tenant, plan nonempty NOT NULL REFERENCES plan ON UPDATE CASCADE, seats int NOT NULL DEFAULT 1 CHECK (seats > 0 AND seats <= 10000), paid tstzrange, active boolean NOT NULL,
  cancelled date, CHECK ((cancelled IS NULL) = active)
);
CREATE INDEX ON subscription (plan);
CREATE TABLE pair (left_tenant uuid, left_account int, right_tenant uuid, right_account int, note text, PRIMARY KEY (left_tenant, left_account, right_tenant, right_account),
  FOREIGN KEY (left_tenant, left_account) REFERENCES account MATCH FULL, FOREIGN KEY (right_tenant, right_account) REFERENCES account MATCH FULL);
CREATE TABLE audit (at timestamptz NOT NULL, who text, what item, old jsonb, new jsonb);
CREATE TABLE everything (
  id smallint PRIMARY KEY, a bool[], b int2[], c int8[], d float8[], e numeric[], f money[], g text[], h char(3)[], i bytea[], j date[], k timestamptz[], l interval[], m uuid[], n json[], o jsonb[], p inet[], q int4range[], r bit(3)[], s role[], t item[][], u xml[], v point[], w time[], x varchar(3)[], y basket[], z basket
);
CREATE VIEW member AS SELECT tenant_id, account_id, email, roles FROM account WHERE 'member' = ANY (roles) WITH CHECK OPTION;
CREATE VIEW tenant_plan AS SELECT t.tenant_id, t.name, s.plan, (SELECT max((p).cents) FROM unnest(pl.prices) p) AS most FROM tenant t LEFT JOIN subscription s USING (tenant_id) LEFT JOIN plan pl USING (plan);
CREATE FUNCTION change_plan() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE saas.subscription SET plan = NEW.plan WHERE tenant_id = NEW.tenant_id; RETURN NEW; END $$;
CREATE TRIGGER change_plan INSTEAD OF UPDATE ON tenant_plan FOR EACH ROW EXECUTE FUNCTION change_plan();
INSERT INTO tenant (tenant_id, name, domains, region) SELECT md5(i::text)::uuid, 'Tenant ' || i, CASE WHEN i % 2 = 0 THEN ARRAY['a@b' || i, NULL]::work_email[] END, (ARRAY['eu', 'us', 'ap'])[i % 3 + 1] FROM generate_series(1, 9) i;
INSERT INTO account (tenant_id, email, backup, roles, manager_id, share) SELECT md5((i % 9 + 1)::text)::uuid, 'u' || i || '@example.com', NULL, CASE WHEN i % 3 = 0 THEN ARRAY['a,b', 'with "quotes"', 'null', NULL]::role[] ELSE '{member}' END, NULL, CASE WHEN i % 2 = 0 THEN 0.125 END FROM generate_series(1, 22) i;
INSERT INTO document SELECT t.region, t.tenant_id, i, (SELECT min(account_id) FROM account a WHERE a.tenant_id = t.tenant_id), 'T' || i % 4,
  CASE i % 3 WHEN 0 THEN ARRAY[ROW('s "x"', ROW(5, 'EUR')::money_amount, ARRAY['owner', 'null']::role[], '2024-01-01Z')::item, ROW(NULL, NULL, '{}', NULL)::item] WHEN 1 THEN '{}' END,
  CASE WHEN i % 2 = 0 THEN ROW(i, NULL)::money_amount END, i % 3, CASE WHEN i % 4 > 0 THEN 'a b c' END FROM tenant t JOIN generate_series(1, 24) i ON t.tenant_id = md5((i % 9 + 1)::text)::uuid;
INSERT INTO event SELECT i, '2023-12-31Z'::timestamptz + i * interval '2 hours', CASE WHEN i % 2 = 0 THEN md5((i % 9 + 1)::text)::uuid END, (enum_range(NULL::role))[i % 7], CASE WHEN i % 3 = 0 THEN 'null'::jsonb WHEN i % 3 = 1 THEN jsonb_build_array(i, 'x') END,
  CASE i % 4 WHEN 0 THEN '10.0.0.1/8' WHEN 1 THEN '::ffff:1.2.3.4' WHEN 2 THEN '10.0.0.1' END::inet, CASE WHEN i % 5 = 0 THEN '08:00:2b:01:02:03:04:05'::macaddr8 END, i % 3 * interval '1 day 00:00:00.5' FROM generate_series(1, 25) i;
INSERT INTO plan SELECT 'plan/' || i, ARRAY[ROW(i * 100, 'EUR')::money_amount, ROW(NULL, 'USD')::money_amount], CASE WHEN i > 2 THEN ARRAY[int4range(1, i), NULL, 'empty'] END, make_interval(days => i), i FROM generate_series(1, 5) i;
INSERT INTO subscription SELECT tenant_id, 'plan/1', 3, tstzrange('2024-01-01Z', NULL), true, NULL FROM tenant;
INSERT INTO pair SELECT a.tenant_id, a.account_id, b.tenant_id, b.account_id, NULL FROM account a JOIN account b ON b.account_id = a.account_id + 1;
INSERT INTO audit SELECT '2024-01-01Z', CASE WHEN i % 2 = 0 THEN 'w' END, CASE WHEN i % 3 = 0 THEN ROW('a', NULL, NULL, NULL)::item END, NULL, CASE WHEN i % 4 = 0 THEN 'null' ELSE '[]' END::jsonb FROM generate_series(1, 23) i;
INSERT INTO everything (id) VALUES (1);
INSERT INTO everything VALUES (2, '{t,f,NULL}', '{-32768,NULL}', '{9007199254740991}', '{NaN,1e300,NULL}', '{1.50,NaN}', '{1.50}', '{"a,b","",NULL,"\"\\"}', '{a,"b  "}', '{"\\x00ff",NULL}', '{infinity,2024-01-01}', '{"2024-01-01 00:00:00.000001+00",-infinity}', '{"1 day"}', '{00000000-0000-4000-8000-000000000000}',
  '{"{\"a\": 1.0}",NULL,"null"}', '{"[1, 12345678901234567890]","null"}', '{10.0.0.1,10.0.0.0/8}', '{"[1,3)",empty}', '{101}', '{"a,b",NULL,"null"}', ARRAY[[ROW('x', NULL, '{}', NULL)::item], [NULL::item]], ARRAY['<a/>'::xml], '{"(1,2)"}', '{24:00:00}', '{abc,""}',
  ARRAY[ROW(ARRAY[ROW('y', ROW(1, 'EUR')::money_amount, '{owner}', NULL)::item, NULL], ROW('z', NULL, NULL, NULL)::item, '{10}', '10.0.0.1', '{a}', '{}')::basket], ROW(NULL, NULL, NULL, '10.0.0.1/8', '{}', ARRAY[[ROW('a', NULL, NULL, NULL)::item, NULL], [NULL, ROW('"b\', NULL, NULL, NULL)::item]])::basket),
  (3, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', ROW('{}', NULL, '{}', NULL, NULL, NULL)::basket);
RESET search_path;
