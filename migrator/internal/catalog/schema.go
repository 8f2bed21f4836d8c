package catalog

// Schema has nothing but its name, owner, comment and grants.
type Schema struct{}

func (*Schema) detail() {}
