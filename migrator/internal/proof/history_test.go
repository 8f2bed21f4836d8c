package proof_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/proof"
)

// history is a project's migrations, run by psql in the order of their names,
// and the states that they leave behind.
type history struct {
	server  *judge.Server
	program string // migrator
	scratch string
	states  []*judge.Database
	names   []string // of the last migration of each state
	folder  string
}

// TestHistory takes a folder of migrations (MIGRATOR_TEST_HISTORY, up files
// only) through the program: every fifth state (MIGRATOR_TEST_STEP) to the next
// and back, and the first to the last and back. Each migration is made for a
// database with rows, proved, applied to it and taken back; pg_dump and the rows
// that both states can hold judge what is there then.
func TestHistory(t *testing.T) {
	folder := os.Getenv("MIGRATOR_TEST_HISTORY")
	if folder == "" {
		t.Skip("set MIGRATOR_TEST_HISTORY to a folder of migrations")
	}
	h := openHistory(t, folder)
	proved, tried := 0, 0
	try := func(name string, from, to *judge.Database) {
		tried++
		if t.Run(name, func(t *testing.T) { h.both(t, from, to) }) {
			proved++
		}
	}
	for i := 1; i < len(h.states); i++ {
		try("to "+h.names[i], h.states[i-1], h.states[i])
		try("back to "+h.names[i-1], h.states[i], h.states[i-1])
	}
	last := len(h.states) - 1
	try("first to last", h.states[0], h.states[last])
	try("last to first", h.states[last], h.states[0])
	t.Logf("figure | %s on PostgreSQL %d: migrations made, proved, applied with rows, equal, taken back, equal | %d of %d", filepath.Base(folder), h.server.Major(), proved, tried)
}

func openHistory(t *testing.T, folder string) *history {
	ctx := context.WithoutCancel(t.Context())
	server, err := judge.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	h := &history{server: server, program: filepath.Join(t.TempDir(), "migrator"), scratch: "local", folder: t.TempDir()}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", h.program, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if major := os.Getenv("MIGRATOR_TEST_POSTGRES"); major != "" {
		h.scratch = "embedded:" + major
	}
	step := 5
	if s := os.Getenv("MIGRATOR_TEST_STEP"); s != "" {
		if step, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil || len(paths) < 2 {
		t.Fatalf("%s holds no migrations (%v)", folder, err)
	}
	now, err := server.Database(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".sql")
		if err := now.Run(ctx, string(text)); err != nil {
			t.Errorf("the history ends before %s: %v", name, err)
			break
		}
		if i%step == 0 || i == len(paths)-1 {
			h.keep(t, now, name)
		}
	}
	return h
}

// keep keeps a copy of a state.
func (h *history) keep(t *testing.T, now *judge.Database, name string) {
	state, err := h.server.Copy(context.WithoutCancel(t.Context()), now, "")
	if err != nil {
		t.Fatal(err)
	}
	state.SetMaxIdleConns(0) // many states, and a server has so many places for clients
	h.states, h.names = append(h.states, state), append(h.names, name)
}

// both migrates a copy of a state to another one, and back.
func (h *history) both(t *testing.T, from, to *judge.Database) {
	ctx := context.WithoutCancel(t.Context())
	live := h.copy(t, from)
	if err := proof.Seed(ctx, live.DB); err != nil {
		t.Fatal(err)
	}
	shared, err := sharedRows(ctx, from, to)
	if err != nil {
		t.Fatal(err)
	}
	before, err := live.Query(ctx, shared)
	if err != nil {
		t.Fatal(err)
	}
	files := [2]string{filepath.Join(t.TempDir(), "up.sql"), filepath.Join(t.TempDir(), "down.sql")}
	out, err := h.run(ctx, "diff", "--from", live.Target.URL(), "--to", to.Target.URL(), "--scratch", h.scratch, "--up", files[0], "--down", files[1], "--allow", "all")
	if err != nil {
		t.Fatalf("diff: %v\n%s", err, out)
	}
	if notGood.MatchString(out) {
		t.Errorf("the proof says:\n%s", strings.Join(notGood.FindAllString(out, -1), "\n"))
	}
	for i, like := range []*judge.Database{to, from} {
		if !h.apply(t, live, files[i]) {
			live = h.copy(t, []*judge.Database{from, to}[i])
			if err := live.Run(ctx, truncate); err != nil {
				t.Fatal(err)
			}
			before = ""
			if !h.apply(t, live, files[i]) {
				t.Error("it stops on empty tables, too")
			}
		}
		h.alike(t, live, like, filepath.Base(files[i]))
		after, err := live.Query(ctx, shared)
		if err != nil {
			t.Error(err)
		} else if before != "" && after != before {
			t.Errorf("after %s rows are not as they were:\n%s", filepath.Base(files[i]), changedLines(before, after))
		}
	}
	if dir := os.Getenv("MIGRATOR_TEST_KEEP"); t.Failed() && dir != "" {
		for _, path := range files {
			text, _ := os.ReadFile(path)
			name := strings.ReplaceAll(t.Name(), "/", "_") + "." + filepath.Base(path)
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
}

const truncate = `DO $$DECLARE t regclass; BEGIN
  SET session_replication_role = replica;
  FOR t IN SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' LOOP EXECUTE 'TRUNCATE ' || t || ' CASCADE'; END LOOP;
END$$`

// notGood are lines of a diff's report that say less than PROVED.
var notGood = regexp.MustCompile(`(?i).*(not proved|does not cover|not undone|irreversible|repaired).*`)

// copy copies a state until the test ends.
func (h *history) copy(t *testing.T, of *judge.Database) *judge.Database {
	ctx := context.WithoutCancel(t.Context())
	db, err := h.server.Copy(ctx, of, "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxIdleConns(0)
	t.Cleanup(func() {
		db.Close()
		of.ExecContext(ctx, "DROP DATABASE "+pgdb.QuoteIdent(db.Target.Database())+" WITH (FORCE)")
	})
	return db
}

var stoppedAt = regexp.MustCompile(`\.sql:(\d+):`)

// apply runs a file on a database. It is false where rows stop it, at a
// statement that says so.
func (h *history) apply(t *testing.T, live *judge.Database, file string) bool {
	ctx := context.WithoutCancel(t.Context())
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return true // nothing is to be done
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := h.run(ctx, "apply", file, "--connection", live.Target.URL())
	if err == nil {
		_, err = live.ExecContext(ctx, "DROP TABLE IF EXISTS "+catalog.HistoryTable)
		if err != nil {
			t.Fatal(err)
		}
		return true
	}
	if m := stoppedAt.FindStringSubmatch(out); m != nil {
		number, _ := strconv.Atoi(m[1])
		lines := strings.Split(string(text), "\n")
		for i := number - 2; i >= 0 && strings.HasPrefix(lines[i], "--"); i-- {
			if strings.HasPrefix(lines[i], "-- hazard may-fail") {
				t.Logf("%s is stopped by rows, as it says: %s", filepath.Base(file), lines[i])
				return false
			}
		}
	}
	t.Errorf("apply %s: %v\n%s", filepath.Base(file), err, out)
	return false
}

// alike holds a database against a state, by pg_dump and by the program.
func (h *history) alike(t *testing.T, live, like *judge.Database, after string) {
	ctx := context.WithoutCancel(t.Context())
	got, err := live.Dump(ctx)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := like.Dump(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if d := slices.DeleteFunc(got.Diff(wanted), aboutCircle(got, wanted)); len(d) > 0 {
		t.Errorf("after %s pg_dump sees:\n%s", after, strings.Join(d, "\n"))
	}
	if out, err := h.run(ctx, "diff", "--from", live.Target.URL(), "--to", like.Target.URL(), "--exit-code"); err != nil {
		t.Errorf("after %s the program sees:\n%s", after, out)
	}
}

var returnRule = regexp.MustCompile(`Name: (.+) _RETURN; Type: RULE;`)

// aboutCircle tells whether a difference is about a view that pg_dump writes in two
// parts, because it lies in a circle: which views of a circle it takes depends on
// the order in which they were made. The program itself compares those.
func aboutCircle(dumps ...judge.Dump) func(string) bool {
	split := map[string]bool{}
	for _, d := range dumps {
		for _, o := range d {
			if m := returnRule.FindStringSubmatch(o); m != nil {
				split[m[1]] = true
			}
		}
	}
	return func(difference string) bool {
		for name := range split {
			if strings.Contains(difference, "Name: "+name+" _RETURN; Type: RULE;") || strings.Contains(difference, "Name: "+name+"; Type: VIEW;") {
				return true
			}
		}
		return false
	}
}

func (h *history) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, h.program, args...)
	cmd.Dir = h.folder
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("exit %d", exit.ExitCode())
	}
	return string(out), err
}

const sharedColumns = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`

// sharedRows asks for the rows of the columns that two states have in common.
func sharedRows(ctx context.Context, a, b *judge.Database) (string, error) {
	one, err := a.Query(ctx, sharedColumns)
	if err != nil {
		return "", err
	}
	other, err := b.Query(ctx, sharedColumns)
	if err != nil {
		return "", err
	}
	there := map[string]bool{}
	for line := range strings.Lines(other) {
		there[line] = true
	}
	columns, order := map[string][]string{}, []string{}
	for line := range strings.Lines(one) {
		if there[line] {
			table, rest, _ := strings.Cut(line, " ")
			column, _, _ := strings.Cut(rest, " ")
			if columns[table] == nil {
				order = append(order, table)
			}
			columns[table] = append(columns[table], column+"::text")
		}
	}
	var q strings.Builder
	for _, table := range order {
		list := strings.Join(columns[table], ", ")
		fmt.Fprintf(&q, "SELECT '%s', %s FROM ONLY %s ORDER BY %s;\n", strings.ReplaceAll(table, "'", "''"), list, table, strings.ReplaceAll(list, "::text", "::text COLLATE \"C\""))
	}
	return q.String(), nil
}

// changedLines are the lines of one text that are not in the other.
func changedLines(before, after string) string {
	var out strings.Builder
	for _, side := range []struct{ mark, of, in string }{{"- ", before, after}, {"+ ", after, before}} {
		in := map[string]int{}
		for line := range strings.Lines(side.in) {
			in[line]++
		}
		for line := range strings.Lines(side.of) {
			if in[line]--; in[line] < 0 {
				out.WriteString(side.mark + line)
			}
		}
	}
	return out.String()
}
