package judge

import (
	"context"
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Making and dropping a database takes most of a case's time, so databases are
// emptied and used again.

// Database gives an empty database in which a script has been run. The caller
// gives it back with Release.
func (s *Server) Database(ctx context.Context, script string) (*Database, error) {
	db, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	if err := db.Run(ctx, script); err != nil {
		db.Release(ctx)
		return nil, err
	}
	return db, nil
}

func (s *Server) take(ctx context.Context) (*Database, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		db := s.free[n-1]
		s.free = s.free[:n-1]
		return db, nil
	}
	db, err := s.scratch.Database(ctx)
	return &Database{DB: db, server: s}, err
}

// Copy makes a database with what another one holds, and runs a script in it.
func (s *Server) Copy(ctx context.Context, of *Database, script string) (*Database, error) {
	s.mu.Lock()
	s.made++
	name := fmt.Sprintf("judge_%d", s.made)
	s.mu.Unlock()
	of.SetMaxIdleConns(0) // a template must not be in use
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+pgdb.QuoteIdent(of.Target.Database())); err != nil {
		return nil, err
	}
	db := &Database{server: s}
	var err error
	if db.DB, err = pgdb.Open(ctx, s.admin.Target.With(name)); err != nil {
		return nil, err
	}
	return db, db.Run(ctx, script)
}

// Release empties the database and puts it back. One that cannot be emptied is
// left alone: Close of the server removes it.
func (d *Database) Release(ctx context.Context) {
	if _, err := d.ExecContext(ctx, wipe); err != nil {
		d.Close()
		return
	}
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	d.server.free = append(d.server.free, d)
}

// wipe removes what a database did not have when it was made, and puts the
// schema public back as it was.
const wipe = `SET client_min_messages = error;
DO $$
DECLARE drop_it text;
BEGIN
  FOR drop_it IN
    SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
    UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('ALTER SUBSCRIPTION %1$I SET (slot_name = NONE)', subname) FROM pg_subscription
    UNION ALL SELECT format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription
    UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname) FROM pg_foreign_data_wrapper
    UNION ALL SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    UNION ALL SELECT format('DROP CAST IF EXISTS (%s AS %s)', castsource::regtype, casttarget::regtype) FROM pg_cast WHERE oid >= 16384
    UNION ALL SELECT format('DROP LANGUAGE IF EXISTS %I CASCADE', lanname) FROM pg_language WHERE oid >= 16384
    UNION ALL SELECT format('DROP ACCESS METHOD IF EXISTS %I CASCADE', amname) FROM pg_am WHERE oid >= 16384
  LOOP
    EXECUTE drop_it;
  END LOOP;
END $$;
DELETE FROM pg_default_acl;
DO $$
DECLARE c record;
BEGIN
  FOR c IN SELECT * FROM (VALUES ('pg_proc', 'proacl', 'x.pronamespace = 11'), ('pg_class', 'relacl', 'x.relnamespace = 11'),
    ('pg_type', 'typacl', 'x.typnamespace = 11'), ('pg_language', 'lanacl', 'true'), ('pg_namespace', 'nspacl', 'x.oid = 11')) v(name, acl, which)
  LOOP
    EXECUTE format('UPDATE %1$I x SET %2$I = i.initprivs FROM (SELECT y.oid, p.initprivs FROM %1$I y
      LEFT JOIN pg_init_privs p ON p.classoid = %1$L::regclass AND p.objoid = y.oid AND p.objsubid = 0) i
      WHERE i.oid = x.oid AND x.oid < 16384 AND %3$s AND x.%2$I IS DISTINCT FROM i.initprivs', c.name, c.acl, c.which);
  END LOOP;
END $$;
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 150000 THEN
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
  ELSE
    CREATE SCHEMA public;
    GRANT ALL ON SCHEMA public TO PUBLIC;
  END IF;
END $$;
COMMENT ON SCHEMA public IS 'standard public schema';
DELETE FROM pg_init_privs WHERE objoid = 'public'::regnamespace;
RESET ALL`
