package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/redact"
)

// The cases of testdata/directories are run as they stand: commands, with what they
// print beneath them, and the files that they work on. Beside migrator there are
// sql (run by the server), env NAME=VALUE, cp, rm and append FILE TEXT.
func TestDirectories(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join("testdata", "directories", "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			before := string(archive.Comment)
			here, err := filepath.Abs(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			for _, f := range archive.Files {
				file(t, ".", f.Name, strings.ReplaceAll(string(f.Data), "<CR>\n", "\r\n"))
			}
			dsn, db := database(t)
			script := script{t: t, dsn: dsn, db: db}
			archive.Comment = []byte(script.run(before))
			if string(archive.Comment) == before {
				return
			}
			if *update {
				if err := os.WriteFile(here, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("it prints (-update writes it):\n%s", archive.Comment)
		})
	}
}

// script runs the commands of a case.
type script struct {
	t   *testing.T
	dsn string
	db  *pgdb.DB
}

// run gives the text with what the commands print now.
func (s script) run(text string) string {
	var b strings.Builder
	answer := false // lines are the output of a command
	for line := range strings.Lines(text) {
		command, ok := strings.CutPrefix(line, "$ ")
		switch {
		case ok:
			b.WriteString(line)
			b.WriteString(s.command(strings.TrimSpace(command)))
			answer = true
		case strings.HasPrefix(line, "# ") || !answer && line == "\n":
			b.WriteString(line)
			answer = false
		}
	}
	return b.String()
}

func (s script) command(line string) string {
	name, rest, _ := strings.Cut(line, " ")
	words := strings.Fields(rest)
	switch name {
	case "migrator":
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "$DB", s.dsn)
		}
		r := run(s.t, words...)
		out := r.out + r.errors
		if r.code != 0 {
			out += fmt.Sprintf("exit code %d\n", r.code)
		}
		return s.steady(out)
	case "sql":
		return s.sql(rest)
	case "env":
		for _, w := range words {
			name, value, _ := strings.Cut(w, "=")
			s.t.Setenv(name, value)
		}
	case "cp":
		text, err := os.ReadFile(words[0])
		if err != nil {
			s.t.Fatal(err)
		}
		file(s.t, ".", words[1], string(text))
	case "rm":
		if err := os.Remove(words[0]); err != nil {
			s.t.Fatal(err)
		}
	case "append":
		text, _ := os.ReadFile(words[0])
		file(s.t, ".", words[0], string(text)+strings.Join(words[1:], " ")+"\n")
	default:
		s.t.Fatalf("unknown command %s", name)
	}
	return ""
}

// sql runs a statement; of a query it prints the rows.
func (s script) sql(query string) string {
	if !strings.HasPrefix(strings.ToLower(query), "select") {
		if _, err := s.db.Exec(query); err != nil {
			return err.Error() + "\n"
		}
		return ""
	}
	rows, err := s.db.Query(query)
	if err != nil {
		return err.Error() + "\n"
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			s.t.Fatal(err)
		}
		for i, v := range values {
			if i > 0 {
				b.WriteString(" | ")
			}
			if text, ok := (*v.(*any)).([]byte); ok {
				b.Write(text)
				continue
			}
			fmt.Fprint(&b, *v.(*any))
		}
		b.WriteString("\n")
	}
	return b.String()
}

var (
	aTime   = regexp.MustCompile(`\b20\d\d-\d\d-\d\d( \d\d:\d\d(:\d\d)? UTC)?`)
	aSpell  = regexp.MustCompile(`\d+(\.\d+)? (µs|ms|s)\b`)
	aStamp  = regexp.MustCompile(`\b20\d{12}_`)
	aServer = regexp.MustCompile(`PostgreSQL \d+\.\d+\s+\(local\s+programs\)`)
	aSlow   = regexp.MustCompile(`(?m)^.* … TIME\n`) // what a busy machine takes ten seconds for
	aColumn = regexp.MustCompile(`(?m) {2,}(DAY|TIME|Time$|When$)`)
)

// steady replaces what differs from run to run.
func (s script) steady(out string) string {
	out = strings.ReplaceAll(out, redact.DSN(s.dsn), "postgres://app@db/shop")
	out = aTime.ReplaceAllString(out, "DAY")
	out = aSpell.ReplaceAllString(out, "TIME")
	out = aServer.ReplaceAllString(out, "PostgreSQL")
	out = aSlow.ReplaceAllString(out, "")
	out = aColumn.ReplaceAllString(out, "  $1")
	return aStamp.ReplaceAllString(out, "STAMP_")
}
