package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is the kind of an object, in the words of PostgreSQL's own commands.
type Kind string

// The kinds that a Catalog holds.
const (
	KindSchema            Kind = "schema"
	KindExtension         Kind = "extension"
	KindLanguage          Kind = "language"
	KindCollation         Kind = "collation"
	KindType              Kind = "type" // enum, composite, range; Domain is a kind of its own
	KindDomain            Kind = "domain"
	KindAttribute         Kind = "attribute" // of a composite type
	KindDomainConstraint  Kind = "domain constraint"
	KindSequence          Kind = "sequence"
	KindTable             Kind = "table"
	KindForeignTable      Kind = "foreign table"
	KindColumn            Kind = "column" // of a table, foreign table, view or materialized view
	KindDefault           Kind = "default"
	KindConstraint        Kind = "constraint"
	KindIndex             Kind = "index"
	KindStatistics        Kind = "statistics"
	KindView              Kind = "view"
	KindMaterializedView  Kind = "materialized view"
	KindRule              Kind = "rule"
	KindTrigger           Kind = "trigger"
	KindPolicy            Kind = "policy"
	KindFunction          Kind = "function"
	KindProcedure         Kind = "procedure"
	KindAggregate         Kind = "aggregate"
	KindOperator          Kind = "operator"
	KindOperatorClass     Kind = "operator class"
	KindOperatorFamily    Kind = "operator family"
	KindCast              Kind = "cast"
	KindConversion        Kind = "conversion"
	KindTransform         Kind = "transform"
	KindAccessMethod      Kind = "access method"
	KindTextSearchConfig  Kind = "text search configuration"
	KindTextSearchDict    Kind = "text search dictionary"
	KindTextSearchParser  Kind = "text search parser"
	KindTextSearchTmpl    Kind = "text search template"
	KindForeignWrapper    Kind = "foreign data wrapper"
	KindServer            Kind = "server"
	KindUserMapping       Kind = "user mapping"
	KindPublication       Kind = "publication"
	KindPublicationTable  Kind = "publication table"
	KindPublicationSchema Kind = "publication schema"
	KindSubscription      Kind = "subscription"
	KindEventTrigger      Kind = "event trigger"
	KindDefaultPrivileges Kind = "default privileges"
	KindSystemGrants      Kind = "privileges"   // on what PostgreSQL or an extension brought
	KindLargeObject       Kind = "large object" // data, named only by default privileges
	KindSetting           Kind = "setting"      // of the database; no object, only told of
)

// ID is the identity of an object: what PostgreSQL itself tells two objects
// apart by. It holds raw names, not quoted ones.
type ID struct {
	Kind   Kind
	Schema string // "" for objects outside of schemas
	Name   string // of the object, or of the relation or type that it is part of
	Sub    string // of the part (column, constraint, trigger…), or a function's argument types
}

// String is the identity for people: "column public.users.age".
func (id ID) String() string {
	var b strings.Builder
	b.WriteString(string(id.Kind))
	b.WriteByte(' ')
	b.WriteString(id.Path())
	return b.String()
}

// Path is the identity without its kind: "public.users.age".
func (id ID) Path() string {
	name := id.Name
	if id.Schema != "" {
		name = id.Schema + "." + name
	}
	switch id.Kind {
	case KindFunction, KindProcedure, KindAggregate, KindOperator:
		return name + "(" + id.Sub + ")"
	}
	if id.Sub == "" {
		return name
	}
	return name + "." + id.Sub
}

// SQL is the quoted, qualified name of the object itself, or, of a part, the
// name of what it is part of.
func (id ID) SQL() string {
	if id.Schema == "" {
		return Quote(id.Name)
	}
	return Quote(id.Schema) + "." + Quote(id.Name)
}

// Grant is one privilege of one role.
type Grant struct {
	Grantee   string // "public" is everybody
	Privilege string // SELECT, USAGE…
	Grantable bool
	Grantor   string // "" is the owner
}

// Object is one object of the schema.
type Object struct {
	ID      ID
	Owner   string // "" where the kind has none
	Comment string
	// Grants are the privileges in force, sorted. The built-in default is
	// spelled out, so that "none given" and "default given" compare equal.
	Grants []Grant
	Detail Detail
	needs  []*ID // see Needs; other objects' own, which a large schema has many of
	// Age tells which of two indexes, or keys, is older: that has the smaller number.
	Age uint32 `json:"-"`
}

// As is the detail of an object whose kind is known. Another kind is a fault of the
// caller, and said with the object's name.
func As[T Detail](o *Object) T {
	d, ok := o.Detail.(T)
	if !ok {
		panic(fmt.Sprintf("%s has the detail %T", o.ID, o.Detail))
	}
	return d
}

// Detail is what only one kind has: *Table, *Column, *View…
type Detail interface{ detail() }

// Size is how large a table is, as far as the statistics know.
type Size struct {
	Rows  int64 // -1 when it was never analyzed
	Bytes int64
}

// Catalog is a snapshot of one database.
type Catalog struct {
	Version  int    // server_version_num: 150004
	Database string // its name
	Role     string // current_user of the reader
	Objects  map[ID]*Object
	// Settings are what statements go by that do not say all: in which tablespace
	// a new table lies, how its values are compressed.
	Settings map[string]string
	Locale   string // the database's encoding and collation, by which texts are ordered
	// HalfDetached are partitions whose DETACH CONCURRENTLY was cut off.
	HalfDetached []ID
	// Order lists the identities in the order in which they were read, which
	// keeps columns in their order in the table.
	Order []ID
	// Unmanaged names what is in the database and not in Objects.
	Unmanaged []ID
	// Roles are the roles that owners, grants, policies and user mappings name.
	Roles []string
	// Sizes of tables and materialized views; nil when not asked for.
	Sizes map[ID]Size
}

// Empty is a catalog without objects, except for the schema that every fresh
// database has.
func Empty(version int) *Catalog {
	c := &Catalog{Version: version, Objects: map[ID]*Object{}}
	owner, grants := "pg_database_owner", []Grant{
		{Grantee: "pg_database_owner", Privilege: "CREATE"}, {Grantee: "pg_database_owner", Privilege: "USAGE"}, {Grantee: "public", Privilege: "USAGE"},
	}
	if version < 150000 {
		owner, grants = "", []Grant{{Grantee: "public", Privilege: "CREATE"}, {Grantee: "public", Privilege: "USAGE"}}
	}
	c.add(&Object{
		ID: ID{Kind: KindSchema, Name: "public"}, Owner: owner, Comment: "standard public schema",
		Grants: grants, Detail: &Schema{},
	})
	return c
}

// settle orders the objects of a kind by schema and name. Parts keep the order
// that they have in their table. So two databases that hold the same print the
// same, in whatever order they were made.
func (c *Catalog) settle() {
	place := map[Kind]int{}
	for _, id := range c.Order {
		if _, ok := place[id.Kind]; !ok {
			place[id.Kind] = len(place)
		}
	}
	slices.SortStableFunc(c.Order, func(a, b ID) int {
		return cmp.Or(cmp.Compare(place[a.Kind], place[b.Kind]), cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Name, b.Name))
	})
}

func (c *Catalog) add(o *Object) {
	if _, ok := c.Objects[o.ID]; !ok {
		c.Order = append(c.Order, o.ID)
	}
	c.Objects[o.ID] = o
}

// Parent is the object that id is part of: it cannot exist without it and goes
// away with it. ok is false for objects that stand alone.
func (c *Catalog) Parent(id ID) (parent ID, ok bool) {
	switch id.Kind {
	case KindDefault:
		return ID{KindColumn, id.Schema, id.Name, id.Sub}, true
	case KindColumn, KindConstraint, KindTrigger, KindPolicy, KindRule:
		return c.Relation(id.Schema, id.Name)
	case KindIndex:
		if o := c.Objects[id]; o != nil {
			return As[*Index](o).Table, true
		}
	case KindAttribute:
		return ID{Kind: KindType, Schema: id.Schema, Name: id.Name}, true
	case KindDomainConstraint:
		return ID{Kind: KindDomain, Schema: id.Schema, Name: id.Name}, true
	case KindPublicationTable, KindPublicationSchema:
		return ID{Kind: KindPublication, Name: id.Name}, true
	case KindUserMapping:
		return ID{Kind: KindServer, Name: id.Name}, true
	}
	return ID{}, false
}

// relationKinds share one namespace, and can have columns, triggers or rules.
var relationKinds = [...]Kind{KindTable, KindForeignTable, KindView, KindMaterializedView}

// Relation is the table or view of a name.
func (c *Catalog) Relation(schema, name string) (ID, bool) {
	for _, k := range relationKinds {
		id := ID{Kind: k, Schema: schema, Name: name}
		if _, ok := c.Objects[id]; ok {
			return id, true
		}
	}
	return ID{}, false
}

// Parts lists the objects of kind k whose parent is id, in their order.
func (c *Catalog) Parts(id ID, k Kind) []*Object {
	var parts []*Object
	for _, o := range c.Order {
		if o.Kind != k || o.Schema != id.Schema {
			continue
		}
		if p, ok := c.Parent(o); ok && p == id {
			parts = append(parts, c.Objects[o])
		}
	}
	return parts
}

func sortGrants(grants []Grant) []Grant {
	slices.SortFunc(grants, func(a, b Grant) int {
		if n := strings.Compare(a.Grantee, b.Grantee); n != 0 {
			return n
		}
		if n := strings.Compare(a.Privilege, b.Privilege); n != 0 {
			return n
		}
		return strings.Compare(a.Grantor, b.Grantor)
	})
	return slices.Compact(grants)
}
