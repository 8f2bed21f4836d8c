package cli

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/shared/problem"
)

// withoutExtensions leaves extensions alone that both sides have and the scratch
// server does not, with what needs them, which cannot be made there.
func (d *comparison) withoutExtensions() error {
	if d.bench == nil {
		return nil
	}
	names := slices.Clone(d.bench.Lacking)
	for _, s := range d.states {
		if s.Loaded != nil {
			for _, x := range s.Loaded.Lacking {
				names = append(names, x.Name)
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		if d.only().Leaves(catalog.ID{Kind: catalog.KindExtension, Name: name}) {
			continue
		}
		if d.hasExtension(0, name) != d.hasExtension(1, name) {
			for i := range d.states {
				if x := d.asked(i, name); x != nil {
					return x.Problem
				}
			}
			return problem.New("install it on this machine, or use --scratch server, which makes temporary databases on the database's own server; --exclude "+name+" leaves it alone",
				"the scratch server does not have the extension %s, which only one side has", name)
		}
		tell(d.session.Err, "warning: the scratch server does not have the extension %s: it is left alone, and the proof does not cover it", name)
	}
	if len(names) > 0 {
		d.leaveNeedy(names)
	}
	for _, name := range d.bench.OtherVersion {
		tell(d.session.Err, "warning: the scratch server has the extension %s in another version: versions of it are not compared", name)
		for _, s := range d.states {
			if o := s.Catalog.Objects[catalog.ID{Kind: catalog.KindExtension, Name: name}]; o != nil {
				catalog.As[*catalog.Extension](o).AnyVersion = true
			}
		}
	}
	return nil
}

// hasExtension tells whether a side has or asks for an extension.
func (d *comparison) hasExtension(side int, name string) bool {
	return d.states[side].Catalog.Objects[catalog.ID{Kind: catalog.KindExtension, Name: name}] != nil || d.asked(side, name) != nil
}

// asked is the extension that a side's files ask for in vain, or nil.
func (d *comparison) asked(side int, name string) *schemafile.Extension {
	l := d.states[side].Loaded
	if l == nil {
		return nil
	}
	if i := slices.IndexFunc(l.Lacking, func(x schemafile.Extension) bool { return x.Name == name }); i >= 0 {
		return &l.Lacking[i]
	}
	return nil
}
