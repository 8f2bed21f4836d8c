package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// What only the user knows: how a new column is filled. A backfill runs when the
// columns that it names are there, and before old ones go. NOT NULL of a new column
// without a default waits for it.

// backfills are those of a table that name a column which comes, goes or gets
// another type: an annotation stays in its file when it has long been run.
func (p *planner) backfills(table catalog.ID) []Backfill {
	var due []Backfill
	for _, b := range p.opts.Backfills {
		if b.Table != table || !p.settled(table) {
			continue
		}
		named := words(b.SQL)
		for _, s := range p.columnsOf(table) {
			if named[s.id.Sub] && (s.made() || s.gone || s.retype) {
				due = append(due, b)
				break
			}
		}
	}
	return due
}

// columnsOf are a table's columns, old and new.
func (p *planner) columnsOf(table catalog.ID) []*state {
	var columns []*state
	seen := map[catalog.ID]bool{}
	for _, parts := range [][]catalog.ID{p.oldParts.of(table), p.newParts.of(table)} {
		for _, id := range parts {
			if id.Kind == catalog.KindColumn && !seen[id] {
				seen[id] = true
				columns = append(columns, p.at(id))
			}
		}
	}
	return columns
}

// filled tells whether a new column gets its values from a backfill, and NOT NULL
// after that.
func (p *planner) filled(o *catalog.Object, d *catalog.Column) bool {
	s := p.at(o.ID)
	if !d.NotNull || !s.made() || d.Identity != "" || d.Generated != "" || p.defaultOf(p.to, o.ID) != nil {
		return false
	}
	for _, b := range p.backfills(table(p.to, o.ID)) {
		if words(b.SQL)[o.ID.Sub] {
			return true
		}
	}
	return false
}

// fillNodes makes the statements of backfills, and what waits for them.
func (p *planner) fillNodes() {
	for _, s := range p.order {
		id := s.id
		due := p.backfills(id)
		if len(due) == 0 {
			continue
		}
		var steps []step
		for _, b := range due {
			st := p.backfill(id, b)
			for _, c := range p.columnsOf(id) {
				if assigned(b.SQL, c.id.Sub) {
					st.Told = append(st.Told, c.id)
				}
			}
			steps = append(steps, st)
		}
		for _, c := range p.columnsOf(id) {
			if d, ok := detailOf[*catalog.Column](c.new); ok && p.filled(c.new, d) {
				steps = append(steps, p.nullability(c, d, id)...)
			}
		}
		p.chain(id, phaseFill, steps)
	}
}

// assigned tells whether a statement sets a column. Roughly: what it says too much
// only costs a comparison.
func assigned(sql, column string) bool {
	for _, name := range []string{column, catalog.Quote(column)} {
		for rest := sql; ; {
			i := strings.Index(rest, name)
			if i < 0 {
				break
			}
			rest = rest[i+len(name):]
			if after := strings.TrimLeft(rest, " \t\n)"); strings.HasPrefix(after, "=") || strings.HasPrefix(after, ",") {
				return true
			}
		}
	}
	return false
}

// fillEdges put backfills in their place.
func (p *planner) fillEdges() {
	g := &p.graph
	for _, s := range p.order {
		id := s.id
		fill := g.nodes[nodeKey{id, phaseFill}]
		if fill == nil {
			continue
		}
		before(g.find(id, phaseAlter), fill, true)
		for _, c := range p.columnsOf(id) {
			before(g.find(c.id, phaseMake), fill, false)
			before(g.find(c.id, phaseAlter), fill, true)
			if c.gone && c.new == nil {
				before(fill, g.find(c.id, phaseDrop), false)
			}
		}
		for _, part := range p.newParts.of(id) {
			if part.Kind == catalog.KindConstraint || part.Kind == catalog.KindIndex || part.Kind == catalog.KindTrigger {
				before(fill, g.find(part, phaseMake), true)
			}
		}
	}
}

// Lookup finds what people call "schema.table" or "schema.table.column"; the
// schema may be left out when it is public.
func Lookup(c *catalog.Catalog, path string) (catalog.ID, error) {
	t, ok := named(c, strings.Join(nameParts(path), "."))
	if !ok || t.label != "" {
		return catalog.ID{}, fmt.Errorf("there is no %s in the wanted schema", path)
	}
	return t.id, nil
}
