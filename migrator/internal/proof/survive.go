package proof

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// sample is what the tables of a scratch database held at one time. Tables and
// columns are known by their numbers, which stay when they are renamed.
type sample map[uint32]*sampled

type sampled struct {
	names   []seedName // its own, and those of the tables above it, whose columns it has
	columns map[int]sampleColumn
	rows    [][]value // by the columns' numbers, in order
	numbers []int
	carried bool // the rows are in another table now, among others
	more    bool // there may be rows that were not read
}

type sampleColumn struct {
	name      string
	generated bool
}

// The schema's files may have put any number of rows into a table. Some of them are
// read before the migration; where those are not among the first ones any more
// afterwards, they are looked for among many.
const (
	sampleLimit = 100
	searchLimit = 200 * sampleLimit
)

// readRows reads the rows of a table, each column as text and as JSON.
func readRows(ctx context.Context, conn *sql.Conn, columns []string, from string, limit int) ([][]value, error) {
	selects := []string{"''"}
	for _, c := range columns {
		name := pgdb.QuoteIdent(c)
		selects = append(selects, "coalesce("+name+"::text, chr(1))", "coalesce(to_json("+name+")::text, '')")
	}
	texts, err := pgdb.TextRows(ctx, conn, fmt.Sprintf("SELECT ARRAY[%s]::text[] FROM %s LIMIT %d", strings.Join(selects, ", "), from, limit))
	if err != nil {
		return nil, err
	}
	rows := make([][]value, len(texts))
	for i, t := range texts {
		for k := 1; k+1 < len(t); k += 2 {
			rows[i] = append(rows[i], value{null: t[k] == "\x01", text: t[k], json: t[k+1]})
		}
	}
	return rows, nil
}

// take reads what tables hold, up to limit rows each: those that hold something, or
// those that were read before.
func take(ctx context.Context, conn *sql.Conn, tables []*seedTable, before sample, p *plan.Plan, limit int) (sample, error) {
	s := sample{}
	for _, t := range tables {
		if before != nil && before[t.OID] == nil {
			continue
		}
		one := &sampled{names: append([]seedName{{t.Schema, t.Name}}, t.Above...), columns: map[int]sampleColumn{}}
		var names []string
		for _, c := range t.Columns {
			one.columns[c.Number] = sampleColumn{c.Name, c.Generated}
			one.numbers = append(one.numbers, c.Number)
			names = append(names, c.Name)
		}
		var err error
		one.rows, err = readRows(ctx, conn, names, "ONLY "+pgdb.QuoteIdent(t.Schema)+"."+pgdb.QuoteIdent(t.Name), limit)
		if err != nil {
			if pgdb.AsError(err) == nil {
				return nil, err
			}
			continue // a type without text, a column that cannot be read
		}
		one.more = len(one.rows) == limit
		if len(one.rows) > 0 || before != nil {
			s[t.OID] = one
		}
	}
	for oid, old := range before {
		if s[oid] != nil {
			continue
		}
		moved, err := carried(ctx, conn, old, p, limit)
		if err != nil {
			return nil, err
		}
		if moved != nil {
			s[oid] = moved
		}
	}
	return s, nil
}

// filled are those of the tables that hold rows.
func filled(ctx context.Context, conn *sql.Conn, tables []*seedTable) (map[uint32]bool, error) {
	holds := map[uint32]bool{}
	if len(tables) == 0 {
		return holds, nil
	}
	var asks []string
	for i, t := range tables {
		asks = append(asks, fmt.Sprintf("SELECT ARRAY['%d'] WHERE EXISTS (SELECT FROM ONLY %s.%s)", i, pgdb.QuoteIdent(t.Schema), pgdb.QuoteIdent(t.Name)))
	}
	found, err := pgdb.TextRows(ctx, conn, strings.Join(asks, " UNION ALL "))
	if err != nil {
		return nil, err
	}
	for _, row := range found {
		i, _ := strconv.Atoi(row[0])
		holds[tables[i].OID] = true
	}
	return holds, nil
}

// only are the samples of some tables.
func (s sample) only(tables []uint32) sample {
	some := sample{}
	for _, oid := range tables {
		some[oid] = s[oid]
	}
	return some
}

// lost compares what tables held with what they hold now, and names what is
// missing without a word in the plan. Rows that came to be beside them are no
// loss. unsure are the tables whose rows may be among those that were not read.
func (s sample) lost(now sample, p *plan.Plan) (lost []string, unsure []uint32) {
	names := saidBy(p)
	for oid, old := range s {
		is := now[oid]
		name := old.names[0].Schema + "." + old.names[0].Name
		if is == nil {
			if !old.warned(p, nil, "") {
				lost = append(lost, "the rows of "+name)
			}
			continue
		}
		var kept []int
		for _, n := range old.numbers {
			c, there := is.columns[n]
			switch {
			case there && c.generated, old.columns[n].generated && !there && !is.plain(old.columns[n].name): // they are computed
			case there && is.told(p, c.name): // the user says what they become
			case old.warned(p, is, old.columns[n].name) || there && old.warned(p, is, c.name):
			case !there:
				lost = append(lost, "the values of "+name+"."+old.columns[n].name)
			default:
				kept = append(kept, n)
			}
		}
		switch column, ok := old.missing(is, kept, names); {
		case ok || old.warned(p, is, ""):
		case is.more:
			unsure = append(unsure, oid)
		case column != 0:
			lost = append(lost, "values of "+name+"."+old.columns[column].name)
		default:
			lost = append(lost, "rows of "+name)
		}
	}
	slices.Sort(lost)
	return lost, unsure
}

// plain tells whether there is a column of a name that is not computed.
func (s *sampled) plain(name string) bool {
	for _, c := range s.columns {
		if c.name == name && !c.generated {
			return true
		}
	}
	return false
}

// missing looks for a row that is not among the new ones any more. Where it is
// but for one column, it names that.
func (s *sampled) missing(now *sampled, columns []int, names *said) (column int, ok bool) {
	taken := make([]bool, len(now.rows))
	left := s.rows
	if len(now.rows) > sampleLimit {
		left = s.unlike(now, columns, taken)
	}
	for _, row := range left {
		found, differs := false, -1
		for i, other := range now.rows {
			if taken[i] {
				continue
			}
			wrong, last := 0, 0
			for _, n := range columns {
				if !s.at(row, n).survives(now.at(other, n), names) {
					last = n
					if wrong++; wrong > 1 {
						break
					}
				}
			}
			if wrong == 0 {
				taken[i], found = true, true
				break
			}
			if wrong == 1 && len(columns) > 1 {
				differs = last
			}
		}
		if !found {
			return max(differs, 0), false
		}
	}
	return 0, true
}

// fuzzyLimit is how many rows are looked for, one by one, among many whose values
// may be printed otherwise.
const fuzzyLimit = 20

// unlike are the rows, up to a limit, that are not among the new ones just as they
// were; the others take theirs.
func (s *sampled) unlike(now *sampled, columns []int, taken []bool) [][]value {
	key := func(of *sampled, row []value) string {
		var b strings.Builder
		for _, n := range columns {
			v := of.at(row, n)
			fmt.Fprintf(&b, "%t %q %q ", v.null, v.text, v.json)
		}
		return b.String()
	}
	places := map[string][]int{}
	for i, row := range now.rows {
		k := key(now, row)
		places[k] = append(places[k], i)
	}
	var left [][]value
	for _, row := range s.rows {
		k := key(s, row)
		if at := places[k]; len(at) > 0 {
			taken[at[0]], places[k] = true, at[1:]
		} else if len(left) < fuzzyLimit {
			left = append(left, row)
		}
	}
	return left
}

// at is a row's value of a column.
func (s *sampled) at(row []value, number int) value {
	if i := slices.Index(s.numbers, number); i >= 0 && i < len(row) {
		return row[i]
	}
	return value{null: true}
}

// saidBy collects what a plan says of names within values.
func saidBy(p *plan.Plan) *said {
	names := &said{gone: map[string]bool{}, attributes: map[string]string{}, labels: map[string]string{}}
	for _, c := range p.Changes {
		if c.Action != plan.Rename {
			continue
		}
		if c.ID.Kind == catalog.KindAttribute {
			follow(names.attributes, c.ID.Sub, c.To.Sub)
		}
		if c.Label != c.NewLabel {
			follow(names.labels, c.Label, c.NewLabel)
		}
	}
	for _, segment := range p.Segments {
		for _, st := range segment.Statements {
			for _, id := range st.Losses() {
				if id.Kind == catalog.KindAttribute {
					names.gone[id.Sub] = true
				}
			}
		}
	}
	return names
}

// follow adds a rename to those before it: what they led to goes on.
func follow(names map[string]string, from, to string) {
	for first, now := range names {
		if now == from {
			names[first] = to
			return
		}
	}
	names[from] = to
}

// warned says whether a plan says that it loses data of the table, under the
// name that it had or has, or of a column.
func (s *sampled) warned(p *plan.Plan, now *sampled, column string) bool {
	if now == nil {
		now = &sampled{}
		for _, n := range s.names {
			now.names = append(now.names, n.under(p))
		}
	}
	for _, segment := range p.Segments {
		for _, st := range segment.Statements {
			for _, id := range st.Losses() {
				if s.hit(id, column) || now.hit(id, column) {
					return true
				}
			}
		}
	}
	return false
}

// told says whether the user has said what becomes of a column's values.
func (s *sampled) told(p *plan.Plan, column string) bool {
	for _, segment := range p.Segments {
		for _, st := range segment.Statements {
			for _, id := range st.Told {
				if id.Sub == column && s.hit(id, column) {
					return true
				}
			}
		}
	}
	return false
}

// hit says whether a loss of an object is one of the table, or of a column.
func (s *sampled) hit(id catalog.ID, column string) bool {
	for _, n := range s.names {
		whole := id.Schema == n.Schema && id.Name == n.Name || id.Kind == catalog.KindSchema && id.Name == n.Schema
		if whole && (id.Sub == "" || column != "" && id.Sub == column) {
			return true
		}
	}
	return false
}
