package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// needy is what is not compared, on both sides: the scratch server lacks extensions,
// and this needs them.
type needy struct {
	objects map[catalog.ID]bool
	whole   []catalog.ID // those that are no part of another
	lacking []string     // the extensions
	differ  []string     // what is not the same on both sides, as far as can be seen
}

// looked is what is looked at.
func (d *comparison) looked() catalog.Filter {
	f := d.only()
	f.Left = d.left.objects
	return f
}

// leaveNeedy leaves out on both sides what needs extensions that the scratch server
// lacks, and says so.
func (d *comparison) leaveNeedy(extensions []string) {
	some := map[catalog.ID]bool{}
	for _, name := range extensions {
		some[catalog.ID{Kind: catalog.KindExtension, Name: name}] = true
	}
	for _, s := range d.states {
		if s.Loaded != nil {
			d.named(some, s.Loaded.Left)
		}
	}
	for range 2 { // what only one side has of it may lead to more on the other
		for _, s := range d.states {
			some = s.Catalog.Upon(some)
		}
	}
	d.left = needy{objects: some, lacking: extensions}
	d.left.differ = d.differing()
	for _, id := range slices.SortedFunc(maps.Keys(some), func(a, b catalog.ID) int { return strings.Compare(a.String(), b.String()) }) {
		if !d.partOfLeft(id) && id.Kind != catalog.KindExtension {
			d.left.whole = append(d.left.whole, id)
			tell(d.session.Err, "warning: %s", d.notCompared(id))
		}
	}
	for _, s := range d.states {
		if s.Loaded != nil {
			for _, l := range s.Loaded.Left {
				tell(d.session.Err, "note: left out: %v", l.Problem)
			}
		}
		s.Select(d.looked())
	}
}

// notCompared says of an object that it is left out.
func (d *comparison) notCompared(id catalog.ID) string {
	return fmt.Sprintf("%s is not compared: it needs %s, which the scratch server does not have", id, strings.Join(d.left.lacking, " or "))
}

// partOfLeft tells whether an object goes with one that it is part of.
func (d *comparison) partOfLeft(id catalog.ID) bool {
	for _, s := range d.states {
		if parent, ok := s.Catalog.Parent(id); ok && d.left.objects[parent] {
			return true
		}
	}
	return false
}

// named adds the objects that statements are about, and tables and views that neither
// side could make.
func (d *comparison) named(some map[catalog.ID]bool, left []schemafile.Left) {
	for _, l := range left {
		found := l.Name == "" || l.What != "relation"
		for _, s := range d.states {
			for _, id := range s.Catalog.Order {
				if l.Name != "" && id.Schema == l.Schema && id.Name == l.Name && slices.Contains(kindsOf[l.What], id.Kind) && (l.Sub == "" || l.Sub == id.Sub) {
					some[id], found = true, true
				}
			}
		}
		if !found {
			kind := catalog.KindTable
			if l.Word == "view" {
				kind = catalog.KindView
			}
			some[catalog.ID{Kind: kind, Schema: l.Schema, Name: l.Name}] = true
		}
	}
}

// kindsOf are the kinds that a word of schemafile.Left stands for.
var kindsOf = map[string][]catalog.Kind{
	"relation":   {catalog.KindTable, catalog.KindForeignTable, catalog.KindView, catalog.KindMaterializedView},
	"constraint": {catalog.KindConstraint},
	"index":      {catalog.KindIndex},
	"sequence":   {catalog.KindSequence},
	"routine":    {catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate},
	"type":       {catalog.KindType, catalog.KindDomain},
	"part":       {catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule},
}

// differing is what differs of what is left out: statements of files, and what either
// kind of side could be read of. Between a database and files nothing can be said.
func (d *comparison) differing() []string {
	files := func(s *proof.State) bool { return s.Loaded != nil }
	if files(d.states[0]) != files(d.states[1]) {
		return nil
	}
	var all []string
	for _, diff := range catalog.Compare(d.states[0].Catalog.Only(d.left.objects), d.states[1].Catalog.Only(d.left.objects), catalog.Ignore{Owners: d.NoOwners, Grants: d.NoPrivileges}) {
		if diff.ID.Kind != catalog.KindExtension {
			all = append(all, diff.ID.String())
		}
	}
	if files(d.states[0]) {
		for i, s := range d.states {
			for _, l := range s.Loaded.Left {
				if !slices.ContainsFunc(d.states[1-i].Loaded.Left, func(o schemafile.Left) bool { return o.Text == l.Text }) {
					all = append(all, short(shown(l.Text), 60))
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// touchesLeft tells whether the migration changes something that what is left out
// needs: the copy that it was proved on does not have that.
func (d *comparison) touchesLeft() bool {
	whole := d.states[0].Whole
	if whole == nil || len(d.left.objects) == 0 {
		return false
	}
	changed := map[catalog.ID]bool{}
	for _, c := range d.result.Up.Changes {
		changed[c.ID] = c.Action != plan.Create
	}
	for id := range d.left.objects {
		if o := whole.Objects[id]; o != nil && o.NeedsAny(func(need catalog.ID) bool { return changed[need] }) {
			return true
		}
	}
	return false
}

// compared is an error where something differs that was not compared.
func (d *comparison) compared() error {
	n := len(d.left.differ)
	if n == 0 {
		return nil
	}
	return problem.New("write the migration of that by hand, install "+strings.Join(d.left.lacking, " and ")+" on this machine, or use --scratch server, which makes temporary databases on the database's own server",
		"%s that the scratch server cannot judge: %s", report.Plural(n, "difference", "differences"), strings.Join(d.left.differ[:min(n, 5)], "; ")).Exit(problem.Failed)
}
