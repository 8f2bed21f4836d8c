package nplusone_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/nplusone"
	"github.com/seniorbackend/tools/migrator/internal/observe"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// The traffic of seven mappers, each against a server of its own, as windows of
// pg_stat_statements and as the server's log: recorded once by -record, which
// wants npm, and judged in every run.
var (
	record  = flag.String("record", "", "record the traffic of these mappers anew, separated by commas, or of all; forum/drizzle is that of the forum, clinic/gorm of the clinic")
	seconds = flag.Int("seconds", 30, "how long to record")
	folder  = flag.String("folder", "testdata/traffic", "where recordings are written, and judged; the forum's and the clinic's in folders of their own")
)

var (
	nodeMappers  = []string{"knex", "objection", "prisma", "sequelize", "typeorm"}
	goMappers    = []string{"bun", "ent", "gorm"}
	forumMappers = []string{"forum/drizzle", "forum/mikro", "forum/sequelize"}
	clinics      = []string{"clinic/bun", "clinic/ent", "clinic/gorm"}
)

// traffic is a recording.
type traffic struct {
	Schema  *nplusone.Schema
	SQL     map[string]string // of the statements, by their ID
	Windows [][]figures
}

type figures struct {
	ID          string
	Calls, Rows int64
	Micros      int64
}

// application is one whose requests were recorded: the folder of testdata with its
// schema and its mappers, where the recordings are beneath -folder, and the pairs that
// loop. Every mapper has the same ones; all else that is found is a mistake.
type application struct {
	name, within string
	loops        []string
}

// The bars were set on the bookshop's recordings; the forum's and the clinic's came
// later. The clinic has a health check, a job and an import beside its requests.
var applications = []application{
	{"orm", "", []string{"authors -> books (author_id)", "books -> publishers (id)", "books -> reviews (book_id)", "books -> book_tags (book_id)"}},
	{"forum", "forum", []string{"threads -> members (id)", "threads -> posts (thread_id)", "posts -> likes (post_id)", "members -> profiles (member_id)", "posts -> posts (parent_id)"}},
	{"clinic", "clinic", []string{"doctors -> departments (id)", "doctors -> appointments (doctor_id)", "departments -> departments (parent_id)", "appointments -> notes (subject_id)",
		"doctors -> doctor_skills (doctor_id)", "invoices -> invoice_lines (invoice_id)", "appointments -> patients (id)", "appointments -> invoices (appointment_id)"}},
}

func name(r nplusone.Risk) string {
	return fmt.Sprintf("%s -> %s (%s)", strings.TrimPrefix(r.ParentTable, "public."), strings.TrimPrefix(r.ChildTable, "public."), strings.Join(r.Link.Columns, ", "))
}

// tally counts what was found, and what should have been.
type tally struct{ right, wrong, missed int }

func (s *tally) add(t *testing.T, app application, mapper string, risks []nplusone.Risk) {
	t.Helper()
	var found []string
	for _, r := range risks {
		if r.Confidence == nplusone.Possible {
			t.Logf("%s: possible: %s %v", mapper, name(r), r.Evidence)
			continue
		}
		found = append(found, name(r))
		if slices.Contains(app.loops, name(r)) {
			s.right++
		} else {
			s.wrong++
			t.Logf("%s: %s is none: %q after %q %v", mapper, name(r), r.Child.SQL, r.Parent.SQL, r.Evidence)
		}
	}
	for _, l := range app.loops {
		if !slices.Contains(found, l) {
			s.missed++
			t.Logf("%s: %s was not found", mapper, l)
		}
	}
}

func (s *tally) judge(t *testing.T, what string, recall, precision float64) {
	t.Helper()
	r, p := float64(s.right)/float64(s.right+s.missed), float64(s.right)/float64(max(s.right+s.wrong, 1))
	t.Logf("figure | N+1 from %s: recall %.3f, precision %.3f (%d loops) |", what, r, p, s.right+s.missed)
	if r < recall || p < precision {
		t.Errorf("%s: recall %.3f, precision %.3f, want %.2f and %.2f", what, r, p, recall, precision)
	}
}

func (a application) recordings(t *testing.T, suffix string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(*folder, a.within, "*"+suffix))
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings:", err)
	}
	return files
}

func TestTrafficFromWindows(t *testing.T) {
	for _, app := range applications {
		var sum tally
		for _, path := range app.recordings(t, ".json.gz") {
			tr, windows := replay(t, path)
			sum.add(t, app, filepath.Base(path), nplusone.FromWindows(tr.Schema, windows))
		}
		sum.judge(t, app.name+", windows", 0.95, 0.9)
	}
}

func TestTrafficFromLogs(t *testing.T) {
	for _, app := range applications {
		var sum tally
		for _, path := range app.recordings(t, ".log.gz") {
			tr, _ := replay(t, strings.TrimSuffix(path, ".log.gz")+".json.gz")
			sum.add(t, app, filepath.Base(path), loopsOfLog(t, path, tr.Schema))
		}
		sum.judge(t, app.name+", logs of pooled sessions", 0.97, 0.97)
	}
}

func loopsOfLog(t *testing.T, path string, schema *nplusone.Schema) []nplusone.Risk {
	t.Helper()
	packed, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var log nplusone.Log
	if _, err := workload.ReadLog(z, path, workload.LogOptions{Each: log.Add}); err != nil {
		t.Fatal(err)
	}
	return log.Risks(schema)
}

// replay reads a recording.
func replay(t *testing.T, path string) (*traffic, []*workload.Workload) {
	t.Helper()
	packed, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var tr traffic
	if err := json.NewDecoder(z).Decode(&tr); err != nil {
		t.Fatal(err)
	}
	var windows []*workload.Workload
	for _, list := range tr.Windows {
		w := &workload.Workload{Source: workload.Statistics, Timed: true}
		for _, f := range list {
			w.Statements = append(w.Statements, &workload.Statement{ID: f.ID, SQL: tr.SQL[f.ID], Calls: f.Calls, Rows: f.Rows, Exec: time.Duration(f.Micros) * time.Microsecond})
		}
		windows = append(windows, w)
	}
	return &tr, windows
}

// TestRecord makes the recordings.
func TestRecord(t *testing.T) {
	if *record == "" {
		t.Skip("the recordings are there; -record makes them anew")
	}
	wanted := strings.Split(*record, ",")
	if *record == "all" {
		wanted = slices.Concat(nodeMappers, goMappers, []string{"typeorm-phases", "gorm-phases"}, forumMappers, clinics)
	}
	for _, app := range []string{"orm", "forum", "clinic"} {
		dir := filepath.Join(os.TempDir(), "migrator-"+app+"-traffic")
		copyTree(t, filepath.Join("testdata", app), dir)
		of := func(m string) bool {
			before, _, within := strings.Cut(m, "/")
			return within && before == app || !within && app == "orm"
		}
		inNode := func(m string) bool { m, _, _ = strings.Cut(path.Base(m), "-"); return !slices.Contains(goMappers, m) }
		if slices.ContainsFunc(wanted, func(m string) bool { return of(m) && inNode(m) }) {
			shell(t, dir, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved=true", "--no-package-lock")
		}
		switch {
		case app == "forum":
			copyTree(t, "testdata/orm/main.mjs", filepath.Join(dir, "main.mjs"))
		case app == "clinic":
			copyTree(t, "testdata/orm/main.go", filepath.Join(dir, "main.go"))
		case slices.Contains(wanted, "prisma"):
			shell(t, dir, "npx", "prisma", "generate")
		}
		for _, mapper := range wanted {
			if of(mapper) {
				t.Run(mapper, func(t *testing.T) { recordOne(t, dir, mapper) })
			}
		}
	}
}

// copyTree copies what is new; node_modules stay from the last time.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func command(dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	// Prisma's schema engine is downloaded where no path is given, and never run.
	cmd.Env = append(os.Environ(), "PRISMA_SCHEMA_ENGINE_BINARY=/bin/true", "GOWORK=off", "GOFLAGS=-mod=mod")
	return cmd
}

func shell(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	if out, err := command(dir, program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
}

// recordOne records a mapper: knex, knex-phases, or forum/drizzle.
func recordOne(t *testing.T, dir, name string) {
	mapper, phases, _ := strings.Cut(path.Base(name), "-")
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true, Settings: []string{
		"shared_preload_libraries=pg_stat_statements", "logging_collector=on", "log_destination=stderr", "log_directory=.", "log_filename=server.log",
		"log_min_messages=info", "log_min_duration_statement=0", "log_line_prefix=%m [%p] %d ",
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schema, err := os.ReadFile(filepath.Join(dir, "schema.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"SET log_min_duration_statement = -1; CREATE EXTENSION pg_stat_statements;" + string(schema), "ANALYZE"} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	url, err := s.URL(db)
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(dir, "node", "main.mjs", mapper, fmt.Sprint(*seconds))
	if slices.Contains(goMappers, mapper) {
		shell(t, dir, "go", "mod", "download")
		shell(t, dir, "go", "run", "entgo.io/ent/cmd/ent", "generate", "./ent/schema")
		shell(t, dir, "go", "build", "-o", "traffic", ".")
		cmd = command(dir, "./traffic", mapper, fmt.Sprint(*seconds))
	}
	if phases != "" {
		cmd.Args = append(cmd.Args, phases)
	}
	cmd.Env = append(cmd.Env, "DATABASE_URL="+url)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tr := watch(t, db, ended, &said)
	save(t, filepath.Join(*folder, name+".json.gz"), tr)
	var data string // the server writes nowhere else
	if err := db.QueryRowContext(t.Context(), "SHOW data_directory").Scan(&data); err != nil {
		t.Fatal(err)
	}
	db.Close()
	text, err := os.ReadFile(filepath.Join(data, "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	pack(t, filepath.Join(*folder, name+".log.gz"), text)
}

// watch reads pg_stat_statements ten times a second while the traffic is on.
func watch(t *testing.T, db *pgdb.DB, ended chan error, said *bytes.Buffer) *traffic {
	t.Helper()
	tr := &traffic{SQL: map[string]string{}}
	var last *workload.Workload
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for done := false; !done; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			done = true
		case <-tick.C:
		}
		now, err := workload.FromStatistics(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if last != nil {
			between, err := now.After(last)
			if err != nil {
				t.Fatal(err)
			}
			var window []figures
			for _, s := range between.Statements {
				tr.SQL[s.ID] = s.SQL
				window = append(window, figures{s.ID, s.Calls, s.Rows, s.Exec.Microseconds()})
			}
			tr.Windows = append(tr.Windows, window)
		}
		last = now
	}
	var err error
	if tr.Schema, err = observe.Keys(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return tr
}

func save(t *testing.T, path string, tr *traffic) {
	t.Helper()
	text, err := json.Marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, path, text)
}

func pack(t *testing.T, path string, text []byte) {
	t.Helper()
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := io.Copy(z, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
