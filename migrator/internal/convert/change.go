package convert

import (
	"slices"
	"strings"
)

// Change is what happens to the values of a column that gets another type.
type Change struct {
	// Using is the expression of USING, with the column as "\x00"; "" where the
	// assignment cast of PostgreSQL does it.
	Using string
	// Helper is a composite type with one attribute that Using needs, or "".
	Helper string
	// Loses: a value can become another without a word (cut, rounded, merged).
	Loses bool
	// Fails: a value can stop the statement.
	Fails bool
	// Keeps: the rows stay as they are stored, and only the catalog changes.
	Keeps bool
	// Unknown: PostgreSQL has no conversion. Using then stops at the first value
	// and lets NULL pass: what reads a value from its text would be a guess.
	Unknown bool
	// Guess: each value is read from its text, by a type of an extension or a
	// range.
	Guess bool
}

// None is the change between types that PostgreSQL has no conversion for.
func None(from, to string) Change {
	quoted := strings.ReplaceAll(from+" to "+to, "'", "''")
	return Change{Unknown: true, Fails: true, Using: "('no conversion from " + quoted + ": ' || " + column + "::text)::integer::text::" + to}
}

// column stands for the column's name in Using.
const column = "\x00"

// For is the expression of USING for a column, quoted as in SQL.
func (c Change) For(quoted string) string { return strings.ReplaceAll(c.Using, column, quoted) }

// Between is the change from one type to another, both as format_type prints
// them, on a server of a version (150004).
func Between(version int, from, to string) Change {
	if from == to {
		return Change{Keeps: true}
	}
	a, b := Parse(from), Parse(to)
	switch {
	case a.Array && b.Array:
		c := scalar(version, a.element(), b.element())
		switch {
		case c.Unknown:
			return None(from, to)
		case c.Guess:
			c.Using = column + "::text[]::" + to
		case c.Using != "":
			if strings.Contains(c.Using, "::integer::") {
				c.Using = column + "::integer[]::" + to
			} else {
				c.Using = column + "::" + to
			}
		}
		c.Keeps = c.Keeps && a.Name == b.Name && b.Mods == nil // else each element is looked at
		return c
	case b.unlimited() && !b.Array:
		return toText(a)
	case a.Array && (b.Name == "json" || b.Name == "jsonb"):
		// A JSON array has no lower bounds, no NaN, and one form of a number.
		return Change{Using: "to_" + b.Name + "(" + column + ")"}
	case b.Array && (a.Name == "json" || a.Name == "jsonb"):
		return FromJSON(a.Name, to)
	case a.Array && b.isText(), b.Array && a.isText():
		return Change{Using: column + "::" + to, Loses: true, Fails: true}
	case a.Array || b.Array:
		return None(from, to)
	}
	return scalar(version, a, b)
}

// HelperName is the composite type by which JSON becomes an array: PostgreSQL
// has that conversion for the attributes of a row only.
const HelperName = "pg_temp.migrator_value"

// betweenIntervals: fields smaller than the last one that the type has are cut; those
// before its first are kept.
func betweenIntervals(a, b Type) Change {
	loses := b.fields() < a.fields() || a.fields() == seconds && a.precision() > b.precision()
	return Change{Loses: loses, Keeps: !loses}
}

// FromJSON is the change from json or jsonb to an array.
func FromJSON(json, to string) Change {
	return Change{
		Helper: to, Fails: true, Loses: true,
		Using: "(" + json + "_populate_record(NULL::" + HelperName + ", " + json + "_build_object('value', " + column + "))).value",
	}
}

// scalar is the change between two types that are no arrays.
func scalar(version int, a, b Type) Change {
	switch {
	case a.text == b.text:
		return Change{Keeps: true}
	case a.Name == b.Name:
		return sameName(a, b)
	case a.fields() > 0 && b.fields() > 0:
		return betweenIntervals(a, b)
	case b.unlimited():
		return toText(a)
	case a.isText() && b.isText():
		return betweenTexts(a, b)
	case a.isNumber() && b.isNumber():
		return betweenNumbers(a, b)
	case a.isText():
		c := Change{Using: column + "::" + b.text, Loses: true, Fails: true}
		if b.Name == "json" && a.Name != "character" {
			c.Loses = false // json keeps its text
		}
		return c
	case b.isText():
		return Change{Loses: true, Fails: b.Name != "name"}
	}
	pair := a.kind() + ">" + b.kind()
	c, ok := pairs[pair]
	if since18, newer := pairs18[pair]; newer && version >= 180000 {
		c, ok = since18, true
	}
	if ok {
		if c.Using != "" {
			c.Using = column + "::" + strings.TrimSuffix(c.Using, b.Name) + b.text
		}
		if a.precision() > b.precision() && b.precision() >= 0 || b.fields() > 0 && b.fields() < seconds {
			c.Loses = true
		}
		return limits(c, a, b)
	}
	if strings.HasSuffix(a.Name, "range") && strings.HasSuffix(b.Name, "range") {
		return Change{Using: column + "::text::" + b.text, Loses: !(a.Name == "int4range" && b.Name == "int8range"), Fails: true, Guess: true}
	}
	return None(a.text, b.text)
}

// limits is a change to a type with modifiers, or from one.
func limits(c Change, a, b Type) Change {
	switch {
	case b.Name == "numeric" && b.Mods != nil:
		c.Fails = c.Fails || a.Name != "boolean" || b.mod(0, 0)-b.mod(1, 0) < 1
		c.Loses = c.Loses || a.Name == "jsonb" || a.Name == "money" && b.mod(1, 0) < 2
	case a.Name == "numeric" && b.Name == "money" && a.Mods != nil:
		c.Loses = a.mod(1, 0) > 2
		c.Fails = a.mod(0, 0)-a.mod(1, 0) > 16
	case b.Name == "bit varying" && b.Mods != nil:
		c.Keeps, c.Fails = false, b.Mods[0] < a.mod(0, 1)
	case a.Name == "bit" && b.digits() > 0:
		c.Fails = a.mod(0, 1) > 32 && b.Name == "integer" || a.mod(0, 1) > 64
	}
	return c
}

// toText: every type is assigned to text as it is printed.
func toText(a Type) Change {
	return Change{Keeps: !a.Array && slices.Contains([]string{"character varying", "text", "xml"}, a.Name)}
}

// sameName: only the modifiers change.
func sameName(a, b Type) Change {
	var c Change
	switch a.Name {
	case "numeric":
		p, s, q, r := a.mod(0, -1), a.mod(1, 0), b.mod(0, -1), b.mod(1, 0)
		switch {
		case q < 0:
			return Change{Keeps: true}
		case p < 0:
			return Change{Loses: true, Fails: true}
		}
		return Change{Keeps: q >= p && s == r, Loses: r < s, Fails: q-r < p-s || r < s && q-r <= p-s}
	case "character varying", "bit varying":
		c.Keeps = b.Mods == nil || a.Mods != nil && b.Mods[0] >= a.Mods[0]
		c.Fails = !c.Keeps
		c.Loses = !c.Keeps && a.Name == "character varying" // spaces at the end go in silence
	case "character":
		c.Loses = b.mod(0, 1) < a.mod(0, 1)
		c.Fails = c.Loses
		c.Loses = false
	case "bit":
		c = Change{Fails: true}
	default:
		if p := b.precision(); p >= 0 {
			return Change{Keeps: p >= a.precision(), Loses: p < a.precision()}
		}
		return Change{Loses: true, Fails: true} // of an extension's type
	}
	return c
}

// betweenTexts: what a limit cuts off, if it is more than spaces, stops the
// statement.
func betweenTexts(a, b Type) Change {
	room := func(t Type) int {
		switch {
		case t.Name == "name":
			return 63
		case t.Name == "character":
			return t.mod(0, 1)
		}
		return t.mod(0, 1<<30)
	}
	c := Change{}
	switch {
	case b.Name == "name": // cuts in silence
		c.Loses = true
	case room(b) < room(a):
		c.Fails, c.Loses = true, a.Name != "character" && a.Name != "name"
	case b.Name == "character" && a.Name != "name":
		c.Loses = true // spaces at the end are no longer told apart
	}
	if a.Name == "name" && b.Name == "character" {
		c.Loses = true
	}
	return c
}

// betweenNumbers: whether each value of the one is a value of the other.
func betweenNumbers(a, b Type) Change {
	whole, places := a.digits(), 0
	if a.Name == "numeric" {
		whole, places = a.mod(0, 1<<20)-a.mod(1, 0), a.mod(1, 1<<20)
		if a.Mods != nil {
			places = a.mod(1, 0)
		}
	}
	exact := a.digits() > 0 || a.Name == "numeric"
	switch {
	case b.digits() > 0:
		fits := exact && whole < b.digits() || a.digits() > 0 && a.digits() <= b.digits()
		return Change{Loses: !exact || places > 0, Fails: !fits}
	case b.Name == "numeric":
		room := 1 << 20
		if b.Mods != nil {
			room = b.mod(0, 0) - b.mod(1, 0)
		}
		return Change{Loses: !exact || b.Mods != nil && places > b.mod(1, 0), Fails: !exact || whole > room}
	}
	// real and double precision hold so many digits of every number.
	room := 15
	if b.Name == "real" {
		room = 6
	}
	switch {
	case !exact:
		return Change{Loses: b.Name == "real", Fails: b.Name == "real"}
	case a.digits() == 10 && b.Name == "double precision": // 2^31 is exact
		return Change{}
	}
	return Change{Loses: whole+places > room, Fails: whole > 38}
}

// pairs are the casts between the other types; Using is the type of an
// explicit cast.
var pairs = map[string]Change{
	"smallint>boolean": {Using: "integer::boolean", Loses: true}, "integer>boolean": {Using: "boolean", Loses: true}, "bigint>boolean": {Using: "integer::boolean", Loses: true, Fails: true},
	"boolean>integer": {Using: "integer"}, "boolean>smallint": {Using: "integer::smallint"}, "boolean>bigint": {Using: "integer::bigint"}, "boolean>numeric": {Using: "integer::numeric"},
	"smallint>money": {Using: "integer::money"}, "integer>money": {}, "bigint>money": {Fails: true}, "numeric>money": {Loses: true, Fails: true}, "money>numeric": {},
	"oid>bigint": {}, "oid>integer": {Loses: true, Keeps: true}, "integer>oid": {Loses: true, Keeps: true}, "bigint>oid": {Fails: true}, "smallint>oid": {Loses: true},

	"date>timestamp without time zone": {Fails: true}, "date>timestamp with time zone": {Fails: true},
	"timestamp without time zone>timestamp with time zone": {Loses: true, Keeps: false}, "timestamp with time zone>timestamp without time zone": {Loses: true},
	"timestamp without time zone>date": {Loses: true}, "timestamp with time zone>date": {Loses: true},
	"timestamp without time zone>time without time zone": {Loses: true}, "timestamp with time zone>time without time zone": {Loses: true},
	"timestamp with time zone>time with time zone": {Loses: true},
	"time without time zone>interval":              {}, "interval>time without time zone": {Loses: true},
	"time without time zone>time with time zone": {}, "time with time zone>time without time zone": {Loses: true},

	"json>jsonb": {Loses: true, Fails: true}, "jsonb>json": {},
	"cidr>inet": {Keeps: true}, "inet>cidr": {Loses: true}, "macaddr>macaddr8": {}, "macaddr8>macaddr": {Fails: true},
	"bit>bit varying": {Keeps: true}, "bit varying>bit": {Fails: true},
	"integer>bit": {Using: "bit", Loses: true}, "bigint>bit": {Using: "bit", Loses: true}, "bit>integer": {Using: "integer", Fails: true}, "bit>bigint": {Using: "bigint", Fails: true},
	"jsonb>boolean": {Using: "boolean", Fails: true}, "jsonb>numeric": {Using: "numeric", Fails: true}, "jsonb>smallint": {Using: "smallint", Loses: true, Fails: true},
	"jsonb>integer": {Using: "integer", Loses: true, Fails: true}, "jsonb>bigint": {Using: "bigint", Loses: true, Fails: true},
	"jsonb>real": {Using: "real", Loses: true, Fails: true}, "jsonb>double precision": {Using: "double precision", Loses: true, Fails: true},
}

// pairs18 are those that are otherwise since PostgreSQL 18, which makes NULL of
// JSON's null.
var pairs18 = map[string]Change{
	"jsonb>boolean": {Using: "boolean", Loses: true, Fails: true}, "jsonb>numeric": {Using: "numeric", Loses: true, Fails: true},
}
