package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// mustReplace tells whether PostgreSQL has no ALTER for the differences of an
// object, so that it has to be dropped and created again.
func mustReplace(s *state, version int) bool {
	if s.differs(catalog.FieldKind) {
		return true
	}
	switch old := s.old.Detail.(type) {
	case *catalog.Extension:
		return s.differs(catalog.FieldSchema) && !old.Relocatable
	case *catalog.Collation:
		return s.differs(catalog.FieldProvider, catalog.FieldCollate, catalog.FieldCtype, catalog.FieldLocale, catalog.FieldRules, catalog.FieldDeterministic)
	case *catalog.Language:
		return s.differs(catalog.FieldTrusted, catalog.FieldHandler, catalog.FieldInline, catalog.FieldValidators)
	case *catalog.Enum:
		return s.differs(catalog.FieldLabels) && !subsequence(old.Labels, catalog.As[*catalog.Enum](s.new).Labels)
	case *catalog.Range:
		return s.differs(catalog.FieldSubtype, catalog.FieldOpclass, catalog.FieldCollation, catalog.FieldCanonical, catalog.FieldDiff, catalog.FieldMultirange)
	case *catalog.Domain:
		return s.differs(catalog.FieldType, catalog.FieldCollation)
	case *catalog.Table:
		return s.differs(catalog.FieldPartitionKey, catalog.FieldServer)
	case *catalog.Column:
		now := catalog.As[*catalog.Column](s.new)
		return s.differs(catalog.FieldGenerated) && (now.Generated != "" || old.Generated == "v")
	case *catalog.ViewColumn:
		return false // follows its view
	case *catalog.Default:
		now := catalog.As[*catalog.Default](s.new)
		return old.Generated != now.Generated
	case *catalog.Constraint:
		return s.differs(catalog.FieldType) || s.differs(catalog.FieldDefinition) && !alterableConstraint(old, catalog.As[*catalog.Constraint](s.new)) ||
			s.differs(catalog.FieldParentIndex) && old.ParentIndex.Kind != ""
	case *catalog.Index:
		return s.differs(catalog.FieldDefinition) || s.differs(catalog.FieldParent) && old.Parent.Kind != "" || s.differs(catalog.FieldTable)
	case *catalog.Statistics:
		return s.differs(catalog.FieldDefinition)
	case *catalog.View:
		return s.differs(catalog.FieldDefinition) // views that can be replaced in place are decided by viewInPlace
	case *catalog.Trigger:
		return s.differs(catalog.FieldDefinition, catalog.FieldClone)
	case *catalog.Policy:
		now := catalog.As[*catalog.Policy](s.new)
		return s.differs(catalog.FieldPermissive, catalog.FieldCommand) || old.Using != "" && now.Using == "" || old.Check != "" && now.Check == ""
	case *catalog.Function:
		return s.differs(catalog.FieldSignature) || catalog.As[*catalog.Function](s.new).Defaults < old.Defaults
	case *catalog.Aggregate:
		return s.differs(catalog.FieldArguments, catalog.FieldOptions)
	case *catalog.Server:
		return s.differs(catalog.FieldType, catalog.FieldWrapper)
	case *catalog.Publication:
		return s.differs(catalog.FieldAllTables)
	case *catalog.PublicationTable:
		return s.differs(catalog.FieldColumns, catalog.FieldWhere)
	case *catalog.Definition:
		return s.differs(catalog.FieldCreate)
	case *catalog.EventTrigger:
		return s.differs(catalog.FieldEvent, catalog.FieldTags, catalog.FieldFunction)
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

// changes tells whether what changes of an object may be what it needs. Who owns it, who
// may use it and what is said of it are not.
func changes(s *state) bool {
	if _, view := s.old.Detail.(*catalog.View); view {
		return s.differs(catalog.FieldDefinition)
	}
	return slices.ContainsFunc(s.diffs, func(d catalog.Difference) bool {
		return d.Field != catalog.FieldOwner && d.Field != catalog.FieldComment && d.Field != catalog.FieldGrants
	})
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
