package nplusone

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Guess makes a schema of what statements name, where no database can be asked:
// tables with the columns that appear, and id as their key. References are guessed
// by the names of columns, as everywhere.
func Guess(statements []*workload.Statement) *Schema {
	s := &Schema{}
	for _, st := range statements {
		text, _ := workload.Shortened(st.SQL)
		parsed, err := pgsql.Parse(text)
		if err != nil {
			continue
		}
		for _, p := range parsed {
			for _, use := range pgsql.Uses(p.Node, pgsql.Schema{}) {
				s.mention(use)
			}
		}
	}
	return s
}

func (s *Schema) mention(use *pgsql.Use) {
	i := slices.IndexFunc(s.Tables, func(t Table) bool { return t.Name == use.Table && (t.Schema == use.Schema || use.Schema == "") })
	if i < 0 {
		i = len(s.Tables)
		schema := use.Schema
		if schema == "" {
			schema = "public"
		}
		s.Tables = append(s.Tables, Table{Schema: schema, Name: use.Table, Keys: [][]string{{"id"}}})
	}
	for _, c := range slices.Concat(use.Columns, use.Sets) {
		if !slices.Contains(s.Tables[i].Columns, c) {
			s.Tables[i].Columns = append(s.Tables[i].Columns, c)
		}
	}
}
