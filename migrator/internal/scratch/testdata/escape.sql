-- What every way out begins with: a function that tries to do harm, and writes
-- down what it could do. DIR is a folder that everybody may write to.
CREATE SCHEMA probe;
CREATE TABLE probe.escaped (place text, way text);
CREATE FUNCTION probe.escape(place text) RETURNS int LANGUAGE plpgsql AS $escape$
DECLARE
  way text;
BEGIN
  IF pg_catalog.current_setting('probe.inside', true) = 'yes' THEN
    RETURN 1; -- what is tried here may call this again
  END IF;
  PERFORM pg_catalog.set_config('probe.inside', 'yes', true);
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN (current_user, session_user) AND rolsuper) THEN
    INSERT INTO probe.escaped VALUES (place, 'runs as a superuser');
  END IF;
  FOREACH way IN ARRAY ARRAY[
    'COPY (SELECT 1) TO PROGRAM ''touch DIR/program''',
    'COPY (SELECT 1) TO ''DIR/copied''',
    'SELECT pg_catalog.lo_export(pg_catalog.lo_from_bytea(0, ''x''), ''DIR/lo'')',
    'SELECT pg_catalog.lo_import(''/etc/passwd'')',
    'SELECT pg_catalog.pg_read_file(''/etc/passwd'')',
    'SELECT pg_catalog.pg_read_binary_file(''/etc/passwd'')',
    'SELECT pg_catalog.pg_ls_dir(''/'')',
    'SELECT pg_catalog.pg_stat_file(''/etc/passwd'')',
    'CREATE TABLE probe.stolen (line text); COPY probe.stolen FROM ''/etc/passwd''',
    'CREATE TABLE probe.stolen (line text); COPY probe.stolen FROM PROGRAM ''env''',
    -- Of the server itself: a superuser could do these, within his own server.
    'ALTER SYSTEM SET archive_command = ''touch DIR/archive''',
    'ALTER ROLE CURRENT_USER SUPERUSER',
    'CREATE ROLE probe_super SUPERUSER',
    'GRANT pg_execute_server_program TO CURRENT_USER',
    'GRANT pg_read_server_files TO CURRENT_USER',
    'GRANT "migrator scratch superuser" TO CURRENT_USER',
    'SET ROLE "migrator scratch superuser"',
    'SET SESSION AUTHORIZATION "migrator scratch superuser"',
    'ALTER ROLE "migrator scratch superuser" LOGIN',
    'UPDATE pg_catalog.pg_authid SET rolsuper = true',
    'CREATE FUNCTION probe.system(cstring) RETURNS int LANGUAGE c AS ''libc.so.6'', ''system''',
    'CREATE FUNCTION probe.lo_export(oid, text) RETURNS int LANGUAGE internal AS ''be_lo_export''',
    'LOAD ''/tmp/evil.so''',
    'CREATE EXTENSION adminpack',
    'CREATE EXTENSION file_fdw',
    'SELECT pg_migrator.raise(''guess'', ''{}'', true)',
    'SELECT pg_migrator.freeze()',
    'INSERT INTO pg_migrator.deferred (statement) VALUES (''ALTER ROLE postgres SUPERUSER'')',
    'CREATE OR REPLACE FUNCTION pg_migrator.raise(token text, path name[], validators bool) RETURNS text LANGUAGE sql AS ''SELECT token''',
    'DROP SCHEMA pg_migrator CASCADE',
    'CREATE FUNCTION pg_catalog.evil() RETURNS int LANGUAGE sql AS ''SELECT 1''',
    'SET session_preload_libraries = ''evil''',
    'SET dynamic_library_path = ''DIR''',
    'ALTER ROLE CURRENT_USER SET session_preload_libraries = ''evil'''
  ] LOOP
    BEGIN
      EXECUTE way;
      INSERT INTO probe.escaped VALUES (place, way);
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('probe.inside', 'no', true);
  RETURN 1;
END $escape$;
CREATE FUNCTION probe.quiet(place text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM probe.escape(place); RETURN 1; END $$;
CREATE FUNCTION probe.fine(place text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM probe.escape(place); RETURN true; END $$;
