package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// mustReplace tells whether PostgreSQL has no ALTER for the differences of an
// object, so that it has to be dropped and created again.
func mustReplace(s *state, version int) bool {
	if s.differs("kind") {
		return true
	}
	switch old := s.old.Detail.(type) {
	case *catalog.Extension:
		return s.differs("schema") && !old.Relocatable
	case *catalog.Collation:
		return s.differs("provider", "collate", "ctype", "locale", "rules", "deterministic")
	case *catalog.Language:
		return s.differs("trusted", "handler", "inline", "validators")
	case *catalog.Enum:
		return s.differs("labels") && !subsequence(old.Labels, s.new.Detail.(*catalog.Enum).Labels)
	case *catalog.Range:
		return s.differs("subtype", "opclass", "collation", "canonical", "diff", "multirange")
	case *catalog.Domain:
		return s.differs("type", "collation")
	case *catalog.Table:
		return s.differs("partition key", "server")
	case *catalog.Column:
		now := s.new.Detail.(*catalog.Column)
		return s.differs("generated") && (now.Generated != "" || old.Generated == "v")
	case *catalog.ViewColumn:
		return false // follows its view
	case *catalog.Default:
		now := s.new.Detail.(*catalog.Default)
		return old.Generated != now.Generated
	case *catalog.Constraint:
		return s.differs("type") || s.differs("definition") && !alterableConstraint(old, s.new.Detail.(*catalog.Constraint)) ||
			s.differs("parent index") && old.ParentIndex.Kind != ""
	case *catalog.Index:
		return s.differs("definition") || s.differs("parent") && old.Parent.Kind != "" || s.differs("table")
	case *catalog.Statistics:
		return s.differs("definition")
	case *catalog.View:
		return s.differs("definition") // views that can be replaced in place are decided by viewInPlace
	case *catalog.Trigger:
		return s.differs("definition", "clone")
	case *catalog.Policy:
		now := s.new.Detail.(*catalog.Policy)
		return s.differs("permissive", "command") || old.Using != "" && now.Using == "" || old.Check != "" && now.Check == ""
	case *catalog.Function:
		return s.differs("signature") || s.new.Detail.(*catalog.Function).Defaults < old.Defaults
	case *catalog.Aggregate:
		return s.differs("arguments", "options")
	case *catalog.Server:
		return s.differs("type", "wrapper")
	case *catalog.Publication:
		return s.differs("all tables")
	case *catalog.PublicationTable:
		return s.differs("columns", "where")
	case *catalog.Definition:
		return s.differs("create")
	case *catalog.EventTrigger:
		return s.differs("event", "tags", "function")
	}
	return false
}

// subsequence tells whether all of a is in b, in a's order.
func subsequence(a, b []string) bool {
	for _, x := range b {
		if len(a) > 0 && a[0] == x {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// alterableConstraint: NOT VALID can become valid, and a foreign key can
// change when it is checked; nothing else has an ALTER.
func alterableConstraint(old, now *catalog.Constraint) bool {
	if !old.Validated && now.Validated && strings.TrimSuffix(old.Definition, " NOT VALID") == now.Definition {
		return true
	}
	return old.Type == "f" && old.Validated == now.Validated && timeless(old.Definition) == timeless(now.Definition)
}

// timeless is a constraint's definition without when it is checked.
func timeless(def string) string {
	for _, s := range []string{" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"} {
		if before, after, ok := strings.Cut(def, s); ok && !strings.Contains(after, "'") {
			return before + after
		}
	}
	return def
}

// viewInPlace tells whether CREATE OR REPLACE VIEW can do it: the columns that
// were there stay, in name, type and place, and new ones follow them.
func (p *planner) viewInPlace(s *state) bool {
	if s.id.Kind != catalog.KindView || s.old == nil || s.new == nil {
		return false
	}
	old, now := p.viewColumns(p.from, p.oldParts.of(s.id)), p.viewColumns(p.to, p.newParts.of(s.id))
	return len(old) <= len(now) && slices.Equal(old, now[:len(old)])
}

func (p *planner) viewColumns(c *catalog.Catalog, ids []catalog.ID) []string {
	var columns []string
	for _, id := range ids {
		if d, ok := c.Objects[id].Detail.(*catalog.ViewColumn); ok {
			columns = append(columns, id.Sub+" "+d.Type+" "+d.Collation)
		}
	}
	return columns
}
