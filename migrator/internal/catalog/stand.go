package catalog

// Stand writes one role's name for another's: that of a role that was made for a
// run, on a server of somebody else, stands for the one that is meant.
func (c *Catalog) Stand(role, meant string) {
	name := func(s *string) {
		if *s == role {
			*s = meant
		}
	}
	name(&c.Role)
	for i := range c.Roles {
		name(&c.Roles[i])
	}
	for _, o := range c.Objects {
		name(&o.Owner)
		for i := range o.Grants {
			name(&o.Grants[i].Grantee)
			name(&o.Grants[i].Grantor)
		}
	}
}
