-- A hospital: names in quotes and mixed case, keys of many kinds and several columns, tables
-- that refer to themselves, exclusion constraints, domains over domains, views over views,
-- inheritance and partitions by hash.
CREATE SCHEMA "Hospital";
SET search_path = "Hospital", public;

CREATE DOMAIN "Code" AS text CHECK (VALUE ~ '^[A-Z][A-Z0-9-]*$');
CREATE DOMAIN "WardCode" AS "Code" NOT NULL CHECK (char_length(VALUE) BETWEEN 2 AND 6);
CREATE DOMAIN "Codes" AS "Code"[] CHECK (cardinality(VALUE) < 5);
CREATE DOMAIN "Celsius" AS numeric(4,1) CHECK (VALUE > 30 AND VALUE < 45);
CREATE DOMAIN "Fever" AS "Celsius" CHECK (VALUE >= 37.5);
CREATE TYPE "Sex" AS ENUM ('F', 'M', 'x y', 'it''s "odd"');
CREATE TYPE "Person" AS ("givenName" text, "familyName" text, born date);
CREATE TYPE "Contact" AS (who "Person", phones text[], "isPrimary" boolean);

CREATE TABLE "Ward" (
  "Site" char(2) NOT NULL, "Code" "WardCode", "Floor" smallint NOT NULL CHECK ("Floor" BETWEEN -3 AND 40),
  "ParentSite" char(2), "ParentCode" "Code", "Tags" "Codes", removed_at timestamptz,
  PRIMARY KEY ("Site", "Code"),
  FOREIGN KEY ("ParentSite", "ParentCode") REFERENCES "Ward" ("Site", "Code"),
  CONSTRAINT "No ward in itself" CHECK (("Site", "Code"::text) IS DISTINCT FROM ("ParentSite", "ParentCode"::text))
);
CREATE TABLE "Bed" (
  "Site" char(2) NOT NULL, "Ward" "WardCode", "No" int NOT NULL CHECK ("No" > 0), "Address" inet NOT NULL UNIQUE, mac macaddr, "Place" point, "Weight" float4,
  PRIMARY KEY ("Site", "Ward", "No"),
  FOREIGN KEY ("Site", "Ward") REFERENCES "Ward" ON UPDATE CASCADE
);
CREATE TABLE "Patient" (
  "PatientId" uuid PRIMARY KEY, "Sex" "Sex", "Name" "Person" NOT NULL, "Contacts" "Contact"[], "Born" date NOT NULL,
  "Mother" uuid REFERENCES "Patient", "Father" uuid REFERENCES "Patient" ON DELETE SET NULL, "Photo" bytea, "Notes" xml,
  "limit" int, "after" text, "sort" text, "fields" text, "expand" text, "order" int,
  "Initials" text GENERATED ALWAYS AS (left(("Name")."givenName", 1) || left(("Name")."familyName", 1)) STORED,
  CHECK ("Mother" <> "Father")
);
CREATE INDEX ON "Patient" ("Born");
CREATE INDEX ON "Patient" ("limit");
CREATE INDEX ON "Patient" ("order");
CREATE TABLE "Record" ("PatientId" uuid PRIMARY KEY REFERENCES "Patient" ON DELETE CASCADE, "Blood" varchar(3) NOT NULL CHECK ("Blood" IN ('A', 'B', 'AB', '0')), "Data" jsonb NOT NULL DEFAULT '{}');
CREATE TABLE "Stay" (
  "StayNo" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Patient" uuid NOT NULL REFERENCES "Patient",
  "Site" char(2) NOT NULL, "Ward" "WardCode", "Bed" int NOT NULL, "During" tstzrange NOT NULL, "Lasts" interval, "Seen" datemultirange,
  FOREIGN KEY ("Site", "Ward", "Bed") REFERENCES "Bed",
  CONSTRAINT "One stay in a bed" EXCLUDE USING gist (int4range("Bed", "Bed", '[]') WITH &&, "During" WITH &&),
  CONSTRAINT "Not empty" CHECK (NOT isempty("During"))
);
CREATE TABLE "Reading" (
  "StayNo" bigint NOT NULL REFERENCES "Stay" ON DELETE CASCADE, "At" timestamptz NOT NULL, "Kind" "Sex" NOT NULL, "Final" boolean NOT NULL,
  "Value" "Celsius" NOT NULL, "Fever" "Fever", "Series" float8[], "Grid" numeric[][], "Flags" bit varying(8),
  PRIMARY KEY ("StayNo", "At", "Kind", "Final")
) PARTITION BY HASH ("StayNo");
CREATE TABLE "Reading0" PARTITION OF "Reading" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "Reading1" PARTITION OF "Reading" FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON "Reading" ("Value");
CREATE TABLE "Price" ("Amount" numeric PRIMARY KEY, "Total" money, "Since" timestamp UNIQUE DEFERRABLE INITIALLY DEFERRED, "Took" time NOT NULL UNIQUE, "Zoned" timetz);
CREATE TABLE "Label" ("Key" bytea PRIMARY KEY, "Text" text COLLATE "C" NOT NULL UNIQUE, words tsvector, network cidr);
CREATE TABLE "Day" ("Day" date, "Slot" int4range, "Note" text, PRIMARY KEY ("Day", "Slot"), EXCLUDE USING gist (daterange("Day", "Day", '[]') WITH &&, "Slot" WITH &&));
CREATE TABLE "Staff" ("StaffNo" int PRIMARY KEY, "Name" text NOT NULL, "Boss" int REFERENCES "Staff" DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "Doctor" (PRIMARY KEY ("StaffNo"), "Field" text NOT NULL) INHERITS ("Staff");
CREATE TABLE "a_table_whose_name_is_as_long_as_postgresql_lets_a_name_become_" ("a column whose name is as long as postgresql lets it become 123" int PRIMARY KEY, "Log" text);
CREATE TABLE "Log" ("Line" text, "At" timestamptz, "Person" "Person");

CREATE VIEW "CurrentStay" AS SELECT s."StayNo", s."Patient", s."During", p."Name", p."Born" FROM "Stay" s JOIN "Patient" p ON p."PatientId" = s."Patient" WHERE upper_inf(s."During");
CREATE VIEW "CurrentStayByYear" AS SELECT extract(year FROM "Born")::int AS "Year", count(*) AS "Count", array_agg("Name" ORDER BY "Born") AS "Names" FROM "CurrentStay" GROUP BY 1;
CREATE VIEW "Busiest" AS SELECT * FROM "CurrentStayByYear" WHERE "Count" = (SELECT max("Count") FROM "CurrentStayByYear");
CREATE MATERIALIZED VIEW "FeverPerStay" AS SELECT "StayNo", max("Value") AS "Highest", count("Fever") AS "Fevers" FROM "Reading" GROUP BY 1 WITH NO DATA;
CREATE UNIQUE INDEX ON "FeverPerStay" ("StayNo");

INSERT INTO "Ward" SELECT s, 'W' || i, i, CASE WHEN i > 1 THEN s END, CASE WHEN i > 1 THEN 'W' || i - 1 END, CASE WHEN i % 2 = 0 THEN ARRAY['A', 'B-' || i]::"Codes" END FROM unnest(ARRAY['N', 'SO']) s, generate_series(1, 4) i;
INSERT INTO "Bed" SELECT "Site", "Code", n, ('10.' || "Floor" || '.' || ascii("Site") || '.' || n)::inet, CASE n WHEN 1 THEN '08:00:2b:01:02:03'::macaddr END, CASE n WHEN 2 THEN point(n, "Floor") END, n / 3.0 FROM "Ward", generate_series(1, 2) n;
INSERT INTO "Patient" ("PatientId", "Sex", "Name", "Contacts", "Born", "Mother", "Father", "Photo", "Notes", "limit", "after", "order")
  SELECT ('00000000-0000-4000-8000-0000000000' || lpad(i::text, 2, '0'))::uuid, (enum_range(NULL::"Sex"))[i % 4 + 1], ROW('Ann ' || i, CASE WHEN i % 3 > 0 THEN 'O''Neil "x", (y) \z' END, CASE WHEN i % 2 = 0 THEN '1990-01-01'::date + i END)::"Person",
    CASE i % 3 WHEN 0 THEN ARRAY[ROW(ROW('Bo', NULL, NULL)::"Person", ARRAY['+1, 2', NULL, '"3"'], true)::"Contact", ROW(NULL, NULL, NULL)::"Contact"] WHEN 1 THEN '{}' END, '1980-02-29'::date + i * 400,
    CASE WHEN i > 4 THEN ('00000000-0000-4000-8000-0000000000' || lpad((i - 4)::text, 2, '0'))::uuid END, CASE WHEN i > 5 THEN ('00000000-0000-4000-8000-0000000000' || lpad((i - 5)::text, 2, '0'))::uuid END,
    decode(lpad(to_hex(i), 4, '0'), 'hex'), CASE WHEN i % 2 = 0 THEN '<a b="1">&amp;</a>'::xml END, nullif(i % 4, 0), 'after ' || i, i % 3 FROM generate_series(1, 12) i;
INSERT INTO "Record" SELECT "PatientId", 'AB', jsonb_build_object('n', 12345678901234567890.5, 'Ä', "Initials") FROM "Patient" WHERE "Sex" <> 'M';
INSERT INTO "Stay" ("Patient", "Site", "Ward", "Bed", "During", "Lasts", "Seen") SELECT ('00000000-0000-4000-8000-0000000000' || lpad((i % 12 + 1)::text, 2, '0'))::uuid, CASE WHEN i % 2 = 0 THEN 'N' ELSE 'SO' END, 'W' || i % 4 + 1, i % 2 + 1,
    CASE WHEN i > 13 THEN tstzrange('2024-05-01 00:00:00.000001Z', NULL, '(]') ELSE tstzrange('2024-01-01Z'::timestamptz + i * interval '1 day', '2024-01-01Z'::timestamptz + (i + 1) * interval '1 day') END,
    make_interval(months => i, secs => i / 7.0), CASE WHEN i % 3 = 0 THEN '{[2024-01-01,2024-01-03),[2024-02-01,)}'::datemultirange END FROM generate_series(1, 15) i;
INSERT INTO "Reading" SELECT (i % 15) + 1, '2024-01-01 00:00:00.123456Z'::timestamptz + i * interval '1.5 hours', CASE WHEN i % 2 = 0 THEN 'x y' ELSE 'it''s "odd"' END::"Sex", i % 3 = 0, 36 + i % 4, CASE WHEN i % 4 = 3 THEN 39 END,
    CASE WHEN i % 2 = 0 THEN ARRAY[0.1, 'NaN', NULL, '-Infinity']::float8[] END, '{{1.50,2},{3,NULL}}', i::bit(8)::bit varying(8) FROM generate_series(1, 20) i;
INSERT INTO "Price" VALUES (1.50, 12.30, '2024-01-01 00:00:00.000001', '00:00', '12:00+02'), (-0.001, NULL, 'infinity', '24:00', NULL), ('NaN', -5, NULL, '23:59:59.999999', '00:00:00-11:30'), (12345678901234567890.123456789, 0, '0044-03-15 BC', '12:00:00.5', NULL);
INSERT INTO "Label" VALUES ('\x00ff', 'zero', to_tsvector('simple', 'zero one'), '10.0.0.0/8'), ('\x00', 'null', NULL, NULL), ('\x2f3f', 'slash', NULL, '::1/128');
INSERT INTO "Day" VALUES ('2024-02-29', '[1,5)', 'leap'), ('2024-03-01', '[1,5)', NULL), ('2024-03-01', '[5,)', ''), ('0044-03-15 BC', '(,3)', 'ides');
INSERT INTO "Staff" SELECT i, 'Staff ' || i, nullif(i / 2, 0) FROM generate_series(1, 6) i;
INSERT INTO "Doctor" SELECT 100 + i, 'Dr. ' || i, i, 'Field ' || i % 2 FROM generate_series(1, 3) i;
INSERT INTO "a_table_whose_name_is_as_long_as_postgresql_lets_a_name_become_" VALUES (1, 'x'), (-2147483648, NULL);
INSERT INTO "Log" SELECT CASE WHEN i % 2 = 0 THEN 'same' END, CASE WHEN i % 3 = 0 THEN 'infinity'::timestamptz END, CASE WHEN i % 4 = 0 THEN ROW('a', NULL, NULL)::"Person" END FROM generate_series(1, 9) i;
REFRESH MATERIALIZED VIEW "FeverPerStay";
SET search_path = public;
