package cli

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/shared/problem"
)

// withoutExtensions leaves extensions alone that both sides have and the scratch
// server does not. What needs them cannot be made there, and says so.
func (d *comparison) withoutExtensions() error {
	if d.bench == nil {
		return nil
	}
	names := slices.Clone(d.bench.Lacking)
	for _, s := range d.states {
		if s.Loaded != nil {
			names = append(names, s.Loaded.Lacking...)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if d.only().Leaves(catalog.ID{Kind: catalog.KindExtension, Name: name}) {
			continue
		}
		if d.hasExtension(0, name) != d.hasExtension(1, name) {
			return problem.New("install it on this machine, or use --scratch server, which makes temporary databases on the database's own server; --exclude "+name+" leaves it alone",
				"the scratch server does not have the extension %s, which only one side has", name)
		}
		for _, s := range d.states {
			s.Leave(catalog.ID{Kind: catalog.KindExtension, Name: name})
		}
		tell(d.session.Err, "warning: the scratch server does not have the extension %s: it is left alone, and the proof does not cover it", name)
	}
	for _, name := range d.bench.OtherVersion {
		tell(d.session.Err, "warning: the scratch server has the extension %s in another version: versions of it are not compared", name)
		for _, s := range d.states {
			if o := s.Catalog.Objects[catalog.ID{Kind: catalog.KindExtension, Name: name}]; o != nil {
				o.Detail.(*catalog.Extension).AnyVersion = true
			}
		}
	}
	return nil
}

// hasExtension tells whether a side has or asks for an extension.
func (d *comparison) hasExtension(side int, name string) bool {
	s := d.states[side]
	return s.Catalog.Objects[catalog.ID{Kind: catalog.KindExtension, Name: name}] != nil || s.Loaded != nil && slices.Contains(s.Loaded.Lacking, name)
}
