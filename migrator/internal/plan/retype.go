package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// retypeStep changes a column's type in place.
func (p *planner) retypeStep(s *state, old, now *catalog.Column, table catalog.ID) step {
	o := s.new
	collate := ""
	if now.Collation != "" {
		collate = " COLLATE " + now.Collation
	} else if old.Collation != "" && old.Type == now.Type {
		collate = ` COLLATE "default"`
	}
	words := "TYPE " + now.Type + collate
	if now.Generated != "" {
		// PostgreSQL computes the values anew, and takes no USING.
	} else if using := p.rowConversion(s, now); using != "" {
		words += " USING " + using
	} else if using := conversion(catalog.Quote(o.ID.Sub), old.Type, now.Type, s.swapped() || s.foreignType(p, now)); using != "" {
		words += " USING " + using
	}
	st := do(o.ID, "ALTER %s %s ALTER COLUMN %s %s", word(table.Kind), o.ID.SQL(), catalog.Quote(o.ID.Sub), words).lock(accessExclusive, table)
	replaced := s.swapped() && p.typeSwapped(s)
	same := grows(old.Type, now.Type) && !replaced
	switch {
	case table.Kind != catalog.KindTable, same && old.Collation == now.Collation:
		return st
	case same:
		return p.dangerOn(st, table, lint.IndexBuild, "the indexes on %s are built again while nobody can read the table", o.ID.Path())
	case !replaced && (s.foreignType(p, now) || isTime(old.Type) && isTime(now.Type)):
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew while nobody can read it, if the two types are stored in different ways", table.Path())
	default:
		st = p.dangerOn(st, table, lint.Rewrite, "%s is written anew while nobody can read it", table.Path())
	}
	if narrows(old.Type, now.Type) {
		st = p.dangerOn(st, table, lint.DataLoss, "values of %s may not fit %s: they are cut or rounded, or the statement fails", o.ID.Path(), now.Type)
	}
	return st
}

// rowConversion builds the USING expression of a column whose composite type
// is replaced: field by field, as far as the fields are in both.
func (p *planner) rowConversion(s *state, now *catalog.Column) string {
	column := "(" + catalog.Quote(s.id.Sub) + ")"
	for _, need := range s.old.Needs {
		t := p.at(need)
		if _, ok := detailOf[*catalog.Composite](t.new); !ok || !t.swap || now.Type != need.SQL() {
			continue
		}
		var fields []string
		for _, id := range p.newParts[need] {
			d, ok := detailOf[*catalog.Attribute](p.at(id).new)
			if !ok {
				continue
			}
			old, had := detailOf[*catalog.Attribute](p.at(id).old)
			field := column + "." + catalog.Quote(id.Sub)
			switch {
			case !had:
				field = "NULL::" + d.Type
			case old.Type != d.Type, p.overSwapped(p.at(id)):
				if using := conversion(field, old.Type, d.Type, p.overSwapped(p.at(id))); using != "" {
					field = using
				} else {
					field += "::" + d.Type
				}
			}
			fields = append(fields, field)
		}
		return "CASE WHEN " + column + " IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW(" + strings.Join(fields, ", ") + ")::" + now.Type + " END"
	}
	return ""
}

// overSwapped tells whether a field is of a type that is replaced under its name.
func (p *planner) overSwapped(s *state) bool {
	for _, need := range s.old.Needs {
		if need.Name != s.id.Name && p.at(need).swap {
			return true
		}
	}
	return false
}

// foreignType tells whether the new type is one of the database's own.
func (s *state) foreignType(p *planner, now *catalog.Column) bool {
	for _, n := range append(append([]catalog.ID{}, s.new.Needs...), s.old.Needs...) {
		if n.Kind == catalog.KindType || n.Kind == catalog.KindDomain || n.Kind == catalog.KindExtension {
			return true
		}
	}
	return false
}

// conversion is the USING expression; "" where PostgreSQL needs none.
func conversion(column, from, to string, throughText bool) string {
	a, b := bare(from), bare(to)
	if a == b && !throughText {
		return ""
	}
	if throughText {
		array := ""
		if strings.HasSuffix(to, "[]") && strings.HasSuffix(from, "[]") {
			array = "[]"
		}
		if a == "text" || a == "character varying" {
			return column + "::" + to
		}
		return column + "::text" + array + "::" + to
	}
	if isText(b) {
		return "" // everything assigns to text
	}
	if assigns(a, b) {
		return ""
	}
	if isText(a) || casts(a, b) {
		return column + "::" + to
	}
	return column + "::text::" + to
}

func bare(t string) string {
	if i := strings.IndexByte(t, '('); i >= 0 {
		j := strings.IndexByte(t, ')')
		t = strings.TrimSpace(t[:i]) + t[j+1:]
	}
	return t
}

func isText(t string) bool {
	return t == "text" || t == "character varying" || t == "character" || t == "name"
}

// typeSwapped tells whether a column's type itself is replaced under its name,
// not only its collation.
func (p *planner) typeSwapped(s *state) bool {
	for _, need := range s.old.Needs {
		if need.Kind != catalog.KindCollation && p.at(need).swap {
			return true
		}
	}
	return false
}

// isTime: whether such types are stored alike depends on the time zone.
func isTime(t string) bool { return strings.HasPrefix(t, "timestamp") }

var numbers = [...]string{"smallint", "integer", "bigint", "numeric", "real", "double precision"}

func isNumber(t string) bool {
	for _, n := range numbers {
		if n == t {
			return true
		}
	}
	return false
}

// assigns tells whether pg_cast has an assignment or implicit cast.
func assigns(a, b string) bool {
	if isNumber(a) && isNumber(b) || isText(a) && isText(b) {
		return true
	}
	switch a + ">" + b {
	case "date>timestamp without time zone", "date>timestamp with time zone", "timestamp without time zone>timestamp with time zone",
		"timestamp with time zone>timestamp without time zone", "timestamp without time zone>date", "timestamp with time zone>date",
		"timestamp without time zone>time without time zone", "timestamp with time zone>time without time zone",
		"time without time zone>interval", "interval>time without time zone", "time without time zone>time with time zone",
		"time with time zone>time without time zone", "json>jsonb", "jsonb>json", "cidr>inet", "inet>cidr", "integer>money", "bigint>money", "numeric>money", "money>numeric",
		"bit>bit varying", "bit varying>bit", "macaddr>macaddr8", "macaddr8>macaddr":
		return true
	}
	return false
}

// casts tells whether pg_cast has an explicit cast.
func casts(a, b string) bool {
	switch a + ">" + b {
	case "boolean>integer", "integer>boolean", "integer>bit", "bigint>bit", "bit>integer", "bit>bigint", "jsonb>boolean", "jsonb>numeric", "jsonb>integer",
		"jsonb>bigint", "jsonb>smallint", "jsonb>real", "jsonb>double precision":
		return true
	}
	return false
}

// grows tells whether every old value is a new one as it is stored, so that
// PostgreSQL does not touch the table.
func grows(from, to string) bool {
	if from == to {
		return true
	}
	a, b := bare(from), bare(to)
	switch {
	case a == "character varying" && b == "text":
		return true
	case a == "text" && to == "character varying":
		return true
	case a == b && (a == "character varying" || a == "numeric" || a == "bit varying" || strings.HasPrefix(a, "time")):
		return limit(to) == 0 || limit(from) != 0 && limit(to) >= limit(from) && scale(from) == scale(to)
	}
	return false
}

// narrows tells whether values can be lost on the way.
func narrows(from, to string) bool {
	a, b := bare(from), bare(to)
	if a == b {
		return limit(to) != 0 && (limit(from) == 0 || limit(to) < limit(from) || scale(to) < scale(from))
	}
	order := map[string]int{"smallint": 1, "integer": 2, "bigint": 3, "numeric": 4, "text": 9}
	if order[a] > 0 && order[b] > 0 {
		return order[b] < order[a]
	}
	return b != "text" && !(a == "json" && b == "jsonb") && !(a == "date" && strings.HasPrefix(b, "timestamp"))
}

func limit(t string) int { n, _ := modifiers(t); return n }
func scale(t string) int { _, n := modifiers(t); return n }

// modifiers reads the numbers in the parentheses of a type.
func modifiers(t string) (first, second int) {
	i, j := strings.IndexByte(t, '('), strings.IndexByte(t, ')')
	if i < 0 || j < i {
		return 0, 0
	}
	field := &first
	for _, r := range t[i+1 : j] {
		switch {
		case r >= '0' && r <= '9':
			*field = *field*10 + int(r-'0')
		case r == ',':
			field = &second
		}
	}
	return first, second
}
