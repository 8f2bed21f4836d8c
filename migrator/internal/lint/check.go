package lint

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Check finds the hazards of one statement by its words. It sees no database:
// where a form is harmless on an empty table and not on a large one, it warns.
// A statement that it does not know has none.
func Check(sql string) []Hazard {
	w := read(sql)
	for _, rule := range rules {
		if w.starts(rule.start) {
			return rule.find(w)
		}
	}
	return nil
}

// text is a statement's words: key words in capitals at depth 0; what stands
// in parentheses is one word "(", strings are "'".
type text []string

func read(sql string) text {
	var w text
	depth := 0
	s := sqltext.NewScanner(sql)
	for {
		t, ok := s.Next()
		if !ok {
			return w
		}
		switch t.Kind {
		case sqltext.Open:
			if depth == 0 {
				w = append(w, "(")
			}
			depth++
		case sqltext.Close:
			depth--
		case sqltext.Word:
			if depth == 0 {
				w = append(w, strings.ToUpper(sql[t.From:t.To]))
			}
		case sqltext.Identifier, sqltext.Number, sqltext.Operator:
			if depth == 0 {
				w = append(w, sql[t.From:t.To])
			}
		case sqltext.String:
			if depth == 0 {
				w = append(w, "'")
			}
		}
	}
}

func (w text) starts(words string) bool {
	for i, f := range strings.Fields(words) {
		if i >= len(w) || w[i] != f {
			return false
		}
	}
	return true
}

// has tells whether words follow each other somewhere.
func (w text) has(words string) bool {
	fs := strings.Fields(words)
	for i := range w {
		if w[i:].starts(words) && i+len(fs) <= len(w) {
			return true
		}
	}
	return false
}

// actions parts ALTER TABLE at its commas.
func (w text) actions() []text {
	var parts []text
	start := 0
	for i, x := range w {
		if x == "," {
			parts = append(parts, w[start:i])
			start = i + 1
		}
	}
	return append(parts, w[start:])
}

func danger(kind Kind, message string) Hazard { return Hazard{kind, message, -1, -1} }

// rules are tried in order; the first that fits is the one.
var rules = [...]struct {
	start string
	find  func(text) []Hazard
}{
	{"DROP TABLE", all(danger(DataLoss, "the rows of the table are lost"), danger(BlocksReads, "the table is locked"))},
	{"DROP SCHEMA", func(w text) []Hazard {
		if w.has("CASCADE") {
			return []Hazard{danger(DataLoss, "everything in the schema is lost")}
		}
		return nil
	}},
	{"DROP MATERIALIZED VIEW", all(danger(DataLoss, "its rows are lost until it is made and filled again"))},
	{"DROP SEQUENCE", all(danger(DataLoss, "the place of the sequence is lost"))},
	{"DROP INDEX CONCURRENTLY", all()},
	{"DROP INDEX", all(danger(BlocksReads, "its table is locked; CONCURRENTLY waits instead"))},
	{"TRUNCATE", all(danger(DataLoss, "all rows are lost"), danger(BlocksReads, "the table is locked"))},
	{"DELETE", func(w text) []Hazard {
		if w.has("WHERE") {
			return []Hazard{danger(DataLoss, "rows are deleted")}
		}
		return []Hazard{danger(DataLoss, "all rows are deleted: there is no WHERE")}
	}},
	{"UPDATE", func(w text) []Hazard {
		if w.has("WHERE") {
			return nil
		}
		return []Hazard{danger(DataLoss, "every row is overwritten: there is no WHERE")}
	}},
	{"CREATE INDEX CONCURRENTLY", all(danger(IndexBuild, "an index is built"))},
	{"CREATE UNIQUE INDEX CONCURRENTLY", all(danger(IndexBuild, "an index is built"), danger(MayFail, "fails when rows are not unique"))},
	{"CREATE INDEX", all(danger(IndexBuild, "an index is built"), danger(BlocksWrites, "writes wait until it is built; CONCURRENTLY lets them pass"))},
	{"CREATE UNIQUE INDEX", all(danger(IndexBuild, "an index is built"), danger(BlocksWrites, "writes wait until it is built; CONCURRENTLY lets them pass"),
		danger(MayFail, "fails when rows are not unique"))},
	{"REINDEX", func(w text) []Hazard {
		if w.has("CONCURRENTLY") {
			return []Hazard{danger(IndexBuild, "an index is built again")}
		}
		return []Hazard{danger(IndexBuild, "an index is built again"), danger(BlocksWrites, "writes wait; CONCURRENTLY lets them pass")}
	}},
	{"VACUUM FULL", all(danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked"))},
	{"CLUSTER", all(danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked"))},
	{"REFRESH MATERIALIZED VIEW CONCURRENTLY", all()},
	{"REFRESH MATERIALIZED VIEW", all(danger(BlocksReads, "readers wait until it is filled; CONCURRENTLY lets them pass"))},
	{"LOCK", all(danger(BlocksWrites, "the table is locked until the transaction ends"))},
	{"GRANT", all(danger(Permissions, "somebody may do more"))},
	{"REVOKE", all(danger(Permissions, "somebody may do less"))},
	{"ALTER TABLE", alterTable},
	{"ALTER TYPE", func(w text) []Hazard {
		if w.has("DROP ATTRIBUTE") {
			return []Hazard{danger(DataLoss, "the values of the attribute are lost")}
		}
		return nil
	}},
}

func all(hazards ...Hazard) func(text) []Hazard {
	return func(text) []Hazard { return hazards }
}

func alterTable(w text) []Hazard {
	var hazards []Hazard
	for _, a := range w.actions() {
		hazards = append(hazards, action(a)...)
	}
	return hazards
}

// action is one action of ALTER TABLE.
func action(w text) []Hazard {
	switch {
	case w.has("DROP CONSTRAINT"):
		return []Hazard{danger(Correctness, "the constraint is no longer enforced")}
	case w.has("DROP NOT NULL"):
		return []Hazard{danger(Correctness, "the column may be null from now on")}
	case w.has("DROP DEFAULT"), w.has("DROP IDENTITY"), w.has("DROP EXPRESSION"), w.has("VALIDATE CONSTRAINT"):
		return nil
	case w.has("DROP COLUMN"), w.has("DROP") && !w.has("ALTER COLUMN"):
		return []Hazard{danger(DataLoss, "the values of the column are lost")}
	case w.has("RENAME"):
		return []Hazard{danger(Correctness, "what uses the old name fails")}
	case w.has("SET NOT NULL"):
		return []Hazard{danger(Scan, "the table is read under a lock, unless a validated check says that no value is null"), danger(MayFail, "fails when a value is null")}
	case w.has("SET LOGGED"), w.has("SET UNLOGGED"), w.has("SET TABLESPACE"), w.has("SET ACCESS METHOD"):
		return []Hazard{danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked")}
	case w.has("TYPE"):
		return []Hazard{danger(Rewrite, "the table may be written anew"), danger(BlocksReads, "the table is locked")}
	case w.has("ROW LEVEL SECURITY"), w.has("OWNER TO"):
		return []Hazard{danger(Permissions, "who may see or change the table changes")}
	case w.has("DETACH PARTITION"):
		return []Hazard{danger(Correctness, "the rows of the partition are no longer seen through its parent")}
	case w.has("ATTACH PARTITION"):
		return []Hazard{danger(Scan, "the partition is read to see that its rows are within the bounds")}
	case w.has("USING INDEX"), w.has("NOT VALID"):
		return nil
	case w.has("PRIMARY KEY"), w.has("UNIQUE"), w.has("EXCLUDE"):
		return []Hazard{danger(IndexBuild, "an index is built"), danger(BlocksReads, "the table is locked until it is built; build the index CONCURRENTLY first, then ADD … USING INDEX"),
			danger(MayFail, "fails when rows are not unique")}
	case w.has("FOREIGN KEY"), w.has("REFERENCES"), w.has("CHECK"):
		return []Hazard{danger(Scan, "the table is read under a lock; NOT VALID first, then VALIDATE CONSTRAINT"), danger(BlocksWrites, "writes wait"),
			danger(MayFail, "fails when a row does not satisfy it")}
	case w.has("ADD COLUMN"), w.has("ADD"):
		return addColumn(w)
	}
	return nil
}

func addColumn(w text) []Hazard {
	switch {
	case w.has("GENERATED"), w.has("SERIAL"), w.has("BIGSERIAL"):
		return []Hazard{danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked")}
	case w.has("NOT NULL") && !w.has("DEFAULT"):
		return []Hazard{danger(MayFail, "fails when the table has rows: there is no default")}
	case w.has("DEFAULT") && w.after("DEFAULT", "("):
		return []Hazard{danger(Rewrite, "the table is written anew if the default is volatile")}
	}
	return nil
}

// after tells whether b stands somewhere behind a.
func (w text) after(a, b string) bool {
	for i, x := range w {
		if x == a {
			return w[i:].has(b)
		}
	}
	return false
}
