package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// forgotten are the steps that give back what PostgreSQL forgets of the indexes and
// statistics that it makes anew when the types of columns change: targets of
// statistics, and the owner of statistics.
func (p *planner) forgotten(columns []*state) []step {
	var steps []step
	seen := map[catalog.ID]bool{}
	for _, c := range p.alsoBelow(columns) {
		for _, user := range p.users.of(c) {
			s := p.at(user)
			if seen[user] || s.new == nil || s.gone {
				continue
			}
			seen[user] = true
			switch d := s.new.Detail.(type) {
			case *catalog.Index:
				steps = append(steps, indexSettings(s.new, &catalog.Index{Clustered: d.Clustered}, d)...)
			case *catalog.Statistics:
				if d.Target != -1 {
					steps = append(steps, statisticsTarget(s.new, d))
				}
				if !p.opts.NoOwners && s.new.Owner != p.from.Role {
					steps = append(steps, owner(s.new))
				}
			}
		}
	}
	return steps
}

// alsoBelow are columns, and those of child tables that change with them.
func (p *planner) alsoBelow(columns []*state) []catalog.ID {
	var all []catalog.ID
	var below func(column catalog.ID)
	below = func(column catalog.ID) {
		all = append(all, column)
		parent, _ := p.from.Parent(column)
		for _, child := range p.oldChildren[parent] {
			below(catalog.ID{Kind: catalog.KindColumn, Schema: child.Schema, Name: child.Name, Sub: column.Sub})
		}
	}
	for _, c := range columns {
		below(c.id)
	}
	return all
}
