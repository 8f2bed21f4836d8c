-- An airline: ranges and multiranges, exclusion constraints, jsonb, keys of fixed length, seats and
-- tickets by composite keys, an own type of range, generated columns.
CREATE SCHEMA air;
SET search_path = air;
CREATE DOMAIN iata AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE TYPE fare AS ENUM ('Economy', 'Comfort', 'Business');
CREATE TYPE flight_state AS ENUM ('Scheduled', 'On Time', 'Delayed', 'Departed', 'Arrived', 'Cancelled');
CREATE TYPE fare_range AS RANGE (subtype = numeric);
CREATE TYPE place AS (latitude double precision, longitude double precision, height real);
CREATE TABLE airport (code iata PRIMARY KEY, name jsonb NOT NULL, place place NOT NULL, spot point NOT NULL, zone text NOT NULL, runways box[], open daterange NOT NULL DEFAULT '(,)');
CREATE TABLE aircraft (code char(3) PRIMARY KEY, model jsonb NOT NULL, reach int NOT NULL CHECK (reach > 0), hours interval, thrust float4[], manual json);
CREATE TABLE seat (aircraft char(3) REFERENCES aircraft ON DELETE CASCADE, no varchar(4), fare fare NOT NULL, exits bit(4), PRIMARY KEY (aircraft, no));
CREATE INDEX ON seat (fare);
CREATE TABLE flight (
  flight_id bigint GENERATED ALWAYS AS IDENTITY (START 9007199254740000) PRIMARY KEY, no char(6) NOT NULL, scheduled tstzrange NOT NULL CHECK (NOT isempty(scheduled) AND NOT lower_inf(scheduled)),
  departs iata NOT NULL REFERENCES airport, arrives iata NOT NULL REFERENCES airport, state flight_state NOT NULL, aircraft char(3) NOT NULL REFERENCES aircraft, actual tstzrange, delays tstzmultirange, prices fare_range,
  takes interval GENERATED ALWAYS AS (upper(scheduled) - lower(scheduled)) STORED, lands timestamptz GENERATED ALWAYS AS (upper(scheduled)) STORED,
  CONSTRAINT somewhere_else CHECK (departs <> arrives),
  CONSTRAINT one_flight_at_a_time EXCLUDE USING gist (int8range(ascii(aircraft), ascii(aircraft), '[]') WITH &&, scheduled WITH &&) WHERE (state <> 'Cancelled'),
  UNIQUE (no, scheduled)
);
CREATE INDEX ON flight USING gist (scheduled);
CREATE INDEX ON flight (state);
CREATE INDEX ON flight (scheduled);
CREATE INDEX ON flight (takes);
CREATE INDEX ON flight (prices);
CREATE TABLE booking (book_ref char(6) PRIMARY KEY, booked timestamptz NOT NULL, total numeric(10,2) NOT NULL);
CREATE INDEX ON booking (booked);
CREATE TABLE ticket (ticket_no char(13) PRIMARY KEY, book_ref char(6) NOT NULL REFERENCES booking, passenger varchar(20) NOT NULL, contact jsonb, outbound boolean NOT NULL, UNIQUE (book_ref, passenger, outbound));
CREATE TABLE ticket_flight (
  ticket_no char(13) REFERENCES ticket, flight_id bigint REFERENCES flight, fare fare NOT NULL, amount numeric(10,2) NOT NULL CHECK (amount >= 0), PRIMARY KEY (ticket_no, flight_id)
);
CREATE TABLE boarding_pass (
  ticket_no char(13), flight_id bigint, boarding_no int NOT NULL, seat_no varchar(4) NOT NULL, at time(3) with time zone, PRIMARY KEY (ticket_no, flight_id),
  FOREIGN KEY (ticket_no, flight_id) REFERENCES ticket_flight ON UPDATE CASCADE, UNIQUE (flight_id, seat_no), UNIQUE (flight_id, boarding_no)
);
CREATE TABLE crew_rest (crew int, during int4range, nights datemultirange, PRIMARY KEY (crew, during), EXCLUDE USING gist (int4range(crew, crew, '[]') WITH &&, during WITH &&));
CREATE TABLE fare_window (valid fare_range PRIMARY KEY, seasons nummultirange NOT NULL UNIQUE, note char);
CREATE VIEW route AS SELECT departs, arrives, array_agg(DISTINCT aircraft ORDER BY aircraft) AS aircraft, min(takes) AS shortest, range_agg(scheduled) AS busy FROM flight GROUP BY 1, 2;
INSERT INTO airport SELECT 'A' || chr(64 + i / 26 + 1) || chr(65 + i % 26), jsonb_build_object('en', 'Airport ' || i, 'ru', 'Аэропорт', 'size', 1e20), ROW(i / 3.0, -i, CASE WHEN i % 2 = 0 THEN i / 7.0 END)::place, point(i, 0.1 + i), 'Europe/Zone' || i % 3,
  CASE WHEN i % 3 > 0 THEN ARRAY[box(point(i, i), point(0, 0)), NULL] END, CASE i % 3 WHEN 0 THEN daterange('2020-01-01', NULL) WHEN 1 THEN 'empty' ELSE '[2020-01-01,2024-01-01)' END FROM generate_series(1, 26) i;
INSERT INTO aircraft SELECT (ARRAY['773', '320', 'SU9', 'CN1', 'c n'])[i], jsonb_build_object('en', i), i * 1000, make_interval(mins => i, secs => -0.5), ARRAY[i / 3.0, 'NaN', NULL, '-Infinity']::float4[], '{"b": 1, "a": [1.0, 1e2], "b": 2}' FROM generate_series(1, 5) i;
INSERT INTO seat SELECT a.code, i || 'A', (enum_range(NULL::fare))[i % 3 + 1], i::bit(4) FROM aircraft a, generate_series(1, 5) i;
INSERT INTO flight (no, scheduled, departs, arrives, state, aircraft, actual, delays, prices) SELECT 'PG' || lpad(i::text, 4, '0'), tstzrange('2024-01-01Z'::timestamptz + i * interval '1 day 0.000001 second', '2024-01-01Z'::timestamptz + i * interval '1 day' + (i % 5 + 1) * interval '37 minutes', '[]'),
  (SELECT code FROM airport OFFSET i % 26 LIMIT 1), (SELECT code FROM airport OFFSET (i + 7) % 26 LIMIT 1), (enum_range(NULL::flight_state))[i % 6 + 1], (SELECT code FROM aircraft OFFSET i % 5 LIMIT 1),
  CASE WHEN i % 4 = 0 THEN tstzrange('2024-01-01Z', NULL) END, CASE WHEN i % 3 = 0 THEN '{[2024-01-01Z,2024-01-02Z),[2024-02-01Z,)}'::tstzmultirange END, CASE WHEN i % 2 = 0 THEN fare_range(i, i * 1.5, '(]') END FROM generate_series(1, 24) i;
INSERT INTO booking SELECT 'B0' || lpad(i::text, 3, '0'), '2024-01-01Z'::timestamptz + i % 4 * interval '1 hour', i * 100.1 FROM generate_series(1, 22) i;
INSERT INTO ticket SELECT '000543' || lpad(i::text, 7, '0'), 'B0' || lpad((i % 22 + 1)::text, 3, '0'), 'P ' || i, CASE WHEN i % 2 = 0 THEN jsonb_build_object('phone', '+7' || i, 'n', 12345678901234567890) END, i % 2 = 0 FROM generate_series(1, 24) i;
INSERT INTO ticket_flight SELECT t.ticket_no, f.flight_id, 'Business', 12.5 FROM (SELECT *, row_number() OVER () AS n FROM ticket) t JOIN (SELECT *, row_number() OVER () AS n FROM flight) f USING (n);
INSERT INTO boarding_pass SELECT ticket_no, flight_id, row_number() OVER (), '1A', CASE WHEN ticket_no < '0005430000009' THEN '12:00:00.5+05:30'::timetz END FROM ticket_flight;
INSERT INTO crew_rest SELECT i % 3, int4range(i * 10, i * 10 + 5), CASE WHEN i % 2 = 0 THEN '{}'::datemultirange END FROM generate_series(1, 9) i;
INSERT INTO fare_window SELECT fare_range(i, i + 0.5), nummultirange(numrange(i, i + 1), numrange(i + 2.5, NULL, '()')), ' ' FROM generate_series(1, 7) i;
RESET search_path;
