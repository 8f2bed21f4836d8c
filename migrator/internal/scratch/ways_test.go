package scratch_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/cage"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// way is a schema that tries to get out.
type way struct{ name, sql string }

// ways are those of testdata, with dir as the folder that they write into, and a
// port on which it is seen when they connect to it.
func ways(t *testing.T, dir string) []way {
	t.Helper()
	port := listen(t, dir)
	first, err := os.ReadFile("testdata/escape.sql")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("testdata/ways.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []way
	for _, f := range archive.Files {
		all = append(all, way{f.Name, strings.NewReplacer("DIR", dir, "PORT", port).Replace(string(first) + string(f.Data))})
	}
	return all
}

// listen gives a port; whoever connects to it leaves a file in the folder.
func listen(t *testing.T, dir string) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			os.WriteFile(filepath.Join(dir, "connected"), nil, 0o600)
			c.Close()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// ofTheServer are those things that escape tries which stay within the server, and
// would spoil it for the ways that follow.
var ofTheServer = regexp.MustCompile(`(?s),\s*-- Of the server itself.*?\n  \] LOOP`)

// asSuperuser are the ways without those.
func asSuperuser(all []way) []way {
	for i := range all {
		all[i].sql = ofTheServer.ReplaceAllString(all[i].sql, "\n  ] LOOP")
	}
	return all
}

// openFolder is a folder that the server's account may write to.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "ways")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// outside is what a way did to the machine: files in its folder, lines of files
// that it read, a file that our environment gave it.
func outside(t *testing.T, dir string, db *pgdb.DB) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		os.Remove(path)
	}
	var n int
	if db.QueryRow("SELECT pg_catalog.count(*) FROM probe.stolen").Scan(&n) == nil && n > 0 {
		found = append(found, "lines of a file or a program")
	}
	return found
}

// inside is what a way could do that a small role cannot.
func inside(t *testing.T, db *pgdb.DB) (found []string) {
	t.Helper()
	var text string
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "SET search_path = pg_catalog"); err != nil { // not the schema's functions
		t.Fatal(err)
	}
	const query = `SELECT concat_ws(E'\n', (SELECT string_agg(place || ': ' || way, E'\n') FROM probe.escaped),
		(SELECT string_agg('superuser ' || rolname, E'\n') FROM pg_catalog.pg_roles WHERE rolsuper AND oid <> 10),
		(SELECT 'the superuser logs in' FROM pg_catalog.pg_roles WHERE oid = 10 AND rolcanlogin),
		(SELECT 'a member of the superuser' FROM pg_catalog.pg_auth_members WHERE roleid = 10 LIMIT 1))`
	if err := conn.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func open(t *testing.T, o scratch.Options) scratch.Server {
	t.Helper()
	o.Mode, o.Log = scratch.Local, io.Discard
	s, err := scratch.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// one runs the statements of a way one by one, each whatever became of those
// before, so that every one is tried. It says whether the server is still there.
func (w way) one(t *testing.T, db *pgdb.DB) bool {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	run := db.Runner(conn)
	for _, st := range sqltext.Split(w.sql) {
		_, err := run.ExecContext(t.Context(), st.SQL)
		if pgdb.Gone(err) {
			return false
		}
		if err != nil && testing.Verbose() {
			t.Logf("%.60s: %v", st.SQL, err)
		}
	}
	return true
}

// TestRolesHoldAlone: without the operating system no schema gets further than a
// role without rights, however it is loaded: statement by statement, or as files
// are, whose catalog is read then.
func TestRolesHoldAlone(t *testing.T) {
	dir := openFolder(t)
	server := open(t, scratch.Free(scratch.Options{}))
	for _, w := range ways(t, dir) {
		t.Run(w.name, func(t *testing.T) {
			db, err := server.Database(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close() // a server has 40 connections
			if !w.one(t, db) {
				t.Fatal("the server was brought down")
			}
			db.ExecContext(t.Context(), "ALTER ROLE postgres RESET ALL") // roles are the whole server's
			check := func(db *pgdb.DB) {
				t.Helper()
				if found := append(outside(t, dir, db), inside(t, db)...); len(found) > 0 {
					t.Errorf("%s", strings.Join(found, "\n"))
				}
			}
			check(db)

			state, err := proof.On(server).Load(t.Context(), []schemafile.File{{Name: "way.sql", Text: w.sql}})
			if err != nil {
				if testing.Verbose() {
					t.Log(err)
				}
				return
			}
			defer state.DB.Close()
			check(state.DB)
		})
	}
}

// TestTheSystemHoldsAlone: a superuser of the scratch server gets no further than
// the server's own folder.
func TestTheSystemHoldsAlone(t *testing.T) {
	if !slices.Contains(cage.Enforced(), cage.Files) {
		t.Skip("this kernel has no Landlock")
	}
	t.Setenv("WAYS_SECRET", "from our environment")
	outer, dir := t, openFolder(t)
	server := open(t, scratch.Options{Trusted: true})
	for _, w := range asSuperuser(ways(t, dir)) {
		t.Run(w.name, func(t *testing.T) {
			db, err := server.Database(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()   // a server has 40 connections
			if !w.one(t, db) { // which a superuser may
				server = open(outer, scratch.Options{Trusted: true})
				return
			}
			db.ExecContext(t.Context(), "ALTER ROLE postgres RESET ALL")
			if found := outside(t, dir, db); len(found) > 0 {
				t.Error(found)
			}
		})
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) > 0 {
		t.Error(found)
	}
}

// TestWaysLeadOut: without both layers the ways do lead out, or the tests above
// would show nothing.
func TestWaysLeadOut(t *testing.T) {
	dir := openFolder(t)
	server := open(t, scratch.Free(scratch.Options{Trusted: true}))
	shown := 0
	for _, w := range asSuperuser(ways(t, dir)) {
		db, err := server.Database(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.one(t, db)
		defer db.Close()
		if len(outside(t, dir, db)) > 0 {
			shown++
		}
		if shown == 5 {
			return
		}
	}
	t.Errorf("only %d ways do what they try", shown)
}
