package convert_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/convert"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// bounds are values of each type at which something happens when they are
// converted: the ends of its range, odd forms, spaces, more digits than fit.
var bounds = map[string][]string{
	"smallint": {"-32768", "32767", "0", "1", "12345"}, "integer": {"-2147483648", "2147483647", "0", "1", "-1", "16777217"},
	"bigint":  {"2", "-9223372036854775808", "9223372036854775807", "0", "1", "9007199254740993"},
	"numeric": {"0", "1", "0.000000000000000000000001", "12345678901234567890.5", "NaN", "1e200"}, "numeric(5,0)": {"0", "99999", "-99999"},
	"numeric(10,2)": {"0", "0.01", "99999999.99", "12.34", "-0.5"}, "numeric(12,4)": {"0.0001", "99999999.9999"}, "numeric(20,0)": {"99999999999999999999"},
	"real": {"0.1", "3e38", "1e-30", "NaN", "Infinity", "16777216"}, "double precision": {"0.1", "1e300", "1e-300", "NaN", "-Infinity", "0.12345678901234567"},
	"money": {"0.01", "92233720368547758.07"}, "oid": {"0", "1", "4294967295"}, "boolean": {"t", "f"},
	"text": {"", "a", "A b  ", "  1", "007", "1.50", `{"a":  1}`, "abcdefghijklmnop", strings.Repeat("x", 80), "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}, "character varying": {"", "abc  ", "  1", strings.Repeat("x", 300)},
	"character varying(4)": {"", "abc ", "abcd", " 1"}, "character varying(200)": {"", "abcd", "abcdef   ", strings.Repeat("y", 200)},
	"character(5)": {"ab", "abcde", " 1"}, "name": {"abc", strings.Repeat("n", 63), "ab  "},
	"date":                        {"2025-06-01", "0044-03-15 BC", "infinity", "5874897-12-31", "4713-01-01 BC"},
	"timestamp without time zone": {"2025-06-01 10:30:45.5", "2025-03-30 02:30", "0044-03-15 00:00 BC", "infinity", "294276-12-31 23:59:59.999999"}, "timestamp(0) without time zone": {"2025-06-01 10:30:45", "2025-03-30 02:30"},
	"timestamp with time zone": {"2025-06-01 10:30:45.5+00", "2025-10-26 01:30+00", "2025-10-26 00:30+00", "-infinity"}, "timestamp(0) with time zone": {"2025-06-01 10:30:45+00", "2025-10-26 00:30+00", "2025-10-26 01:30+00"},
	"time without time zone": {"00:00", "24:00", "10:30:45.123456"}, "time(0) without time zone": {"10:30:45", "24:00"}, "time with time zone": {"10:30:45.5+09", "24:00-05"},
	"interval": {"1 day 2.345678 s", "1 mon -1 day", "25:00", "-00:00:01"}, "interval(0)": {"1 day 2 s", "25:00"},
	"interval year to month": {"1 year 2 mons"}, "interval day to second(2)": {"1 day 02:03:04.25", "1 mon 1 day 2.25 s"}, "interval hour": {"25:00", "1 day 2:00"},
	"uuid": {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}, "json": {`{"b":1,"a":2,"a":3}`, `[1, 2]`, `"\u0000"`, "1"}, "jsonb": {`{"a": 2}`, "[1, 2]", "1", "1.23456789012345678901", "true", "null"},
	"bytea": {`\x00ff`, ``}, "inet": {"10.0.0.1/8", "::1"}, "cidr": {"10.0.0.0/8"}, "macaddr": {"08:00:2b:01:02:03"}, "macaddr8": {"08:00:2b:01:02:03:04:05", "08:00:2b:ff:fe:01:02:03"},
	"bit(4)": {"1010", "0000"}, "bit(8)": {"10101010"}, "bit varying": {"1", "", strings.Repeat("1", 70)}, "bit varying(4)": {"1", "1111"}, "bit varying(8)": {"1", "11111111"},
	"int4range": {"[1,5)", "empty", "(,)"}, "int8range": {"[1,5)", "[3000000000,)"}, "xml": {"<a>1</a>"},
	"integer[]": {"{}", "{1,NULL,2}", "{{1,2},{3,4}}", "[0:1]={5,6}", "{16777217}"}, "bigint[]": {"{}", "{3000000000}", "{9007199254740993}", "{2}", "{{1},{2}}"}, "text[]": {"{}", `{a,NULL,"y\"z","{}"}`, "{abcdef,ab}", "{1}", "{{a},{b}}"},
	"character varying(4)[]": {"{}", "{abcd}"}, "boolean[]": {"{t,NULL,f}"}, "real[]": {"{0.1,NaN}", "{0.5}"}, "double precision[]": {"{0.1,1e300,NaN}", "{0.12345678901234567}"}, "jsonb[]": {`{"{\"a\": 1}"}`, "{1.23456789012345678}"},
	"character varying[]": {"{}", "{abcdef}"},
}

// trial tries a change in the server: each value in a table of its own row, and
// all in one. It says which values stop the statement, which come back as
// others, and whether the rows stayed where they were.
const trial = `
CREATE FUNCTION try(t_from text, t_to text, using_ text, helper text, vals text[], OUT failed text, OUT lost text, OUT kept boolean) LANGUAGE plpgsql AS $$
DECLARE v text; was text; back text; way text; node oid;
BEGIN
 kept := true; failed := ''; lost := '';
 FOREACH v IN ARRAY vals LOOP
  BEGIN
   EXECUTE format('CREATE TABLE c (c %s)', t_from);
   IF helper <> '' THEN EXECUTE format('CREATE TYPE pg_temp.migrator_value AS (value %s)', helper); END IF;
   EXECUTE format('INSERT INTO c VALUES (CAST(%L AS %s))', v, t_from);
   EXECUTE 'SELECT c::text FROM c' INTO was;
   back := NULL; node := pg_relation_filenode('c');
   EXECUTE format('ALTER TABLE c ALTER c TYPE %s%s', t_to, using_);
   kept := kept AND node = pg_relation_filenode('c');
   FOREACH way IN ARRAY ARRAY['c::' || t_from, 'c::text::' || t_from, 'c::numeric::' || t_from, 'c::integer::' || t_from, '(' || t_to || '_populate_record(NULL::pg_temp.back, ' || t_to || '_build_object(''value'', c))).value'] LOOP
    BEGIN
     IF way LIKE '%pg_temp.back%' THEN
      EXECUTE format('CREATE TYPE pg_temp.back AS (value %s)', t_from);
      IF was LIKE '[%=%' THEN was := regexp_replace(was, '^.*=', ''); END IF;
     END IF;
     EXECUTE format('SELECT (%s)::text FROM c', way) INTO back;
     EXIT WHEN back IS NOT DISTINCT FROM was;
    EXCEPTION WHEN OTHERS THEN NULL; END;
   END LOOP;
   IF back IS DISTINCT FROM was THEN lost := lost || ' ' || was || ' -> ' || coalesce(back, '?'); END IF;
   RAISE EXCEPTION USING errcode = 'MIGRA';
  EXCEPTION
   WHEN SQLSTATE 'MIGRA' THEN NULL;
   WHEN OTHERS THEN failed := failed || ' ' || v || ': ' || SQLERRM || ';';
  END;
 END LOOP;
END $$`

var texts = map[string]bool{"text": true, "character varying": true, "character": true, "name": true}

// unseen are pairs that say more than the values here show, with the reason.
func unseen(from, to convert.Type) bool {
	switch {
	case texts[from.Name], texts[to.Name]: // what text may hold has no end
		return true
	case to.Name == "xml" || from.Name == "xml", from.Name == "json" && to.Array:
		return true
	case from.Name+to.Name == "smallintoid" || from.Name+to.Name == "integeroid" || from.Name+to.Name == "oidinteger": // -1 and 4294967295 are the same bits
		return true
	case from.Name == "jsonb" && from.Array: // JSON's null within, on PostgreSQL 18
		return true
	case from.Name == "date": // past the year 294276
		return true
	}
	return false
}

func TestMatrix(t *testing.T) {
	server, err := judge.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	db, err := server.Database(t.Context(), trial)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Release(t.Context())
	if _, err := db.ExecContext(t.Context(), "SET timezone = 'Europe/Berlin'; SET client_min_messages = error"); err != nil {
		t.Fatal(err)
	}
	pairs, version := 0, server.Major()*10000
	for from, values := range bounds {
		for to := range bounds {
			if from == to {
				continue
			}
			c := convert.Between(version, from, to)
			tried := values
			if c.Unknown {
				tried = values[:1]
			}
			using := ""
			if u := c.For("c"); u != "" {
				using = " USING " + u
			}
			var quoted []string
			for _, v := range tried {
				quoted = append(quoted, pgdb.QuoteLiteral(v))
			}
			var failed, lost string
			var kept bool
			if err := db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT failed, lost, kept FROM try(%s, %s, %s, %s, ARRAY[%s])", pgdb.QuoteLiteral(from), pgdb.QuoteLiteral(to),
				pgdb.QuoteLiteral(using), pgdb.QuoteLiteral(c.Helper), strings.Join(quoted, ", "))).Scan(&failed, &lost, &kept); err != nil {
				t.Fatal(from, to, err)
			}
			pairs++
			a, b := convert.Parse(from), convert.Parse(to)
			switch {
			case c.Unknown:
				if !strings.Contains(failed, "no conversion from") {
					t.Errorf("%s -> %s: a value must stop it, and says why: %q", from, to, failed)
				}
				continue
			case strings.Contains(failed, "cannot be cast") || strings.Contains(failed, "cannot cast type"):
				t.Errorf("%s -> %s%s: %s", from, to, using, failed)
			case failed != "" && !c.Fails:
				t.Errorf("%s -> %s%s: may fail, and we do not say so: %s", from, to, using, failed)
			case lost != "" && !c.Loses:
				t.Errorf("%s -> %s%s: loses, and we do not say so:%s", from, to, using, lost)
			case lost == "" && c.Loses && !unseen(a, b) && !c.Guess:
				t.Errorf("%s -> %s%s: loses nothing here, and we say that it does", from, to, using)
			case failed == "" && c.Fails && !c.Loses && !unseen(a, b) && !c.Guess:
				t.Errorf("%s -> %s%s: nothing fails here, and we say that it may", from, to, using)
			case failed == "" && c.Keeps != kept:
				t.Errorf("%s -> %s%s: keeps its rows as they are stored: %v, and we say %v", from, to, using, kept, c.Keeps)
			}
		}
	}
	for from := range bounds {
		for to := range bounds {
			if from == to || !convert.Between(version, from, to).Unknown || from == "bytea" || to == "bytea" {
				continue // PostgreSQL 18 has explicit casts between whole numbers and their bytes: a value stops it all the same
			}
			if _, err := db.ExecContext(t.Context(), fmt.Sprintf("SELECT CAST(CAST(NULL AS %s) AS %s)", from, to)); err == nil {
				t.Errorf("%s -> %s: PostgreSQL has a cast, and we say that it has none", from, to)
			}
		}
	}
	t.Logf("figure | pairs of types whose conversion was tried on values at the bounds | %d", pairs)
}
