package proof

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

const (
	seedRows  = 2  // rows of each table
	seedTries = 60 // statements to satisfy a table's checks
	seedAll   = 40 // up to so many tables all are seeded; of more, those that change
)

// Triggers and foreign keys keep still while tables are filled and emptied,
// where we may say so.
const (
	quiet = "SET session_replication_role = replica"
	loud  = "RESET session_replication_role"
)

// seed puts a few rows into the empty tables of a scratch database, so that the
// proof can see whether they survive. A table whose constraints are not met
// after some tries stays empty.
func seed(ctx context.Context, conn *sql.Conn, run *pgdb.Runner, tables []*seedTable) error {
	if len(tables) == 0 {
		return nil
	}
	if _, err := run.ExecContext(ctx, quiet); err == nil {
		defer run.ExecContext(ctx, loud)
	}
	types, err := readTypes(ctx, conn)
	if err != nil {
		return err
	}
	s := &seeder{ctx: ctx, conn: conn, types: types, tables: map[uint32]*seedTable{}, random: rand.New(rand.NewPCG(1, 1))}
	for _, t := range tables {
		t.sqlName = pgdb.QuoteIdent(t.Schema) + "." + pgdb.QuoteIdent(t.Name)
		s.tables[t.OID] = t
	}
	for _, t := range tables {
		if err := s.table(t); err != nil {
			return err
		}
	}
	return nil
}

// relevant are the tables that a plan has to do with, and what they reference.
func relevant(tables []*seedTable, p *plan.Plan) []*seedTable {
	if len(tables) <= seedAll {
		return tables
	}
	type name struct{ schema, name string }
	named := map[name]bool{}
	for _, c := range p.Changes {
		named[name{c.ID.Schema, c.ID.Name}] = true
	}
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			named[name{st.Object.Schema, st.Object.Name}] = true
		}
	}
	wanted := map[uint32]bool{}
	for _, t := range slices.Backward(tables) { // children before parents
		if wanted[t.OID] || named[name{t.Schema, t.Name}] {
			wanted[t.OID] = true
			for _, k := range t.Keys {
				wanted[k.Table] = true
			}
		}
	}
	var some []*seedTable
	for _, t := range tables {
		if wanted[t.OID] {
			some = append(some, t)
		}
	}
	return some
}

type seeder struct {
	ctx    context.Context
	conn   *sql.Conn
	types  seedTypes
	tables map[uint32]*seedTable
	random *rand.Rand
}

// row is a value for each column that is given one.
type row map[string]string

// table seeds one table: all rows at once where that works, else row by row.
func (s *seeder) table(t *seedTable) error {
	if t.Name == catalog.HistoryTable {
		return nil
	}
	var rows []row
	for n := 1; n <= seedRows; n++ {
		rows = append(rows, s.row(t, n, true))
	}
	err := s.insert(t, true, rows...)
	if err == nil || pgdb.AsError(err) == nil {
		return err
	}
	for n := 1; n <= seedRows; n++ {
		if err := s.hard(t, n); err != nil {
			return err
		}
	}
	return nil
}

// hard looks for a row that the table takes: with a value in every column, or
// without those that may be left out.
func (s *seeder) hard(t *seedTable, n int) error {
	for _, full := range []bool{true, false} {
		done, err := s.try(t, s.row(t, n, full))
		if done || err != nil {
			return err
		}
	}
	return nil
}

// try adds a row, and gives other values to what a check refuses.
func (s *seeder) try(t *seedTable, r row) (done bool, err error) {
	for range seedTries {
		err := s.insert(t, false, r)
		e := pgdb.AsError(err)
		if e == nil {
			return err == nil, err
		}
		if e.Code != "23514" || !s.mend(t, r, e) {
			return false, nil // nothing that another value of ours would mend
		}
	}
	return false, nil
}

// mend gives other values to the columns that a check is about.
func (s *seeder) mend(t *seedTable, r row, e *pgdb.Error) bool {
	columns, texts := t.BoundBy, []string{t.Bound}
	for _, c := range t.Checks {
		if c.Name == e.Name {
			columns, texts = c.Columns, []string{c.Text}
		}
	}
	changed := false
	for i := range t.Columns {
		c := &t.Columns[i]
		about := slices.Contains(columns, c.Name)
		if e.Table == "" && len(c.Checks) > 0 { // a domain's check names no table
			about, texts = true, c.Checks
		}
		if !about || c.Generated {
			continue
		}
		if all := c.candidates(texts); len(all) > 0 {
			r[c.Name] = all[s.random.IntN(len(all))]
			changed = true
		}
	}
	return changed
}

// row is the n-th row of plain values; one that is not full leaves out what may
// be left out.
func (s *seeder) row(t *seedTable, n int, full bool) row {
	r := row{}
	for i := range t.Columns {
		c := &t.Columns[i]
		if !c.Generated && !c.Identity && (full || c.NotNull && !c.Default) {
			r[c.Name] = c.value(n)
			if made, ok := s.types.value(c.OID, c.Type, n, 0); ok && full {
				r[c.Name] = made
			}
		}
	}
	for _, k := range t.Keys {
		parent := s.tables[k.Table]
		for i, name := range k.Columns {
			c := t.column(name)
			switch {
			case c == nil || c.Generated || c.Identity:
			case parent != nil && parent != t:
				r[name] = fmt.Sprintf("(SELECT %s FROM %s ORDER BY ctid LIMIT 1 OFFSET (%d %% greatest(1, (SELECT count(*) FROM %s))))",
					pgdb.QuoteIdent(k.Parents[i]), parent.sqlName, n-1, parent.sqlName)
				if c.NotNull { // in a circle the parent is still empty
					r[name] = "coalesce(" + r[name] + ", " + c.value(n) + ")"
				}
			case c.NotNull:
				r[name] = c.value(n)
			default:
				r[name] = c.null()
			}
		}
	}
	return r
}

func (t *seedTable) column(name string) *seedColumn {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// insert adds rows of the same columns; with ifEmpty only to an empty table.
func (s *seeder) insert(t *seedTable, ifEmpty bool, rows ...row) error {
	var names, quoted, values []string
	for _, c := range t.Columns {
		if _, ok := rows[0][c.Name]; ok {
			names = append(names, c.Name)
			quoted = append(quoted, pgdb.QuoteIdent(c.Name))
		}
	}
	where := ""
	if ifEmpty {
		where = " WHERE NOT EXISTS (SELECT FROM ONLY " + t.sqlName + ")"
	}
	if len(names) == 0 {
		_, err := s.conn.ExecContext(s.ctx, "INSERT INTO "+t.sqlName+" DEFAULT VALUES")
		return err
	}
	for _, r := range rows {
		var one []string
		for _, name := range names {
			one = append(one, r[name])
		}
		values = append(values, "("+strings.Join(one, ", ")+")")
	}
	_, err := s.conn.ExecContext(s.ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM (VALUES %s) v%s",
		t.sqlName, strings.Join(quoted, ", "), strings.Join(values, ", "), where))
	return err
}
