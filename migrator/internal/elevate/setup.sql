-- Runs once in the database that all scratch databases are copies of, as the
-- superuser. SUPERUSER is put in for its name.

-- A schema whose name begins with pg_ is no user's.
SET allow_system_table_mods = on;
CREATE SCHEMA pg_migrator;
RESET allow_system_table_mods;
GRANT USAGE ON SCHEMA pg_migrator TO PUBLIC;

-- Unlogged tables are in no publication of all tables.
-- What was put out of use: columns of a catalog's row, as they were.
CREATE UNLOGGED TABLE pg_migrator.frozen (class oid, object oid, was jsonb, PRIMARY KEY (class, object));
-- What is out of force while the role is raised. A row of class 0 is the server's
-- own things as they were before.
CREATE UNLOGGED TABLE pg_migrator.held (class oid, object oid, was text);
-- Grants that take effect only while a catalog is read.
CREATE UNLOGGED TABLE pg_migrator.deferred (n int GENERATED ALWAYS AS IDENTITY, statement text, path text);

-- The hash of the token is a setting that only a start of the server sets.
CREATE FUNCTION pg_migrator.check_token(token text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF left(encode(sha256(convert_to(token, 'UTF8')), 'hex'), 60) IS DISTINCT FROM current_setting('cluster_name') THEN
    RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Roles are the same rows in all databases, and one at a time may change them. A
-- lock on a table of all databases is one on which news of others are heard, too.
CREATE FUNCTION pg_migrator.one_at_a_time() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE pg_replication_origin IN EXCLUSIVE MODE;
END $$;

-- own_things changes with every row of a function, a type or a language that is the
-- superuser's: the server's own, and those of extensions. Nobody but a raised
-- statement could change one.
DO $do$
DECLARE
  hash text := CASE WHEN current_setting('server_version_num')::int >= 140000 THEN 'hashtid(x.ctid)' ELSE 'hashtext(x.ctid::text)' END;
BEGIN
  EXECUTE replace($$CREATE FUNCTION pg_migrator.own_things() RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $own$
    SELECT concat_ws(' ', (SELECT sum(HASH) FROM pg_proc x WHERE x.proowner = 10), (SELECT sum(HASH) FROM pg_type x WHERE x.typowner = 10),
      (SELECT sum(HASH) FROM pg_language x WHERE x.oid < 16384
        OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2612 AND d.objid = x.oid AND d.deptype = 'e')))
  $own$ $$, 'HASH', hash);
END $do$;

-- hold puts the schema's event triggers and validators out of force, and has its
-- subscriptions lead nowhere; release puts them back.
CREATE FUNCTION pg_migrator.hold(validators bool) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM pg_migrator.held;
  INSERT INTO pg_migrator.held SELECT 3466, oid, evtenabled::text FROM pg_event_trigger WHERE evtenabled <> 'D';
  UPDATE pg_event_trigger SET evtenabled = 'D' WHERE evtenabled <> 'D';
  INSERT INTO pg_migrator.held SELECT 2328, w.oid, w.fdwvalidator::text FROM pg_foreign_data_wrapper w WHERE validators AND w.fdwvalidator <> 0
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 1255 AND d.objid = w.fdwvalidator AND d.deptype = 'e');
  UPDATE pg_foreign_data_wrapper w SET fdwvalidator = 0 FROM pg_migrator.held h WHERE h.class = 2328 AND h.object = w.oid;
  INSERT INTO pg_migrator.held SELECT 6100, oid, subconninfo FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database());
  UPDATE pg_subscription s SET subconninfo = 'host=/nowhere' FROM pg_migrator.held h WHERE h.class = 6100 AND h.object = s.oid;
END $$;
CREATE FUNCTION pg_migrator.release() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE pg_event_trigger t SET evtenabled = h.was::"char" FROM pg_migrator.held h WHERE h.class = 3466 AND h.object = t.oid;
  UPDATE pg_foreign_data_wrapper w SET fdwvalidator = h.was::oid FROM pg_migrator.held h
    WHERE h.class = 2328 AND h.object = w.oid AND w.fdwvalidator = 0;
  UPDATE pg_subscription s SET subconninfo = h.was FROM pg_migrator.held h
    WHERE h.class = 6100 AND h.object = s.oid AND s.subconninfo = 'host=/nowhere';
  DELETE FROM pg_migrator.held;
END $$;

-- raise makes the role of the session a superuser until lower, in this
-- transaction. path is current_schemas(true) of the session. It gives the
-- session's check_function_bodies, for lower. validators: they are put out of force.
CREATE FUNCTION pg_migrator.raise(token text, path name[], validators bool) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bodies text := current_setting('check_function_bodies');
BEGIN
  PERFORM pg_migrator.check_token(token);
  IF 'pg_migrator' = ANY (path) THEN
    RAISE EXCEPTION 'permission denied for schema pg_migrator' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_migrator.one_at_a_time();
  PERFORM pg_migrator.hold(validators);
  INSERT INTO pg_migrator.held VALUES (0, 0, pg_migrator.own_things());
  PERFORM set_config('check_function_bodies', 'off', true);
  EXECUTE format('ALTER ROLE %I SUPERUSER', coalesce(nullif(current_setting('role'), 'none'), session_user));
  RETURN bodies;
END $$;

-- lower takes that back, and puts out of use what must not run. Only a GRANT, or the
-- move of an extension to another schema, may have changed what is the server's own.
CREATE FUNCTION pg_migrator.lower(token text, bodies text, granted bool) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_migrator.check_token(token);
  EXECUTE format('ALTER ROLE %I NOSUPERUSER', coalesce(nullif(current_setting('role'), 'none'), session_user));
  IF NOT granted AND (SELECT was FROM pg_migrator.held WHERE class = 0) IS DISTINCT FROM pg_migrator.own_things() THEN
    RAISE EXCEPTION 'permission denied to change what belongs to the server or to an extension' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('check_function_bodies', bodies, true);
  PERFORM pg_migrator.release();
  PERFORM pg_migrator.freeze();
END $$;

-- freeze puts out of use what a role without rights could get out with.
CREATE FUNCTION pg_migrator.freeze() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c record;
BEGIN
  -- Languages that no extension brought: anything may stand behind their handlers.
  FOR c IN SELECT l.oid, l.lanpltrusted, l.lanvalidator FROM pg_language l WHERE l.oid >= 16384 AND (l.lanpltrusted OR l.lanvalidator <> 0)
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2612 AND d.objid = l.oid AND d.deptype = 'e')
  LOOP
    PERFORM pg_migrator.remember(2612, c.oid, jsonb_build_object('trusted', c.lanpltrusted, 'validator', c.lanvalidator::int8));
    UPDATE pg_language SET lanpltrusted = false, lanvalidator = 0 WHERE oid = c.oid;
  END LOOP;
  -- Functions of untrusted languages, but for those that are a copy of one of
  -- PostgreSQL's own that everybody may call.
  FOR c IN SELECT p.oid, p.prolang, p.prosrc, p.probin FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.oid >= 16384 AND NOT l.lanpltrusted AND p.prokind <> 'a' AND p.prosrc <> 'migrator frozen'
    -- what an extension brought, and what is part of a range type: both are the superuser's
    AND NOT (p.proowner = 10 AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype IN ('e', 'i')))
    AND NOT (l.lanname = 'internal' AND EXISTS (SELECT FROM pg_proc o WHERE o.oid < 16384 AND o.prolang = p.prolang AND o.prosrc = p.prosrc
      AND o.proargtypes = p.proargtypes AND o.prorettype = p.prorettype AND o.proretset = p.proretset AND o.proisstrict = p.proisstrict
      AND o.prokind = p.prokind AND o.proacl IS NULL))
  LOOP
    PERFORM pg_migrator.remember(1255, c.oid, jsonb_build_object('lang', c.prolang::int8, 'src', c.prosrc, 'bin', c.probin));
    UPDATE pg_proc SET prolang = 13, prosrc = 'migrator frozen', probin = 'a function of an untrusted language (it does not run in a scratch database)'
      WHERE oid = c.oid;
  END LOOP;
  -- A cast without a function takes bytes of one type for those of another.
  FOR c IN SELECT k.oid FROM pg_cast k WHERE k.oid >= 16384 AND k.castmethod = 'b'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2605 AND d.objid = k.oid AND d.deptype = 'e')
  LOOP
    PERFORM pg_migrator.remember(2605, c.oid, '{}');
    UPDATE pg_cast SET castmethod = 'i' WHERE oid = c.oid;
  END LOOP;
  -- A wrapper whose validator is not the one that came with its handler: nobody
  -- judges then what a foreign table reads.
  FOR c IN SELECT w.oid, w.fdwhandler FROM pg_foreign_data_wrapper w
    WHERE w.fdwhandler NOT IN (0, 'fdw_handler_in'::regproc) AND NOT EXISTS (SELECT FROM pg_depend h
      JOIN pg_depend v ON v.classid = 1255 AND v.objid = w.fdwvalidator AND v.deptype = 'e' AND v.refclassid = h.refclassid AND v.refobjid = h.refobjid
      JOIN pg_proc p ON p.oid = w.fdwvalidator AND p.proowner = 10
      WHERE h.classid = 1255 AND h.objid = w.fdwhandler AND h.deptype = 'e')
  LOOP
    PERFORM pg_migrator.remember(2328, c.oid, to_jsonb(c.fdwhandler::oid::int8));
    UPDATE pg_foreign_data_wrapper SET fdwhandler = 'fdw_handler_in'::regproc WHERE oid = c.oid;
  END LOOP;
  -- A foreign table that reads a file or a program's output.
  FOR c IN SELECT f.ftrelid AS oid, f.ftoptions FROM pg_foreign_table f
    WHERE EXISTS (SELECT FROM unnest(f.ftoptions) o WHERE o ~ '^(filename|program)=' AND o <> 'filename=/dev/null')
  LOOP
    PERFORM pg_migrator.remember(3118, c.oid, to_jsonb(c.ftoptions));
    UPDATE pg_foreign_table SET ftoptions = (SELECT array_agg(CASE WHEN o ~ '^(filename|program)=' THEN 'filename=/dev/null' ELSE o END) FROM unnest(c.ftoptions) o)
      WHERE ftrelid = c.oid;
  END LOOP;
END $$;

CREATE FUNCTION pg_migrator.remember(in_class oid, in_object oid, in_was jsonb) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO pg_migrator.frozen VALUES (in_class, in_object, in_was)
    ON CONFLICT (class, object) DO UPDATE SET was = excluded.was;
$$;

-- thaw gives everything its own text and effect again, in a transaction that
-- reads and is then rolled back.
CREATE FUNCTION pg_migrator.thaw(token text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c record;
BEGIN
  PERFORM pg_migrator.check_token(token);
  UPDATE pg_language l SET lanpltrusted = (f.was->>'trusted')::bool, lanvalidator = (f.was->>'validator')::oid
    FROM pg_migrator.frozen f WHERE f.class = 2612 AND f.object = l.oid;
  UPDATE pg_proc p SET prolang = (f.was->>'lang')::oid, prosrc = f.was->>'src', probin = f.was->>'bin'
    FROM pg_migrator.frozen f WHERE f.class = 1255 AND f.object = p.oid AND p.prosrc = 'migrator frozen';
  UPDATE pg_cast k SET castmethod = 'b' FROM pg_migrator.frozen f WHERE f.class = 2605 AND f.object = k.oid AND k.castmethod = 'i';
  UPDATE pg_foreign_table t SET ftoptions = (SELECT array_agg(o) FROM jsonb_array_elements_text(f.was) o)
    FROM pg_migrator.frozen f WHERE f.class = 3118 AND f.object = t.ftrelid AND 'filename=/dev/null' = ANY (t.ftoptions);
  UPDATE pg_foreign_data_wrapper w SET fdwhandler = (f.was #>> '{}')::oid
    FROM pg_migrator.frozen f WHERE f.class = 2328 AND f.object = w.oid AND w.fdwhandler = 'fdw_handler_in'::regproc;
  IF EXISTS (SELECT FROM pg_migrator.deferred) THEN
    PERFORM pg_migrator.hold(true); -- a GRANT fires event triggers
    FOR c IN SELECT statement, path FROM pg_migrator.deferred ORDER BY n LOOP
      PERFORM pg_catalog.set_config('search_path', c.path, true); -- where it finds what it is about
      EXECUTE c.statement;
    END LOOP;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM pg_migrator.release();
  END IF;
END $$;

-- harmless tells whether no grant reaches what a schema must not have: functions
-- that PUBLIC may not call as they come, and the schemas that our own statements
-- look names up in. What follows one that was kept back is kept back, too: the order
-- counts.
CREATE FUNCTION pg_migrator.harmless(token text) RETURNS bool LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_migrator.check_token(token);
  RETURN NOT EXISTS (SELECT FROM pg_migrator.deferred) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_roles owner ON owner.oid = p.proowner AND owner.rolsuper AND NOT owner.rolcanlogin
      LEFT JOIN pg_init_privs i ON i.classoid = 1255 AND i.objoid = p.oid AND i.objsubid = 0
      CROSS JOIN LATERAL aclexplode(p.proacl) now
      WHERE p.proacl IS NOT NULL AND now.grantee <> p.proowner
      AND NOT EXISTS (SELECT FROM aclexplode(coalesce(i.initprivs, acldefault('f', p.proowner))) old
        WHERE old.privilege_type = now.privilege_type AND old.grantee IN (0, now.grantee)))
    AND NOT EXISTS (SELECT FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
      WHERE n.nspname IN ('pg_catalog', 'pg_migrator') AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner)
    AND NOT EXISTS (SELECT FROM pg_class r WHERE r.relnamespace = 'pg_migrator'::regnamespace AND r.relacl IS NOT NULL);
END $$;

CREATE FUNCTION pg_migrator.defer(token text, statement text, path text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_migrator.check_token(token);
  INSERT INTO pg_migrator.deferred (statement, path) VALUES (statement, path);
END $$;

-- leakproof marks the function that this transaction made last.
CREATE FUNCTION pg_migrator.leakproof(token text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_migrator.check_token(token);
  UPDATE pg_proc SET proleakproof = true
    WHERE oid = (SELECT oid FROM pg_proc WHERE xmin = pg_current_xact_id()::xid ORDER BY cmin::text::bigint DESC LIMIT 1);
END $$;

-- adopt makes the session's role a member of all roles, so that it may give
-- objects to them and act as them.
CREATE FUNCTION pg_migrator.adopt(token text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c record;
BEGIN
  PERFORM pg_migrator.check_token(token);
  PERFORM pg_migrator.one_at_a_time();
  FOR c IN SELECT r.rolname FROM pg_roles r WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname <> session_user
    AND NOT pg_has_role(r.oid, session_user, 'MEMBER')
    AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.member = (SELECT oid FROM pg_roles WHERE rolname = session_user) AND m.admin_option)
  LOOP
    EXECUTE format('GRANT %I TO %I WITH ADMIN OPTION', c.rolname, session_user);
  END LOOP;
END $$;

-- enrol makes a role what the session's role is: it loads a schema.
CREATE FUNCTION pg_migrator.enrol(token text, who name) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_migrator.check_token(token);
  PERFORM pg_migrator.one_at_a_time();
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = who) THEN
    EXECUTE format('CREATE ROLE %I', who);
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN CREATEDB CREATEROLE BYPASSRLS', who);
  IF NOT pg_has_role(who, session_user, 'MEMBER') THEN
    EXECUTE format('GRANT %I TO %I WITH ADMIN OPTION', session_user, who);
  END IF;
END $$;

-- extension makes an extension that the superuser owns, with all that is in it,
-- so that its functions that PUBLIC may not call are nobody's; the role owns the
-- extension, as with trusted ones. The script runs as the superuser: names that it
-- does not qualify must find nothing of the schema's in the extension's own
-- schema, which is fresh where there is something.
CREATE FUNCTION pg_migrator.extension(token text, extension name, home name, wanted text, cascaded bool) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who oid := (SELECT oid FROM pg_roles WHERE rolname = coalesce(nullif(current_setting('role'), 'none'), session_user));
  ours oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
  foreign_code bool;
  options text := CASE WHEN wanted IS NOT NULL THEN format(' VERSION %L', wanted) ELSE '' END || CASE WHEN cascaded THEN ' CASCADE' ELSE '' END;
BEGIN
  PERFORM pg_migrator.check_token(token);
  IF home IN ('pg_migrator', 'pg_catalog') THEN
    RAISE EXCEPTION 'permission denied for schema %', home USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_migrator.hold(true);
  foreign_code := EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = home AND (
    EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'e'))
    OR EXISTS (SELECT FROM pg_operator o WHERE o.oprnamespace = n.oid
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2617 AND d.objid = o.oid AND d.deptype = 'e'))));
  IF foreign_code THEN
    CREATE SCHEMA migrator_fresh;
    PERFORM set_config('search_path', 'migrator_fresh', true);
    EXECUTE pg_catalog.format('CREATE EXTENSION %I SCHEMA migrator_fresh', extension) OPERATOR(pg_catalog.||) options;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    EXECUTE format('ALTER EXTENSION %I SET SCHEMA %I', extension, home);
    DROP SCHEMA migrator_fresh;
  ELSE
    PERFORM set_config('search_path', quote_ident(home), true);
    EXECUTE pg_catalog.format('CREATE EXTENSION %I', extension) OPERATOR(pg_catalog.||) options;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  END IF;
  UPDATE pg_extension SET extowner = who WHERE extowner = ours;
  UPDATE pg_foreign_data_wrapper SET fdwowner = who WHERE fdwowner = ours;
  PERFORM pg_migrator.release();
END $$;

-- Only the functions that ask for the token are for others; they have the others
-- done.
REVOKE EXECUTE ON FUNCTION pg_migrator.one_at_a_time(), pg_migrator.freeze(), pg_migrator.hold(bool), pg_migrator.release(), pg_migrator.own_things(), pg_migrator.remember(oid, oid, jsonb) FROM PUBLIC;

-- A schema's dump may take plpgsql away and bring it back.
DELETE FROM pg_depend WHERE refclassid = 2612 AND classid = 1255 AND objid IN (SELECT oid FROM pg_proc WHERE pronamespace = 'pg_migrator'::regnamespace);

-- What belongs to the superuser of an ordinary server, and is spoken of in dumps.
UPDATE pg_extension SET extowner = 'postgres'::pg_catalog.regrole WHERE extname = 'plpgsql';
UPDATE pg_language SET lanowner = 'postgres'::pg_catalog.regrole WHERE lanname IN ('sql', 'plpgsql');
DO $$
BEGIN
  IF (SELECT nspowner FROM pg_namespace WHERE nspname = 'public') = 10 THEN
    ALTER SCHEMA public OWNER TO postgres; -- before 15
    UPDATE pg_init_privs SET initprivs = (SELECT nspacl FROM pg_namespace WHERE nspname = 'public')
      WHERE classoid = 2615 AND objoid = 'public'::regnamespace;
  END IF;
END $$;

-- Connections and options are part of a schema, and shown to superusers.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 140000 THEN
    GRANT pg_read_all_data TO postgres;
  ELSE
    GRANT SELECT ON pg_catalog.pg_subscription, pg_catalog.pg_user_mapping TO postgres;
    UPDATE pg_init_privs i SET initprivs = c.relacl FROM pg_class c WHERE i.classoid = 1259 AND i.objoid = c.oid AND i.objsubid = 0
      AND c.oid IN ('pg_subscription'::regclass, 'pg_user_mapping'::regclass);
  END IF;
END $$;

-- Rows are made up with triggers and foreign keys at rest. Before 15 the role is
-- raised for it.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 150000 THEN
    EXECUTE 'GRANT SET ON PARAMETER session_replication_role TO postgres';
  END IF;
END $$;
