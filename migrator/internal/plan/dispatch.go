package plan

import (
	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// makeObject creates an object, with its owner, comment and privileges.
func (p *planner) makeObject(s *state) []step {
	o := s.new
	var steps []step
	switch d := o.Detail.(type) {
	case *catalog.Table:
		return p.makeTable(o, d)
	case *catalog.View:
		return p.makeView(o, d)
	case *catalog.Column:
		return p.addColumn(o, d)
	case *catalog.ViewColumn:
		return p.viewColumn(nil, o)
	case *catalog.Default:
		steps = setDefault(o, d)
	case *catalog.Constraint:
		if steps = p.makeConstraint(o, d); p.builtAs(o.ID) != o.ID {
			return steps // the rest comes when it has its name
		}
	case *catalog.Index:
		return p.makeIndex(o, d)
	case *catalog.DefaultPrivileges:
		return p.defaultPrivileges(nil, o)
	case *catalog.SystemGrants:
		return p.systemGrants(o, d.Initial, o.Grants)
	case *catalog.Domain:
		steps = p.makeDomain(o, d)
	case *catalog.Composite:
		return p.makeComposite(o)
	default:
		steps = p.makeSimple(o)
	}
	return append(steps, p.extras(o)...)
}

// makeSimple creates the kinds that take one statement or two.
func (p *planner) makeSimple(o *catalog.Object) []step {
	switch d := o.Detail.(type) {
	case *catalog.Schema:
		return []step{say(o.ID, "CREATE SCHEMA "+o.ID.SQL())}
	case *catalog.Extension:
		return makeExtension(o, d)
	case *catalog.Language:
		return makeLanguage(o, d)
	case *catalog.Collation:
		return makeCollation(o, d)
	case *catalog.Enum:
		return makeEnum(o, d)
	case *catalog.Range:
		return makeRange(o, d)
	case *catalog.Attribute:
		return []step{do(o.ID, "ALTER TYPE %s ADD ATTRIBUTE %s", o.ID.SQL(), attribute(o, d))}
	case *catalog.Sequence:
		return makeSequence(o, d)
	case *catalog.Function:
		return []step{p.makeFunction(o, d)}
	case *catalog.Aggregate:
		return makeAggregate(o, d)
	case *catalog.Trigger:
		return p.makeTrigger(o, d)
	case *catalog.Rule:
		return makeRule(o, d)
	case *catalog.Policy:
		return makePolicy(o, d)
	case *catalog.Statistics:
		return makeStatistics(o, d)
	case *catalog.Wrapper:
		return makeWrapper(o, d)
	case *catalog.Server:
		return makeServer(o, d)
	case *catalog.UserMapping:
		return makeUserMapping(o, d)
	case *catalog.Publication:
		return makePublication(o, d)
	case *catalog.PublicationTable:
		return []step{do(o.ID, "ALTER PUBLICATION %s ADD TABLE ONLY %s", catalog.Quote(o.ID.Name), publicationTable(d))}
	case *catalog.PublicationSchema:
		return []step{do(o.ID, "ALTER PUBLICATION %s ADD TABLES IN SCHEMA %s", catalog.Quote(o.ID.Name), catalog.Quote(d.Schema))}
	case *catalog.Subscription:
		return makeSubscription(o, d)
	case *catalog.Definition:
		var steps []step
		for _, sql := range d.Create {
			steps = append(steps, say(o.ID, faithful(sql)))
		}
		return steps
	case *catalog.EventTrigger:
		return makeEventTrigger(o, d)
	}
	return nil
}

// dropObject removes an object.
func (p *planner) dropObject(s *state) []step {
	o := s.old
	switch d := o.Detail.(type) {
	case *catalog.Table:
		return p.dropTable(s)
	case *catalog.View:
		return []step{say(o.ID, "DROP "+reference(o)).lock(accessExclusive, o.ID)}
	case *catalog.Column:
		return p.dropColumn(s)
	case *catalog.ViewColumn, *catalog.UserMapping, *catalog.PublicationTable, *catalog.PublicationSchema:
		return dropOdd(o)
	case *catalog.Default:
		return dropDefault(o, d)
	case *catalog.Constraint:
		return p.dropConstraint(s)
	case *catalog.Index:
		return p.dropIndex(o, d)
	case *catalog.Attribute:
		return []step{p.loss(do(o.ID, "ALTER TYPE %s DROP ATTRIBUTE %s", o.ID.SQL(), catalog.Quote(o.ID.Sub)), o.ID)}
	case *catalog.DefaultPrivileges:
		return p.defaultPrivileges(o, nil)
	case *catalog.SystemGrants:
		return p.systemGrants(o, o.Grants, d.Initial)
	case *catalog.Sequence:
		return []step{p.loss(say(o.ID, "DROP "+reference(o)), o.ID)}
	case *catalog.Subscription:
		return dropSubscription(o, d)
	case *catalog.Trigger:
		if d.Clone {
			return enable(&state{id: o.ID, diffs: []catalog.Difference{{Field: catalog.FieldEnabled}}}, d.ParentEnabled, "TRIGGER")
		}
	}
	if s.swap {
		return p.renameAway(s)
	}
	return []step{say(o.ID, "DROP "+reference(o))}
}

// alterObject changes an object in place.
func (p *planner) alterObject(s *state) []step {
	o := s.new
	var steps []step
	switch d := o.Detail.(type) {
	case *catalog.Table:
		steps = p.alterTable(s)
	case *catalog.View:
		steps = p.alterView(s)
	case *catalog.Column:
		steps = p.alterColumn(s)
	case *catalog.ViewColumn:
		old := *s.old
		old.Grants = p.keptGrants(s)
		return p.viewColumn(&old, o)
	case *catalog.Default:
		steps = setDefault(o, d)
	case *catalog.Constraint:
		steps = p.alterConstraint(s)
	case *catalog.SystemGrants:
		return p.systemGrants(o, s.old.Grants, o.Grants)
	case *catalog.Index:
		steps = p.alterIndex(s)
	case *catalog.DefaultPrivileges:
		return p.defaultPrivileges(s.old, s.new)
	default:
		steps = p.alterSimple(s)
	}
	return append(steps, p.changed(s)...)
}

func (p *planner) alterSimple(s *state) []step {
	o := s.new
	switch d := o.Detail.(type) {
	case *catalog.Extension:
		return alterExtension(s)
	case *catalog.Enum:
		return alterEnum(s)
	case *catalog.Domain:
		return p.alterDomain(s)
	case *catalog.Attribute:
		if s.differs(catalog.FieldType, catalog.FieldCollation) {
			return []step{do(o.ID, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s", o.ID.SQL(), catalog.Quote(o.ID.Sub), attributeType(d))}
		}
	case *catalog.Sequence:
		return p.alterSequence(s)
	case *catalog.Function:
		if s.differs(catalog.FieldDefinition, catalog.FieldDefaults) {
			return p.alterFunction(s, d)
		}
	case *catalog.Trigger:
		return enable(s, d.Enabled, "TRIGGER")
	case *catalog.Rule:
		if s.differs(catalog.FieldDefinition) {
			return append(makeRule(o, &catalog.Rule{Definition: d.Definition, Enabled: "O"}), enable(s, d.Enabled, "RULE")...)
		}
		return enable(s, d.Enabled, "RULE")
	case *catalog.Policy:
		return alterPolicy(s)
	case *catalog.Statistics:
		return []step{statisticsTarget(o, d)}
	case *catalog.Wrapper, *catalog.Server, *catalog.UserMapping:
		return alterForeign(s)
	case *catalog.Publication:
		return alterPublication(s)
	case *catalog.Subscription:
		return alterSubscription(s)
	case *catalog.EventTrigger:
		if s.differs(catalog.FieldEnabled) {
			return []step{do(o.ID, "ALTER EVENT TRIGGER %s %s", catalog.Quote(o.ID.Name), enabledWord(d.Enabled))}
		}
	}
	return nil
}
