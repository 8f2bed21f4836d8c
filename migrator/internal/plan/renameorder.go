package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// A name has to be free before another thing takes it. So renames run in the
// order in which names become free; where they go in a circle (two things change
// names) one of them waits under another name. A thing that keeps a name which
// another one takes is going to be dropped: it makes room.

// move is a thing with its new name.
type move struct {
	thing
	to []string
}

// waiting is the name of what waits, or makes room.
func waiting(name string) string { return shorten(name, "__old") }

// takes is the name that a move takes.
func (m move) takes(c *catalog.Catalog) place {
	to := m.to[len(m.to)-1]
	p := m.leaves(c)
	p.name = to
	if schema := movesTo(m.id, m.to); m.label == "" && schema != "" {
		p.schema = schema
	}
	return p
}

// leaves is the name that a move makes free.
func (m move) leaves(c *catalog.Catalog) place { return placeOf(c, m.thing) }

// place is a name in its name space.
type place struct{ space, schema, name string }

func placeOf(c *catalog.Catalog, t thing) place {
	id := t.id
	switch {
	case t.label != "":
		return place{"label of " + id.Path(), id.Schema, t.label}
	case id.Kind == catalog.KindSchema:
		return place{"schema", "", id.Name}
	case isRoutine(id.Kind):
		return place{"routine " + id.Sub, id.Schema, id.Name}
	case id.Kind == catalog.KindConstraint:
		if d, ok := detailOf[*catalog.Constraint](c.Objects[id]); ok && d.Index != "" {
			return place{"relation", id.Schema, id.Sub}
		}
		return place{"constraint of " + id.Name, id.Schema, id.Sub}
	case id.Sub != "":
		return place{string(id.Kind) + " of " + id.Name, id.Schema, id.Sub}
	}
	return place{"relation", id.Schema, id.Name} // types share it with tables
}

// inOrder makes the steps of moves of rising level.
func inOrder(c *catalog.Catalog, all []move) []RenameStep {
	holders := map[place]thing{}
	for _, id := range c.Order {
		if id.Kind == catalog.KindDefault {
			continue
		}
		t := thing{id: id}
		holders[placeOf(c, t)] = t
		if e, ok := c.Objects[id].Detail.(*catalog.Enum); ok {
			for _, l := range e.Labels {
				t := thing{id, l}
				holders[placeOf(c, t)] = t
			}
		}
	}
	leaves := map[place]bool{}
	for _, m := range all {
		leaves[m.leaves(c)] = true
	}
	var steps []RenameStep
	for _, m := range all { // what keeps a name that is wanted makes room
		p := m.takes(c)
		if t, taken := holders[p]; taken && !leaves[p] && t.id.Kind != catalog.KindSchema && t.label == "" {
			for _, step := range nameSteps(c, t.id, *c.Objects[t.id], waiting(p.name)) {
				step.room = true
				steps = append(steps, step)
			}
			delete(holders, p)
		}
	}
	var late []RenameStep
	for len(all) > 0 {
		level := all[0].level()
		i := slices.IndexFunc(all, func(m move) bool {
			p := m.takes(c)
			return m.level() == level && !slices.ContainsFunc(all, func(o move) bool { return o.leaves(c) == p && o.thing != m.thing })
		})
		if i >= 0 {
			steps = append(steps, renameSteps(c, all[i].thing, all[i].to)...)
			all = slices.Delete(all, i, i+1)
			if len(all) == 0 || all[0].level() != level {
				steps, late = append(steps, late...), nil
			}
			continue
		}
		first, last := stepAside(c, all[0])
		steps, late = append(steps, first...), append(late, last...)
		all = slices.Delete(all, 0, 1)
		if len(all) == 0 || all[0].level() != level {
			steps, late = append(steps, late...), nil
		}
	}
	return append(steps, late...)
}

// stepAside renames a thing to a name that nobody wants, and from there to its
// own.
func stepAside(c *catalog.Catalog, m move) (first, last []RenameStep) {
	if m.label != "" {
		away := waiting(m.label)
		return []RenameStep{labelStep(m.thing, away)}, []RenameStep{labelStep(thing{m.id, away}, m.to[len(m.to)-1])}
	}
	now := *c.Objects[m.id]
	name := now.ID.Name
	if now.ID.Sub != "" && !isRoutine(now.ID.Kind) {
		name = now.ID.Sub
	}
	first = nameSteps(c, m.id, now, waiting(name))
	now.ID = first[0].New
	if schema := movesTo(m.id, m.to); schema != "" {
		moved := now
		moved.ID.Schema = schema
		last = append(last, renameStep(now.ID, moved.ID, "ALTER "+reference(&now)+" SET SCHEMA "+catalog.Quote(schema), "ALTER "+reference(&moved)+" SET SCHEMA "+catalog.Quote(now.ID.Schema)))
		now = moved
	}
	return first, append(last, nameSteps(c, m.id, now, m.to[len(m.to)-1])...)
}
