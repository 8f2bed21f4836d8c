package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

func viewSQL(o *catalog.Object, d *catalog.View, verb string) string {
	var b strings.Builder
	b.WriteString(verb + " " + word(o.ID.Kind) + " " + o.ID.SQL())
	if o.ID.Kind == catalog.KindMaterializedView && d.AccessMethod != "" && d.AccessMethod != "heap" {
		b.WriteString(" USING " + catalog.Quote(d.AccessMethod))
	}
	if len(d.Options) > 0 {
		b.WriteString(" WITH (" + storage(d.OptionOrder) + ")")
	}
	if d.Tablespace != "" {
		b.WriteString(" TABLESPACE " + catalog.Quote(d.Tablespace))
	}
	b.WriteString(" AS\n" + faithful(d.Definition))
	if o.ID.Kind == catalog.KindMaterializedView && !d.Populated {
		b.WriteString("\nWITH NO DATA")
	}
	return b.String()
}

func (p *planner) makeView(o *catalog.Object, d *catalog.View) []step {
	st := say(o.ID, viewSQL(o, d, "CREATE"))
	if o.ID.Kind == catalog.KindMaterializedView && d.Populated {
		st = p.dangerOn(st, o.ID, lint.Scan, "the query of %s runs to fill it", o.ID.Path())
	}
	steps := append([]step{st}, p.extras(o)...)
	for _, id := range p.newParts.of(o.ID) {
		if part := p.to.Objects[id]; part.ID.Kind == catalog.KindColumn {
			steps = append(steps, p.viewColumn(nil, part)...)
			if def := p.to.Objects[catalog.ID{Kind: catalog.KindDefault, Schema: id.Schema, Name: id.Name, Sub: id.Sub}]; def != nil {
				steps = append(steps, setDefault(def, catalog.As[*catalog.Default](def))...)
			}
		}
	}
	return steps
}

// viewColumn brings the comment, privileges and statistics of a view's column in line.
func (p *planner) viewColumn(old, now *catalog.Object) []step {
	var steps []step
	had := &catalog.ViewColumn{StatsTarget: -1}
	var grants []catalog.Grant
	text := ""
	if old != nil {
		had, grants, text = catalog.As[*catalog.ViewColumn](old), old.Grants, old.Comment
	}
	steps = append(steps, viewColumnSettings(now, had, catalog.As[*catalog.ViewColumn](now))...)
	if text != now.Comment {
		steps = append(steps, comment(now, now.Comment))
	}
	if !p.opts.NoGrants {
		steps = append(steps, p.grants(now, grants, now.Grants)...)
	}
	return steps
}

// viewColumnSettings brings what only a materialized view's column has in line.
func viewColumnSettings(o *catalog.Object, old, now *catalog.ViewColumn) []step {
	alter := func(format string, args ...any) step {
		return do(o.ID, "ALTER MATERIALIZED VIEW %s ALTER COLUMN %s %s", o.ID.SQL(), catalog.Quote(o.ID.Sub), fmt.Sprintf(format, args...)).
			lock(accessExclusive, catalog.ID{Schema: o.ID.Schema, Name: o.ID.Name})
	}
	return settings(alter, &catalog.Column{StatsTarget: old.StatsTarget, Storage: old.Storage, Compression: old.Compression, Options: old.Options},
		&catalog.Column{StatsTarget: now.StatsTarget, Storage: now.Storage, Compression: now.Compression, Options: now.Options})
}

func (p *planner) alterView(s *state) []step {
	o := s.new
	old, now := catalog.As[*catalog.View](s.old), catalog.As[*catalog.View](s.new)
	alter := func(format string, args ...any) step {
		return say(o.ID, "ALTER "+reference(o)+" "+fmt.Sprintf(format, args...)).lock(accessExclusive, o.ID)
	}
	var steps []step
	if s.differs(catalog.FieldDefinition) {
		// CREATE OR REPLACE sets the options, too, and keeps grants and comment.
		steps = append(steps, invoker(say(o.ID, viewSQL(o, now, "CREATE OR REPLACE")).lock(accessExclusive, o.ID), o, old, now))
		for _, id := range p.newParts.of(o.ID) {
			if p.at(id).made() && id.Kind == catalog.KindColumn {
				steps = append(steps, p.viewColumn(nil, p.to.Objects[id])...)
			}
		}
	} else {
		options := optionSteps(alter, old.Options, now.OptionOrder, "")
		if len(options) > 0 {
			options[0] = invoker(options[0], o, old, now)
		}
		steps = append(steps, options...)
	}
	if s.differs(catalog.FieldAccessMethod) {
		steps = append(steps, alter("SET ACCESS METHOD %s", catalog.Quote(now.AccessMethod)))
	}
	if s.differs(catalog.FieldTablespace) {
		name := now.Tablespace
		if name == "" {
			name = "pg_default"
		}
		steps = append(steps, alter("SET TABLESPACE %s", catalog.Quote(name)))
	}
	if s.differs(catalog.FieldPopulated) {
		if now.Populated {
			refresh := do(o.ID, "REFRESH MATERIALIZED VIEW %s", o.ID.SQL()).lock(accessExclusive, o.ID)
			steps = append(steps, p.dangerOn(refresh, o.ID, lint.Scan, "the query of %s runs to fill it", o.ID.Path()))
		} else {
			steps = append(steps, do(o.ID, "REFRESH MATERIALIZED VIEW %s WITH NO DATA", o.ID.SQL()))
		}
	}
	return steps
}

// invoker says when a view stops reading with the rights of who asks.
func invoker(st step, o *catalog.Object, old, now *catalog.View) step {
	const option = "security_invoker"
	if on(optionMap(old.Options)[option]) && !on(optionMap(now.Options)[option]) {
		return st.danger(lint.Permissions, "%s reads with the rights of its owner from now on, whoever asks", o.ID.Path())
	}
	return st
}

// on is a boolean option as it is stored.
func on(value string) bool { return value == "true" || value == "on" || value == "1" || value == "yes" }
