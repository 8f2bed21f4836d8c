package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// olderLike are the indexes of a key's table that are like the key's own and older.
// In a copy they come first, too: where several would do, PostgreSQL takes the
// oldest. Not unique ones: a foreign key of the copy would keep to them, where that
// of the database keeps to the key.
func (p *planner) olderLike(o *catalog.Object) []catalog.ID {
	key, ok := detailOf[*catalog.Constraint](o)
	if !ok || !p.opts.Offline || key.Index == "" {
		return nil
	}
	_, like, _ := strings.Cut(key.Index, " ON ")
	var older []catalog.ID
	for _, id := range p.newParts.of(key.Table) {
		index := p.to.Objects[id]
		d, ok := detailOf[*catalog.Index](index)
		if !ok || d.Unique || index.Age >= o.Age || !p.at(id).made() {
			continue
		}
		if _, definition, _ := strings.Cut(d.Definition, " ON "); definition == like {
			older = append(older, id)
		}
	}
	return older
}
