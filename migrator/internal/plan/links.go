package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// links lead from objects to others: who needs them, what is part of them. They
// are places among all states, since a large schema has many, and identities are
// large.
type links struct {
	planner *planner
	first   []int32 // where those of an object begin; the next one's is where they end
	to      []int32
}

// pair is one link, by places.
type pair struct{ from, to int32 }

// newLinks orders pairs by where they lead from, and keeps their order beyond that.
func (p *planner) newLinks(pairs []pair) links {
	l := links{p, make([]int32, len(p.order)+1), make([]int32, len(pairs))}
	for _, e := range pairs {
		l.first[e.from+1]++
	}
	for i := range len(p.order) {
		l.first[i+1] += l.first[i]
	}
	next := make([]int32, len(p.order))
	copy(next, l.first)
	for _, e := range pairs {
		l.to[next[e.from]] = e.to
		next[e.from]++
	}
	return l
}

// of are the objects that an object's links lead to.
func (l links) of(id catalog.ID) []catalog.ID {
	at, ok := l.planner.place[id]
	if !ok || l.first[at] == l.first[at+1] {
		return nil
	}
	ids := make([]catalog.ID, 0, l.first[at+1]-l.first[at])
	for _, to := range l.to[l.first[at]:l.first[at+1]] {
		ids = append(ids, l.planner.order[to].id)
	}
	return ids
}

// needs are the links from what the objects of a catalog need to them.
func (p *planner) needs(c *catalog.Catalog) links {
	var pairs []pair
	for _, id := range c.Order {
		user, ok := p.place[id]
		if !ok {
			continue
		}
		for on := range c.Objects[id].Needs() {
			if to, ok := p.place[on]; ok {
				pairs = append(pairs, pair{to, user})
			}
		}
	}
	return p.newLinks(pairs)
}

// parts are the links from objects to their parts.
func (p *planner) parts(c *catalog.Catalog) links {
	var pairs []pair
	for _, id := range c.Order {
		if parent, ok := c.Parent(id); ok {
			part, ok := p.place[id]
			if whole, is := p.place[parent]; ok && is {
				pairs = append(pairs, pair{whole, part})
			}
		}
	}
	return p.newLinks(pairs)
}
