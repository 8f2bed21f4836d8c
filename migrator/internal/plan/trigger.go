package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

func (p *planner) makeTrigger(o *catalog.Object, d *catalog.Trigger) []step {
	if d.Clone {
		return enable(&state{id: o.ID, diffs: []catalog.Difference{{Field: catalog.FieldEnabled}}}, d.Enabled, "TRIGGER")
	}
	steps := []step{say(o.ID, faithful(d.Definition)).lock(shareRowExclusive, catalog.ID{Schema: o.ID.Schema, Name: o.ID.Name})}
	if d.Enabled != "O" {
		steps = append(steps, enable(&state{id: o.ID, diffs: []catalog.Difference{{Field: catalog.FieldEnabled}}}, d.Enabled, "TRIGGER")...)
	}
	return steps
}

func makeRule(o *catalog.Object, d *catalog.Rule) []step {
	def := faithful(d.Definition)
	if rest, ok := strings.CutPrefix(def, "CREATE RULE"); ok {
		def = "CREATE OR REPLACE RULE" + rest
	}
	steps := []step{say(o.ID, def)}
	if d.Enabled != "O" {
		steps = append(steps, enable(&state{id: o.ID, diffs: []catalog.Difference{{Field: catalog.FieldEnabled}}}, d.Enabled, "RULE")...)
	}
	return steps
}

func enabledWord(letter string) string {
	return map[string]string{"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}[letter]
}

func enable(s *state, letter, what string) []step {
	if !s.differs(catalog.FieldEnabled) {
		return nil
	}
	return []step{do(s.id, "ALTER TABLE %s %s %s %s", s.id.SQL(), enabledWord(letter), what, catalog.Quote(s.id.Sub))}
}

func policyRoles(d *catalog.Policy) string {
	roles := make([]string, len(d.Roles))
	for i, r := range d.Roles {
		roles[i] = catalog.Role(r)
	}
	return strings.Join(roles, ", ")
}

func makePolicy(o *catalog.Object, d *catalog.Policy) []step {
	var b strings.Builder
	b.WriteString("CREATE POLICY " + catalog.Quote(o.ID.Sub) + " ON " + o.ID.SQL())
	if !d.Permissive {
		b.WriteString(" AS RESTRICTIVE")
	}
	b.WriteString(" FOR " + d.Command + " TO " + policyRoles(d))
	if d.Using != "" {
		b.WriteString(" USING (" + faithful(d.Using) + ")")
	}
	if d.Check != "" {
		b.WriteString(" WITH CHECK (" + faithful(d.Check) + ")")
	}
	return []step{say(o.ID, b.String()).danger(lint.Permissions, "who sees which rows of %s.%s changes", o.ID.Schema, o.ID.Name)}
}

func alterPolicy(s *state) []step {
	if !s.differs(catalog.FieldRoles, catalog.FieldUsing, catalog.FieldCheck) {
		return nil
	}
	d := catalog.As[*catalog.Policy](s.new)
	var b strings.Builder
	b.WriteString("ALTER POLICY " + catalog.Quote(s.id.Sub) + " ON " + s.id.SQL())
	if s.differs(catalog.FieldRoles) {
		b.WriteString(" TO " + policyRoles(d))
	}
	if s.differs(catalog.FieldUsing) {
		b.WriteString(" USING (" + faithful(d.Using) + ")")
	}
	if s.differs(catalog.FieldCheck) {
		b.WriteString(" WITH CHECK (" + faithful(d.Check) + ")")
	}
	return []step{say(s.id, b.String()).danger(lint.Permissions, "who sees which rows of %s.%s changes", s.id.Schema, s.id.Name)}
}

func makeEventTrigger(o *catalog.Object, d *catalog.EventTrigger) []step {
	var b strings.Builder
	b.WriteString("CREATE EVENT TRIGGER " + catalog.Quote(o.ID.Name) + " ON " + d.Event)
	if len(d.Tags) > 0 {
		tags := make([]string, len(d.Tags))
		for i, t := range d.Tags {
			tags[i] = catalog.Literal(t)
		}
		b.WriteString(" WHEN TAG IN (" + strings.Join(tags, ", ") + ")")
	}
	b.WriteString(" EXECUTE FUNCTION " + d.Function + "()")
	steps := []step{say(o.ID, b.String())}
	if d.Enabled != "O" {
		steps = append(steps, do(o.ID, "ALTER EVENT TRIGGER %s %s", catalog.Quote(o.ID.Name), enabledWord(d.Enabled)))
	}
	return steps
}

func makeStatistics(o *catalog.Object, d *catalog.Statistics) []step {
	steps := []step{say(o.ID, faithful(d.Definition))}
	if d.Target != -1 {
		steps = append(steps, statisticsTarget(o, d))
	}
	return steps
}

func statisticsTarget(o *catalog.Object, d *catalog.Statistics) step {
	return do(o.ID, "ALTER STATISTICS %s SET STATISTICS %d", o.ID.SQL(), d.Target)
}

func makeAggregate(o *catalog.Object, d *catalog.Aggregate) []step {
	return []step{say(o.ID, "CREATE AGGREGATE "+o.ID.SQL()+"("+d.Arguments+") (\n    "+strings.Join(d.Options, ",\n    ")+"\n)")}
}
