package restapi

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// Options say what the API is like.
type Options struct {
	Title string // "": the database's name
	// Camel writes names of JSON as createdAt where the column is created_at.
	Camel bool
	// Roles are what a token may ask to act as; none: the API knows no callers.
	Roles []string
	// SoftDelete is the column that DELETE sets instead of deleting, in the tables
	// that have it; "" is none. Bulk adds operations that insert many rows.
	SoftDelete string
	Bulk       bool
	// Known are the names that tables ("schema.table") have from an earlier run: users'
	// code and their clients rely on them.
	Known map[string]string
}

// Service is an API with the tables behind it.
type Service struct {
	API       *api.API
	Resources []*Resource
	// Actions says what each operation does, by its ID.
	Actions map[string]*Action
}

// Resource is a table as the API shows it.
type Resource struct {
	Table *relation.Table
	Name  string // "order-items": its path, tag, and the names of its files
	Path  string // "/order-items"

	Fields  []*Field // of its columns, in their order
	Key     []*Field
	Expands []*Expand
	// SoftDelete is the column that DELETE sets; nil: it deletes.
	SoftDelete *Field

	// Row is what writing answers, View what reading does, Input and Patch what
	// is sent: names of schemas. Input is "" where nothing can be written.
	Row, View, Input, Patch string
}

// Field is a column with its name in JSON.
type Field struct {
	Column *relation.Column
	Name   string
	// Input says that it may be sent; Filter, that it may stand in a condition
	// and in sort.
	Input, Filter bool
	Parameter     string // its name in a query
}

// Expand is a foreign key that ?expand= follows.
type Expand struct {
	Name   string
	Key    *relation.ForeignKey
	Target *Resource
	// Nullable says that there may be no row.
	Nullable bool
}

// Verb is what an operation does.
type Verb string

const (
	List    Verb = "list"
	Get     Verb = "get"
	Create  Verb = "create"
	Bulk    Verb = "bulk"
	Replace Verb = "replace"
	Update  Verb = "update"
	Delete  Verb = "delete"
	Nested  Verb = "nested" // List of the rows that refer to one of another table
)

// Action is an operation on a resource.
type Action struct {
	Verb     Verb
	Resource *Resource
	// Parent and Through say whose rows Nested lists, by which foreign key.
	Parent  *Resource
	Through *relation.ForeignKey
}

// Field is the field of a column; nil where there is none.
func (r *Resource) Field(c *relation.Column) *Field {
	for _, f := range r.Fields {
		if f.Column == c {
			return f
		}
	}
	return nil
}

// Names are those of all tables, for Known of the next run.
func (s *Service) Names() map[string]string {
	out := map[string]string{}
	for _, r := range s.Resources {
		out[r.Table.Schema+"."+r.Table.Name] = r.Name
	}
	return out
}

// Make decides what the API of db is.
func Make(db *relation.Database, o Options) *Service {
	title := o.Title
	if title == "" {
		title = db.Name
	}
	m := &maker{
		options: o, db: db, names: newNames("UploadedFile", "Buffer", "Readable", "Response", "OtherStatus", "HttpStatus"),
		service: &Service{API: &api.API{Title: title, Version: "1.0.0", Description: db.Comment, Source: db.Name, Shared: api.Shared{Parameters: map[*api.Parameter]string{}, Responses: map[*api.Response]string{}}}, Actions: map[string]*Action{}},
		shared:  newSharedParts(),
		byTable: map[*relation.Table]*Resource{}, forms: map[string]*api.Schema{}, schemas: map[string]*api.Schema{},
		conditions: map[*relation.Check]*expression{},
	}
	m.resources()
	m.security()
	m.errors()
	for _, r := range m.service.Resources {
		m.rowSchemas(r)
	}
	for _, r := range m.service.Resources {
		m.expandSchemas(r)
	}
	for _, r := range m.service.Resources {
		m.operations(r)
	}
	for _, n := range db.Notices {
		m.service.API.Notices = append(m.service.API.Notices, api.Notice{Rule: n.Rule, Warning: n.Warning, Message: n.Message, Hint: n.Hint})
	}
	return m.service
}

// maker holds what is known while the API is made.
type maker struct {
	options Options
	db      *relation.Database
	service *Service
	names   *names // of schemas and operations
	byTable map[*relation.Table]*Resource
	forms   map[string]*api.Schema // shared schemas of types, by their names
	schemas map[string]*api.Schema // of rows
	access  []api.Requirement
	shared  *sharedParts

	conditions map[*relation.Check]*expression
}
