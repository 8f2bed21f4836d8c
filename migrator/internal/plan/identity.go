package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

func identityWord(letter string) string {
	if letter == "a" {
		return "ALWAYS"
	}
	return "BY DEFAULT"
}

func identityOptions(o *catalog.Object, d *catalog.Column) string {
	if d.Sequence == nil {
		return ""
	}
	options := sequenceOptions(&catalog.SequenceOptions{Type: d.Sequence.Type}, d.Sequence)
	if d.SequenceName != "" && d.SequenceName != catalog.Quote(o.ID.Schema)+"."+catalog.Quote(o.ID.Name+"_"+o.ID.Sub+"_seq") {
		options = append([]string{"SEQUENCE NAME " + d.SequenceName}, options...)
	}
	if len(options) == 0 {
		return ""
	}
	return " (" + strings.Join(options, " ") + ")"
}

// ownIdentity is a column without the identity that it has from its partitioned
// table: from PostgreSQL 17 on partitions have it as long as they are attached.
func ownIdentity(table *catalog.Object, d *catalog.Column) *catalog.Column {
	if t := tableOf(table); t == nil || t.Bound == "" || d.Identity == "" || d.Sequence != nil {
		return d
	}
	own := *d
	own.Identity = ""
	return &own
}

// identityStep changes the identity of a column; that of a partitioned table
// changes with its partitions'.
func (p *planner) identityStep(o *catalog.Object, format string, args ...any) step {
	st := alterColumnStep(o, format, args...)
	table, _ := p.to.Parent(o.ID)
	if t := tableOf(p.at(table).new); t != nil && t.Partitioned() {
		st.SQL = strings.Replace(st.SQL, "ALTER TABLE ONLY ", "ALTER TABLE ", 1)
	}
	return st
}

func (p *planner) identitySteps(o *catalog.Object, old, now *catalog.Column) []step {
	switch {
	case now.Identity == "":
		return nil
	case old.Identity == "":
		return []step{
			p.identityStep(o, "ADD GENERATED %s AS IDENTITY%s", identityWord(now.Identity), identityOptions(o, now)),
			continueAt(o, now),
		}
	}
	var steps []step
	if old.SequenceName != now.SequenceName && old.SequenceName != "" {
		name := now.SequenceName[strings.LastIndex(now.SequenceName, ".")+1:]
		steps = append(steps, say(o.ID, "ALTER SEQUENCE "+old.SequenceName+" RENAME TO "+name))
	}
	var words []string
	if narrowsIdentity(old, now) {
		bounded := *old.Sequence
		bounded.Min, bounded.Max, bounded.Start, bounded.Type = now.Sequence.Min, now.Sequence.Max, now.Sequence.Start, now.Sequence.Type
		was := *old
		was.Sequence = &bounded
		old = &was // boundsFirst has set these
	}
	if old.Identity != now.Identity {
		words = append(words, "SET GENERATED "+identityWord(now.Identity))
	}
	if old.Sequence != nil && now.Sequence != nil && *old.Sequence != *now.Sequence {
		for _, option := range sequenceOptions(old.Sequence, now.Sequence) {
			if strings.HasPrefix(option, "AS ") {
				continue // follows the column's type
			}
			if strings.HasPrefix(option, "RESTART") {
				words = append(words, option)
			} else {
				words = append(words, "SET "+option)
			}
		}
	}
	if len(words) > 0 {
		steps = append(steps, p.identityStep(o, "%s", strings.Join(words, " ")))
	}
	return steps
}

// narrowsIdentity tells whether the bounds of an identity have to fit the new type
// before the column gets it.
func narrowsIdentity(old, now *catalog.Column) bool {
	if old.Identity == "" || now.Identity == "" || old.Sequence == nil || now.Sequence == nil || old.Sequence.Type == now.Sequence.Type {
		return false
	}
	d := sequenceDefaults(now.Sequence.Type, old.Sequence.Increment)
	was := sequenceDefaults(old.Sequence.Type, old.Sequence.Increment)
	return old.Sequence.Max > d.Max && old.Sequence.Max != was.Max || old.Sequence.Min < d.Min && old.Sequence.Min != was.Min || old.Sequence.Min > d.Max
}

// boundsFirst brings the bounds of an identity into those of a narrower type.
func boundsFirst(s *state) string {
	old, now := catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	if !narrowsIdentity(old, now) {
		return ""
	}
	q := now.Sequence
	words := fmt.Sprintf("SET MINVALUE %d SET MAXVALUE %d SET START WITH %d", q.Min, q.Max, q.Start)
	if old.Sequence.Start < q.Min || old.Sequence.Start > q.Max {
		words += fmt.Sprintf(" RESTART WITH %d", q.Start)
	}
	return "ALTER TABLE " + s.id.SQL() + " ALTER COLUMN " + catalog.Quote(s.id.Sub) + " " + words
}

// continueAt moves a new identity sequence behind the values that are there.
func continueAt(o *catalog.Object, d *catalog.Column) step {
	return do(o.ID, "SELECT pg_catalog.setval(%s, m.last) FROM (SELECT %s(%s) AS last FROM %s) m WHERE m.last IS NOT NULL",
		catalog.Literal(d.SequenceName), furthest(d.Sequence), catalog.Quote(o.ID.Sub), o.ID.SQL()).
		many().why("the numbers go on after those that are there")
}

func furthest(q *catalog.SequenceOptions) string {
	if q != nil && q.Increment < 0 {
		return "min"
	}
	return "max"
}
