package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What only the user knows of values is said in the schema file or by flags, and
// proved on rows: the backfill runs when the new column is there, before the old
// ones go and before NOT NULL holds.
func TestDiffIsToldOfValues(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE people (id int PRIMARY KEY, first text, last text, cents int, kept text); INSERT INTO people VALUES (1, 'Ann', 'Lee', 150, 'k');")
	const fill = "UPDATE people SET full_name = coalesce(first, '') || ' ' || coalesce(last, '')"
	annotated := file(t, dir, "b.sql", "-- migrator:backfill people: "+fill+";\nCREATE TABLE people (\n  id int PRIMARY KEY,\n  -- migrator:using cents::numeric / 100\n  cents numeric(10,2),\n  full_name text NOT NULL, kept text);")
	plain := file(t, dir, "c.sql", "CREATE TABLE people (id int PRIMARY KEY, cents numeric(10,2), full_name text NOT NULL, kept text);")
	up, down := filepath.Join(dir, "up.sql"), filepath.Join(dir, "down.sql")
	for _, args := range [][]string{
		{"--to", annotated}, {"--to", plain, "--using", "people.cents=cents::numeric / 100", "--backfill", "people: " + fill},
	} {
		r := run(t, append([]string{"diff", "--from", a, "--up", up, "--down", down, "--allow", "data-loss"}, args...)...)
		text, _ := os.ReadFile(up)
		back, _ := os.ReadFile(down)
		s := string(text)
		order := []int{strings.Index(s, "USING cents::numeric / 100"), strings.Index(s, "ADD COLUMN full_name text;"), strings.Index(s, "UPDATE people"), strings.Index(s, "SET NOT NULL"), strings.Index(s, "DROP COLUMN first")}
		for i := range order {
			if order[i] < 0 || i > 0 && order[i] < order[i-1] {
				t.Errorf("%v: %v\n%s", args, order, s)
			}
		}
		if r.code != 0 || !strings.Contains(r.out, "PROVED") || !strings.Contains(string(back), "the values of public.people.cents were converted as told") {
			t.Error(args, r, string(back))
		}
	}
	// A statement that changes what it does not name is not believed.
	if r := run(t, "diff", "--from", a, "--to", plain, "--up", up, "--allow", "rewrite", "--allow", "data-loss", "--using", "people.cents=cents::numeric/100",
		"--backfill", "people: UPDATE people SET full_name = '', id = id + 10"); r.code != 0 {
		t.Error("told of id, too:", r)
	}
	if r := run(t, "diff", "--from", a, "--to", plain, "--up", up, "--allow", "data-loss", "--using", "people.cents=cents::numeric/100",
		"--backfill", "people: DELETE FROM people WHERE full_name IS NULL"); r.code != 1 || !strings.Contains(r.errors, "loses rows of public.people") {
		t.Error("rows are lost:", r)
	}
	for flag, want := range map[string]string{
		"--using=people.nobody=1":         "there is no column people.nobody",
		"--backfill=nobody: UPDATE x":     "there is no table nobody",
		"--backfill=UPDATE people":        "gives no statement",
		"--using=people.cents":            "gives no expression",
		"--using=people=cents::numeric+1": "there is no column people",
	} {
		if r := run(t, "diff", "--from", a, "--to", plain, flag); r.code != 2 || !strings.Contains(r.errors, want) {
			t.Error(flag, r)
		}
	}
	for _, text := range []string{"-- migrator:usng x y\n", "-- migrator:using a.b\n", "CREATE TABLE x (\n-- migrator:rename a b c\nb int);", "-- migrator:backfill UPDATE\n"} {
		odd := file(t, dir, "odd.sql", text+"CREATE TABLE y (i int);")
		if r := run(t, "diff", "--from", a, "--to", odd); r.code != 2 || !strings.Contains(r.errors, "this annotation is not understood") || !strings.Contains(r.errors, "odd.sql:") {
			t.Error(text, r)
		}
	}
}

// An annotation inside of CREATE TABLE is about the column beneath it.
func TestRenameInsideOfATable(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE users (id int PRIMARY KEY, name text, mail text);")
	b := file(t, dir, "b.sql", "CREATE TABLE IF NOT EXISTS public.users (\n  id int PRIMARY KEY,\n  -- migrator:rename name\n  full_name text,\n  -- migrator:rename users.mail email\n  email text\n);")
	up := filepath.Join(dir, "up.sql")
	r := run(t, "diff", "--from", a, "--to", b, "--up", up)
	text, _ := os.ReadFile(up)
	if r.code != 0 || strings.Contains(string(text), "DROP") || !strings.Contains(string(text), "RENAME COLUMN name TO full_name") || !strings.Contains(string(text), "RENAME COLUMN mail TO email") {
		t.Error(r, string(text))
	}
}
