package advise

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata give")

func TestCandidates(t *testing.T) {
	const file = "testdata/candidates.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var facts *Facts
	query := ""
	for n, f := range archive.Files {
		name, kind, _ := strings.Cut(f.Name, ".")
		switch kind {
		case "":
			facts = described(t, string(f.Data))
			continue
		case "sql":
			query = string(f.Data)
			continue
		}
		var b strings.Builder
		for _, q := range queriesOf(t, facts, query) {
			for _, i := range candidates(q, facts, func(*Table, string) int { return 0 }) {
				_, rest, _ := strings.Cut(i.ID(), " ON ")
				b.WriteString(rest + "\n")
			}
		}
		if *update {
			archive.Files[n].Data = []byte(b.String())
		} else if b.String() != string(f.Data) {
			t.Errorf("%s: %sgot:\n%swant:\n%s", name, query, b.String(), f.Data)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// queriesOf resolves statements, one call each.
func queriesOf(t *testing.T, facts *Facts, statements ...string) []*Query {
	t.Helper()
	w := &workload.Workload{}
	for n, s := range statements {
		w.Statements = append(w.Statements, &workload.Statement{ID: strconv.Itoa(n), SQL: s, Calls: 1})
	}
	list, refused := parse(w)
	if len(refused) > 0 {
		t.Fatal(refused[0])
	}
	return resolve(list, facts)
}

// described reads the description of tables.
func described(t *testing.T, text string) *Facts {
	t.Helper()
	facts := &Facts{Path: []string{"public"}, Extensions: []string{"pg_trgm"}, Taken: map[string][]string{}}
	number := func(text string) float64 {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if words[0] == "index" {
			table := facts.Find("", words[1])
			table.Indexes = append(table.Indexes, &Existing{Name: words[2], Method: "btree", Keys: words[3:], Valid: true, Primary: strings.HasSuffix(words[2], "_pkey"), Unique: strings.HasSuffix(words[2], "_pkey"), Constraint: strings.HasSuffix(words[2], "_pkey")})
			continue
		}
		table := &Table{Schema: "public", Name: words[0], Kind: Plain, Rows: number(words[1]), Pages: number(words[1]) / 100}
		for _, w := range words[2:] {
			parts := strings.Split(w, ":")
			c := &Column{Name: parts[0], Type: strings.ReplaceAll(parts[1], "timestamptz", "timestamp with time zone"), Distinct: number(parts[2]), Width: 8, Ordered: parts[1] != "jsonb" && parts[1] != "tsvector"}
			if c.Type == "text" {
				c.Pattern = "text_pattern_ops"
			}
			if len(parts) > 3 {
				c.NullFrac = number(parts[3])
			}
			if len(parts) > 4 {
				value, share, _ := strings.Cut(parts[4], "=")
				c.Common = []Common{{value, number(share)}}
			}
			table.Columns = append(table.Columns, c)
		}
		facts.Tables = append(facts.Tables, table)
	}
	return facts
}
