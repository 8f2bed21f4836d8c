package catalog

// plainColumn is a column without what few columns have. Two columns of which it is
// the same are alike.
type plainColumn struct {
	typ, collation, identity, generated, storage, compression, sequence        string
	notNullName, notNullComment                                                string
	statsTarget, position, parents, notNullParents                             int
	notNull, local, inherited, notNullNoInherit, notNullNotValid, notNullLocal bool
}

// shareAlike lets columns and defaults that are alike be held once: in a schema of many
// tables most are like another's, and a column is large. It comes when nothing more is
// read of them.
func (r *reader) shareAlike() error {
	columns, defaults := map[plainColumn]*Column{}, map[Default]*Default{}
	for _, id := range r.c.Order {
		switch d := r.c.Objects[id].Detail.(type) {
		case *Column:
			if len(d.Options)+len(d.ForeignOptions)+len(d.SequenceGrants) > 0 || d.Sequence != nil {
				continue
			}
			key := plainColumn{
				d.Type, d.Collation, d.Identity, d.Generated, d.Storage, d.Compression, d.SequenceName, d.NotNullName, d.NotNullComment,
				d.StatsTarget, d.Position, d.Parents, d.NotNullParents, d.NotNull, d.Local, d.Inherited, d.NotNullNoInherit, d.NotNullNotValid, d.NotNullLocal,
			}
			if columns[key] == nil {
				columns[key] = d
			}
			r.c.Objects[id].Detail = columns[key]
		case *Default:
			if defaults[*d] == nil {
				defaults[*d] = d
			}
			r.c.Objects[id].Detail = defaults[*d]
		}
	}
	return nil
}
