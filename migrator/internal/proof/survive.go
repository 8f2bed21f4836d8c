package proof

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// sample is what the tables of a scratch database held at one time. Tables and
// columns are known by their numbers, which stay when they are renamed.
type sample map[uint32]*sampled

type sampled struct {
	names   []seedName // its own, and those of the tables above it, whose columns it has
	columns map[int]sampleColumn
	rows    [][]string // by the columns' numbers, in order
	numbers []int
	carried bool // the rows are in another table now, among others
}

type sampleColumn struct {
	name, typ string
	generated bool
	composed  bool // of fields or elements, see catalog.KindAttribute
}

// sampleLimit bounds the rows that are read of a table: the schema's files may
// have put any number there.
const sampleLimit = 100

// take reads what tables hold: those that hold something, or those that were
// read before.
func take(ctx context.Context, conn *sql.Conn, tables []*seedTable, before sample) (sample, error) {
	s := sample{}
	for _, t := range tables {
		if before != nil && before[t.OID] == nil {
			continue
		}
		one := &sampled{names: append([]seedName{{t.Schema, t.Name}}, t.Above...), columns: map[int]sampleColumn{}}
		var selects []string
		for _, c := range t.Columns {
			one.columns[c.Number] = sampleColumn{c.Name, c.Type, c.Generated, c.Category == "C" || c.Category == "A"}
			one.numbers = append(one.numbers, c.Number)
			selects = append(selects, "coalesce("+pgdb.QuoteIdent(c.Name)+"::text, chr(1))")
		}
		if len(selects) == 0 {
			selects = []string{"''"}
		}
		query := fmt.Sprintf("SELECT ARRAY[%s]::text[] FROM ONLY %s.%s LIMIT %d", strings.Join(selects, ", "),
			pgdb.QuoteIdent(t.Schema), pgdb.QuoteIdent(t.Name), sampleLimit)
		var err error
		if one.rows, err = pgdb.TextRows(ctx, conn, query); err != nil {
			if pgdb.AsError(err) == nil {
				return nil, err
			}
			continue // a type without text, a column that cannot be read
		}
		if len(one.rows) > 0 && len(one.rows) < sampleLimit || before != nil {
			s[t.OID] = one
		}
	}
	for oid, old := range before {
		if s[oid] != nil {
			continue
		}
		moved, err := carried(ctx, conn, old)
		if err != nil {
			return nil, err
		}
		if moved != nil {
			s[oid] = moved
		}
	}
	return s, nil
}

// lost compares what tables held with what they hold now, and names what is
// missing without a word in the plan. A column whose type was changed is not
// compared, nor one that may hold rows of a type that has other attributes now.
func (s sample) lost(now sample, p *plan.Plan) []string {
	var lost []string
	fields := slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return c.ID.Kind == catalog.KindAttribute })
	moves := slices.ContainsFunc(p.Segments, func(g plan.Segment) bool { // rows of one table into another
		return slices.ContainsFunc(g.Statements, func(st plan.Statement) bool { return strings.HasPrefix(st.SQL, "INSERT INTO ") })
	})
	for oid, old := range s {
		is := now[oid]
		name := old.names[0].Schema + "." + old.names[0].Name
		if is == nil {
			if !old.warned(p, "") {
				lost = append(lost, "the rows of "+name)
			}
			continue
		}
		var kept []int
		for _, n := range old.numbers {
			switch c, there := is.columns[n]; {
			case !there && !old.columns[n].generated && !old.warned(p, old.columns[n].name):
				lost = append(lost, "the values of "+name+"."+old.columns[n].name)
			case fields && c.composed:
			case there && c.typ == old.columns[n].typ && !c.generated && !old.columns[n].generated:
				kept = append(kept, n)
			}
		}
		same := slices.Equal(old.texts(kept), is.texts(kept))
		if is.carried || moves {
			same = within(old.texts(kept), is.texts(kept))
		}
		if !same && !old.warned(p, "") {
			lost = append(lost, "rows of "+name)
		}
	}
	slices.Sort(lost)
	return lost
}

// texts are the rows, reduced to some columns, sorted.
func (s *sampled) texts(numbers []int) []string {
	var all []string
	for _, row := range s.rows {
		var parts []string
		for _, n := range numbers {
			if i := slices.Index(s.numbers, n); i >= 0 && i < len(row) {
				parts = append(parts, row[i])
			}
		}
		all = append(all, strings.Join(parts, "\x02"))
	}
	slices.Sort(all)
	return all
}

// warned says whether a plan says that it loses data of the table, or of a column.
func (s *sampled) warned(p *plan.Plan, column string) bool {
	for _, segment := range p.Segments {
		for _, st := range segment.Statements {
			if slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool { return h.Kind == lint.DataLoss }) && s.hit(st.Object, column) {
				return true
			}
		}
	}
	return false
}

// hit says whether a loss of an object is one of the table, or of a column.
func (s *sampled) hit(id catalog.ID, column string) bool {
	for _, n := range s.names {
		whole := id.Schema == n.Schema && id.Name == n.Name || id.Kind == catalog.KindSchema && id.Name == n.Schema
		if whole && (column == "" || id.Sub == "" || id.Sub == column) {
			return true
		}
	}
	return false
}
