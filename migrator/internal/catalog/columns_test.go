package catalog_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// TestEveryColumnOfTheSystemIsAccountedFor walks the columns of pg_catalog. Each
// is named in a query of this package, or stands in testdata/columns.txt with the
// reason why not: what says the same, or why no command of a plan can feel it. A
// new version of PostgreSQL fails here first (MIGRATOR_TEST_POSTGRES=18).
func TestEveryColumnOfTheSystemIsAccountedFor(t *testing.T) {
	mode := scratch.Local
	if major := os.Getenv("MIGRATOR_TEST_POSTGRES"); major != "" {
		mode = scratch.Embedded + ":" + major
	}
	server, err := scratch.Open(t.Context(), scratch.Options{Mode: mode, Trusted: true, Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	db, err := server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows, err := pgdb.TextRows(t.Context(), conn, `SELECT ARRAY[c.relname, a.attname] FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	named, reasons := namedHere(t), readReasons(t)
	for _, r := range rows {
		table, column := r[0], r[1]
		used := reasons.match(table, column)
		switch {
		case named[table] && named[column] && used != nil && !strings.Contains(used.pattern, "*"):
			t.Errorf("%s.%s is read; its line in testdata/columns.txt can go", table, column)
		case (!named[table] || !named[column]) && used == nil:
			t.Errorf("%s.%s is neither read nor in testdata/columns.txt", table, column)
		}
	}
	for _, r := range reasons {
		if !r.used && db.Major() >= r.since && db.Major() <= r.until {
			t.Errorf("testdata/columns.txt: %s is no column of PostgreSQL %d, or another line says it", r.pattern, db.Major())
		}
	}
}

// namedHere are the words in this package's source.
func namedHere(t *testing.T) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range regexp.MustCompile(`\w+`).FindAllString(string(text), -1) {
			words[w] = true
		}
	}
	return words
}

// reason is a line "pg_class.relpages: why", with a * for many columns.
type reason struct {
	pattern      string
	since, until int // major versions
	used         bool
}

type reasons []*reason

func readReasons(t *testing.T) reasons {
	t.Helper()
	text, err := os.ReadFile("testdata/columns.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all reasons
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		patterns, why, ok := strings.Cut(line, ": ")
		if !ok || len(why) < 8 {
			t.Errorf("no reason: %s", line)
		}
		table, columns, _ := strings.Cut(patterns, ".")
		for c := range strings.SplitSeq(columns, " ") {
			one := &reason{until: 99}
			c, one.since = cutVersion(t, c, "@", 0)
			c, one.until = cutVersion(t, c, "~", 99)
			one.pattern = table + "." + c
			all = append(all, one)
		}
	}
	return all
}

// cutVersion takes "@17" from the end of a column.
func cutVersion(t *testing.T, column, sign string, otherwise int) (string, int) {
	t.Helper()
	name, text, ok := strings.Cut(column, sign)
	if !ok {
		return column, otherwise
	}
	v, err := strconv.Atoi(text)
	if err != nil {
		t.Error(column, err)
	}
	return name, v
}

func (rs reasons) match(table, column string) *reason {
	i := slices.IndexFunc(rs, func(r *reason) bool {
		ok, _ := filepath.Match(r.pattern, table+"."+column)
		return ok
	})
	if i < 0 {
		return nil
	}
	rs[i].used = true
	return rs[i]
}
