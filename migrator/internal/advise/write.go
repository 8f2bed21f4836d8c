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

// What one entry of an index costs, in milliseconds of CPU time: the way down the
// tree, the new entry and its WAL, and what VACUUM does later. TestWriteCosts -writes
// measures them (PostgreSQL 15, 200,000 rows in memory, row by row in no order):
// 4.5 to 5.5 µs for an entry of a btree, 1.2 for each key of a value in GIN, 0.5 for
// BRIN, 0.7 for a row deleted, and 8.7 for an update that is no longer HOT, which
// is not more than the two entries that it writes. They are rounded up: not all
// is in memory everywhere.
const (
	entryTime  = 0.006
	ginKeyTime = 0.0015
	// hotLoss is what an update costs more, beside the entries that every index of
	// the table gets, when it cannot be HOT any more.
	hotLoss = 0.001
	// brinShare and deletedShare are parts of entryTime.
	brinShare    = 0.1
	deletedShare = 0.15
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
		each = ginKeyTime * i.keysOfValue()
	}
	if i.Method == "brin" {
		each *= brinShare
	}
	part := i.part()
	sum := (r.inserted + r.deleted*deletedShare) * each * part
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

// keysOfValue is about how many keys GIN finds in a value: as many trigrams as a
// text has bytes; of words, elements and paths one for eight bytes.
func (i *Index) keysOfValue() float64 {
	const unknown, perWord = 32, 8 // bytes
	width := 0.0
	for _, c := range i.Table.Columns {
		if i.touches(c.Name) {
			width += c.Width
		}
	}
	if width <= 0 {
		width = unknown
	}
	if i.Keys[0].Class == "gin_trgm_ops" {
		return width
	}
	return max(1, width/perWord)
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
