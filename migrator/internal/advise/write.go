package advise

// What an index costs when rows are written.

// rates are the rows that the workload writes into a table.
type rates struct {
	inserted, deleted float64
	updates           []updating
}

// updating is one statement that updates, with its rows and the columns it sets.
type updating struct {
	rows float64
	sets []string
}

// What one entry of an index costs, in milliseconds: the way down the tree, the
// new entry and its WAL, and what vacuum does later. They are
// estimates of the order of magnitude, and no server's own; GIN writes an entry for
// each key of a value.
const (
	entryTime    = 0.006
	ginEntryTime = 0.05
	// hotLoss is what an update costs more when it cannot be HOT any more: every
	// index of the table gets an entry, and dead rows wait for vacuum.
	hotLoss = 0.010
)

// measureWrites adds up what the workload writes.
func (s *search) measureWrites() {
	s.writes = map[*Table]*rates{}
	for _, q := range s.queries {
		for _, m := range q.Mentions {
			if !m.Target {
				continue
			}
			r := s.writes[m.Table]
			if r == nil {
				r = &rates{}
				s.writes[m.Table] = r
			}
			rows := float64(q.Statement.Rows)
			if rows == 0 {
				rows = float64(q.Statement.Calls)
			}
			switch m.Verb {
			case "insert":
				r.inserted += rows
			case "delete":
				r.deleted += rows
			case "update":
				r.updates = append(r.updates, updating{rows, m.Sets})
			case "merge":
				r.inserted += rows
				r.updates = append(r.updates, updating{rows, m.Sets})
			}
		}
	}
}

// upkeep is what an index costs in the workload's window, in milliseconds.
func (s *search) upkeep(i *Index) float64 {
	r := s.writes[i.Table]
	if r == nil {
		return 0
	}
	each := entryTime
	if i.Method == "gin" {
		each = ginEntryTime
	}
	if i.Method == "brin" {
		each /= 10
	}
	part := i.part()
	sum := (r.inserted + r.deleted/2) * each * part
	hot := hotShare(i.Table)
	for _, u := range r.updates {
		if !touchesAny(i, u.sets) {
			sum += u.rows * (1 - hot) * each * part // not HOT anyway: an entry in every index
			continue
		}
		sum += u.rows * each * part
		if !lostAnyway(i.Table, u.sets) {
			sum += u.rows * hot * (hotLoss + float64(len(i.Table.Indexes))*each)
		}
	}
	return sum
}

// part is the share of the rows that a partial index holds.
func (i *Index) part() float64 {
	if !i.Partial() {
		return 1
	}
	return rareShare
}

// hotShare is the share of updates that are HOT, as the statistics know it; one
// half where they know nothing.
func hotShare(t *Table) float64 {
	if t.Writes.Updated <= 0 {
		return 0.5
	}
	return t.Writes.HotUpdated / t.Writes.Updated
}

func touchesAny(i *Index, columns []string) bool {
	for _, c := range columns {
		if i.touches(c) {
			return true
		}
	}
	return false
}

// lostAnyway says whether an index that is there makes such an update one that is
// not HOT.
func lostAnyway(t *Table, sets []string) bool {
	for _, e := range t.Indexes {
		for _, c := range sets {
			for _, k := range e.Keys {
				if mentions(k, c) {
					return true
				}
			}
			if e.holds([]string{c}) || mentions(e.Predicate, c) {
				return true
			}
		}
	}
	return false
}
