package whatif

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// Rows for a schema that comes without any, such as that of the Join Order
// Benchmark: seeded, skewed, with columns that hang together, and with the constants
// that the queries ask for. rows.txt beside schema.sql says how many rows each table
// has: "title 63000".

// made by hand of a catalog and of what queries compare.
type generatedTable struct {
	name    string
	rows    int
	columns []*generatedColumn
	refers  bool // to another table
}

type generatedColumn struct {
	name, kind string
	longest    int // characters; 0: no bound
	null, key  bool
	refers     *generatedTable
	equal      []string // that queries ask for
	patterns   []string // of LIKE
	bounds     []float64
}

// populate fills the tables of a schema that was loaded.
func populate(t *testing.T, b *bed, folder string) {
	t.Helper()
	tables := b.tables(t, rowsOf(t, filepath.Join(folder, "rows.txt")))
	for _, q := range b.queries {
		node, err := pgsql.ParseOne(q.sql)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range pgsql.Uses(node, pgsql.Schema{Columns: func(_, table string) []string { return tables[table].names() }}) {
			tables.note(u)
		}
	}
	names := []string{}
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range names {
		if err := pgdb.CopyIn(t.Context(), b.conn, "COPY "+pgdb.QuoteIdent(name)+" FROM stdin", tables[name].lines(random)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func rowsOf(t *testing.T, path string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var name string
		var n int
		if _, err := fmt.Sscan(line, &name, &n); err == nil {
			counts[name] = n
		}
	}
	return counts
}

type generatedTables map[string]*generatedTable

func (b *bed) tables(t *testing.T, counts map[string]int) generatedTables {
	t.Helper()
	rows, err := b.conn.QueryContext(t.Context(), `SELECT c.relname, a.attname, t.typname, greatest(a.atttypmod - 4, 0), NOT a.attnotnull,
			EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND a.attnum = ANY (x.indkey))
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 ORDER BY c.oid, a.attnum`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := generatedTables{}
	for rows.Next() {
		var table string
		c := &generatedColumn{}
		if err := rows.Scan(&table, &c.name, &c.kind, &c.longest, &c.null, &c.key); err != nil {
			t.Fatal(err)
		}
		if all[table] == nil {
			all[table] = &generatedTable{name: table, rows: counts[table]}
			if counts[table] == 0 {
				t.Fatalf("rows.txt does not say how many rows %s has", table)
			}
		}
		all[table].columns = append(all[table].columns, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func (g *generatedTable) names() (all []string) {
	for _, c := range g.columns {
		all = append(all, c.name)
	}
	return all
}

func (g *generatedTable) column(name string) *generatedColumn {
	for _, c := range g.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

// note adds what a query compares columns with.
func (all generatedTables) note(u *pgsql.Use) {
	table := all[u.Table]
	for i := range u.Predicates {
		p := &u.Predicates[i]
		c := table.column(p.Column)
		if c == nil {
			continue
		}
		if p.Join != nil {
			if other := all[p.Join.Use.Table]; !c.key && other.column(p.Join.Name).key {
				c.refers, table.refers = other, true
			}
			continue
		}
		pgsql.Walk(p.Value, func(n pgsql.Node) bool {
			text, ok := constant(n)
			if !ok {
				return true
			}
			number, err := strconv.ParseFloat(text, 64)
			switch {
			case p.Class == pgsql.Match:
				c.patterns = with(c.patterns, text)
			case err == nil && (p.Class == pgsql.Range || c.kind != "text" && c.kind != "varchar"):
				c.bounds = append(c.bounds, number)
			case p.Class == pgsql.Equal || p.Class == pgsql.In || p.Class == pgsql.Range:
				c.equal = with(c.equal, text)
			}
			return false
		})
	}
}

func constant(n pgsql.Node) (string, bool) {
	if c, ok := n.(*pgsql.AConst); ok {
		return c.Text()
	}
	return "", false
}

func with(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// lines are the table's rows as COPY reads them.
func (g *generatedTable) lines(random *rand.Rand) string {
	var b strings.Builder
	for n := range g.rows {
		// A row is as popular as z says: what it refers to and what it holds follow
		// that in half of the columns.
		z := math.Pow(random.Float64(), 3)
		for i, c := range g.columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			own := z
			if random.IntN(2) == 0 {
				own = math.Pow(random.Float64(), 2)
			}
			b.WriteString(c.value(random, g, n, own))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Shares of the rows that hold what queries ask for.
const (
	holdsConstant = 0.3
	holdsPattern  = 0.15
	holdsNull     = 0.1
	fewRows       = 200 // of a table in which each constant is once
)

func (c *generatedColumn) value(random *rand.Rand, g *generatedTable, n int, z float64) string {
	pick := func(list []string) string { return list[int(z*float64(len(list)))] }
	switch {
	case c.key:
		return strconv.Itoa(n + 1)
	case c.null && random.Float64() < holdsNull:
		return `\N`
	case c.refers != nil:
		return strconv.Itoa(1 + int(z*float64(c.refers.rows)))
	case c.kind != "text" && c.kind != "varchar":
		low, high := 0.0, 1000.0
		if len(c.bounds) > 0 {
			low, high = slices.Min(c.bounds), slices.Max(c.bounds)
			low, high = low-(high-low)*0.5-1, high+(high-low)*0.1+1
		}
		return strconv.Itoa(int(high - z*(high-low)))
	}
	text := fmt.Sprintf("%s %x", c.name, random.Uint32())
	once := !g.refers && (c.kind == "text" || g.rows <= fewRows)
	switch part := random.Float64(); {
	case once && n < len(c.equal):
		text = c.equal[n]
	case !once && len(c.equal) > 0 && part < holdsConstant:
		text = pick(c.equal)
	case len(c.patterns) > 0 && part > 1-holdsPattern:
		text = strings.NewReplacer("%", fmt.Sprintf("%x", random.Uint32N(1000)), "_", "x").Replace(pick(c.patterns))
	case len(c.bounds) > 0 && part > 0.5:
		text = strconv.FormatFloat(z*10, 'f', 1, 64)
	}
	if c.longest > 0 && len([]rune(text)) > c.longest {
		text = string([]rune(text)[:c.longest])
	}
	return strings.NewReplacer(`\`, `\\`, "\t", " ", "\n", " ").Replace(text)
}
