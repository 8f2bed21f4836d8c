package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// sequenceDefaults are PostgreSQL's for a type and a direction.
func sequenceDefaults(kind string, increment int64) catalog.SequenceOptions {
	o := catalog.SequenceOptions{Type: kind, Increment: 1, Cache: 1}
	var lo, hi int64 = -1 << 63, 1<<63 - 1
	switch kind {
	case "integer":
		lo, hi = -1<<31, 1<<31-1
	case "smallint":
		lo, hi = -1<<15, 1<<15-1
	}
	if increment < 0 {
		o.Min, o.Max, o.Start = lo, -1, -1
	} else {
		o.Min, o.Max, o.Start = 1, hi, 1
	}
	return o
}

// sequenceOptions are the words that bring old to now. An old without
// an increment is a sequence that is not there yet.
func sequenceOptions(old, now *catalog.SequenceOptions) []string {
	base := *old
	fresh := old.Increment == 0
	if fresh {
		base = sequenceDefaults(now.Type, now.Increment)
		base.Type = old.Type
	}
	var words []string
	if now.Type != base.Type && !(fresh && now.Type == "bigint" && base.Type == "") {
		words = append(words, "AS "+now.Type)
		if !fresh {
			// A new type moves bounds that were the old type's; say them all.
			base.Min, base.Max = now.Min+1, now.Max+1
		}
	}
	if now.Increment != base.Increment {
		words = append(words, fmt.Sprintf("INCREMENT BY %d", now.Increment))
	}
	if now.Min != base.Min {
		words = append(words, fmt.Sprintf("MINVALUE %d", now.Min))
	}
	if now.Max != base.Max {
		words = append(words, fmt.Sprintf("MAXVALUE %d", now.Max))
	}
	start := base.Start
	if fresh && now.Increment > 0 {
		start = now.Min
	} else if fresh {
		start = now.Max
	}
	if now.Start != start {
		words = append(words, fmt.Sprintf("START WITH %d", now.Start))
	}
	if !fresh && (old.Start < now.Min || old.Start > now.Max) {
		// It stands at its start or beyond, which the new bounds leave out.
		words = append(words, fmt.Sprintf("RESTART WITH %d", now.Start))
	}
	if now.Cache != base.Cache {
		words = append(words, fmt.Sprintf("CACHE %d", now.Cache))
	}
	if now.Cycle != base.Cycle {
		if now.Cycle {
			words = append(words, "CYCLE")
		} else {
			words = append(words, "NO CYCLE")
		}
	}
	return words
}

func makeSequence(o *catalog.Object, d *catalog.Sequence) []step {
	unlogged := ""
	if d.Persistence == "u" {
		unlogged = "UNLOGGED "
	}
	words := append([]string{"CREATE " + unlogged + "SEQUENCE " + o.ID.SQL()}, sequenceOptions(&catalog.SequenceOptions{}, &d.SequenceOptions)...)
	return []step{say(o.ID, strings.Join(words, " "))}
}

func (p *planner) alterSequence(s *state) []step {
	old, now := catalog.As[*catalog.Sequence](s.old), catalog.As[*catalog.Sequence](s.new)
	var steps []step
	if old.OwnedBy.Kind != "" && old.OwnedBy != now.OwnedBy && !p.at(old.OwnedBy).gone {
		steps = append(steps, say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" OWNED BY NONE"))
	}
	if words := sequenceOptions(&old.SequenceOptions, &now.SequenceOptions); len(words) > 0 {
		steps = append(steps, say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" "+strings.Join(words, " ")))
	}
	if old.Persistence != now.Persistence {
		steps = append(steps, say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" "+setPersistence(now.Persistence)))
	}
	return steps
}

func wholeNumber(o *catalog.Object) bool {
	d, ok := detailOf[*catalog.Column](o)
	return ok && (d.Type == "integer" || d.Type == "bigint" || d.Type == "smallint")
}

// releaseSequence saves a sequence from going with the column that owned it.
func (p *planner) releaseSequence(s *state) []step {
	_, ok := detailOf[*catalog.Sequence](s.new)
	old, had := detailOf[*catalog.Sequence](s.old)
	if !ok || !had || s.gone || old.OwnedBy.Kind == "" || !p.at(old.OwnedBy).gone {
		return nil
	}
	return []step{say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" OWNED BY NONE")}
}

// giveSequence makes a column own a sequence.
func (p *planner) giveSequence(s *state) []step {
	now, ok := detailOf[*catalog.Sequence](s.new)
	if !ok {
		return nil
	}
	had := catalog.ID{}
	if old, ok := s.oldSequence(); ok && !s.gone {
		had = old.OwnedBy
	}
	if had == now.OwnedBy && (had.Kind == "" || !p.at(had).gone) {
		return nil
	}
	if now.OwnedBy.Kind == "" {
		return nil // alterSequence has let go
	}
	steps := []step{say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" OWNED BY "+now.OwnedBy.SQL()+"."+catalog.Quote(now.OwnedBy.Sub))}
	begins := s.made() || had.Kind != "" && had != now.OwnedBy
	if column := p.at(now.OwnedBy); begins && p.keepsValues(column) && wholeNumber(column.new) {
		steps = append(steps, continueAt(column.new, &catalog.Column{SequenceName: s.id.SQL(), Sequence: &now.SequenceOptions}))
	}
	return steps
}

// keepsValues tells whether a column that is there afterwards has values from before:
// it stays, or its table is made anew with its rows.
func (p *planner) keepsValues(column *state) bool {
	if column.old == nil || column.new == nil {
		return false
	}
	table, _ := p.to.Parent(column.id)
	return !column.made() || p.rebuilt(p.at(table))
}
