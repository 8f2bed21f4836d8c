-- What every way out begins with, as in internal/scratch/testdata/escape.sql. On the
-- live server nothing is tried. Here nobody looks into the scratch database: what
-- succeeded is said by an error, and where SAYS is yes that it was tried, too.
CREATE SCHEMA probe;
CREATE TABLE probe.escaped (place text, way text);
CREATE FUNCTION probe.escape(place text) RETURNS int LANGUAGE plpgsql AS $escape$
DECLARE
  way text;
  done text := '';
BEGIN
  IF pg_catalog.current_setting('port') = 'LIVE' OR pg_catalog.current_setting('probe.inside', true) = 'yes' THEN
    RETURN 1;
  END IF;
  PERFORM pg_catalog.set_config('probe.inside', 'yes', true);
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN (current_user, session_user) AND rolsuper) THEN
    done := done || 'superuser; ';
  END IF;
  FOREACH way IN ARRAY ARRAY[
    'COPY (SELECT 1) TO PROGRAM ''touch DIR/program''',
    'COPY (SELECT 1) TO ''DIR/copied''',
    'CREATE TABLE probe.stolen (line text); COPY probe.stolen FROM ''/etc/passwd''',
    'CREATE TABLE probe.stolen (line text); COPY probe.stolen FROM PROGRAM ''env''',
    'CREATE TABLE probe.stolen (line text); COPY probe.stolen FROM ''/proc/self/environ''',
    'SELECT pg_catalog.lo_export(pg_catalog.lo_from_bytea(0, ''x''), ''DIR/lo'')',
    'SELECT pg_catalog.lo_import(''/etc/passwd'')',
    'SELECT pg_catalog.pg_read_file(''/etc/passwd'')',
    'SELECT pg_catalog.pg_read_file(''/proc/self/environ'')',
    'SELECT pg_catalog.pg_ls_dir(''/'')',
    'SELECT pg_catalog.pg_stat_file(''/etc/passwd'')',
    'ALTER SYSTEM SET archive_command = ''touch DIR/archive''',
    'ALTER ROLE CURRENT_USER SUPERUSER',
    'CREATE ROLE probe_super SUPERUSER',
    'GRANT pg_execute_server_program TO CURRENT_USER',
    'SET ROLE "migrator scratch superuser"',
    'CREATE FUNCTION probe.system(cstring) RETURNS int LANGUAGE c AS ''libc.so.6'', ''system''',
    'CREATE FUNCTION probe.lo_export(oid, text) RETURNS int LANGUAGE internal AS ''be_lo_export''',
    'LOAD ''DIR/evil.so''',
    'CREATE EXTENSION file_fdw',
    'DROP SCHEMA pg_migrator CASCADE',
    'SET session_preload_libraries = ''DIR/evil'''
  ] LOOP
    BEGIN
      EXECUTE way;
      done := done || way || '; ';
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('probe.inside', 'no', true);
  IF done <> '' THEN
    RAISE EXCEPTION '% at %: %', 'BRE' || 'ACH', place, done;
  END IF;
  IF 'SAYS' = 'yes' THEN
    RAISE EXCEPTION '% at %', 'TRI' || 'ED', place;
  END IF;
  RETURN 1;
END $escape$;
CREATE FUNCTION probe.quiet(place text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM probe.escape(place); RETURN 1; END $$;
CREATE FUNCTION probe.fine(place text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM probe.escape(place); RETURN true; END $$;
CREATE FUNCTION probe.told() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  IF pg_catalog.current_setting('port') <> 'LIVE' AND EXISTS (SELECT FROM probe.escaped) THEN
    RAISE EXCEPTION '%: %', 'BRE' || 'ACH', (SELECT pg_catalog.string_agg(place || ' ' || way, '; ') FROM probe.escaped);
  END IF;
  RETURN 1;
END $$;
