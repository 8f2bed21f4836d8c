package relation

// Database is what was read in one snapshot.
type Database struct {
	Name    string
	Comment string
	Version int // of the server, as in 150004
	Tables  []*Table
	Notices []Notice
}

// Notice tells of something that is left out or bent. It stops nothing.
type Notice struct {
	Rule    string // stable, kebab-case
	Warning bool
	Message string
	Hint    string
}

// Kind is what a relation is.
type Kind string

const (
	Ordinary     Kind = "table" // partitioned and foreign tables, too
	View         Kind = "view"
	Materialized Kind = "materialized view"
)

// Table is a table or a view.
type Table struct {
	Schema, Name string
	Kind         Kind
	Comment      string
	Columns      []*Column

	// Key are the columns that tell one row from all others, none of them ever
	// null: the primary key, else a unique constraint; empty where there is none.
	Key         []*Column
	Uniques     []*Unique
	ForeignKeys []*ForeignKey
	Checks      []*Check
	// Heirs are the tables that inherit from it ("schema.table"): what is read of it has
	// their rows, too. Partitions are none.
	Heirs []string

	// What the role that read the catalog may do. Where it may insert or update
	// some columns only, Column says so.
	CanInsert, CanUpdate, CanDelete bool
}

// Column is a column of a table.
type Column struct {
	Name    string
	Comment string
	Type    *Type
	NotNull bool

	// HasDefault says that an insert need not name it; Generated, that it must
	// not: a generated column, or an identity ALWAYS.
	HasDefault bool
	Generated  bool
	// Writable says that the role may insert or update it.
	Writable bool

	// Indexed says that an index begins with it; ForPatterns, that one serves
	// LIKE (a trigram or text_pattern_ops index).
	Indexed, ForPatterns bool
}

// Unique is a unique constraint or index on columns.
type Unique struct {
	Name    string
	Columns []*Column
}

// ForeignKey says that Columns of a table are Targets of another, pairwise.
type ForeignKey struct {
	Name    string
	Columns []*Column
	Table   *Table // nil where it is not among those that are served
	Targets []*Column
}

// Check is a CHECK constraint.
type Check struct {
	Name    string
	Columns []string // those that it looks at
	// Expression is the condition as the server writes it.
	Expression string
}

// Category is how values of a type are read and written.
type Category string

const (
	Boolean     Category = "boolean"
	Integer     Category = "integer" // of 16 and 32 bits
	BigInt      Category = "int8"
	Float       Category = "float" // float4 and float8
	Numeric     Category = "numeric"
	Text        Category = "text" // text, varchar, char and citext
	UUID        Category = "uuid"
	Date        Category = "date"
	Timestamp   Category = "timestamp"
	TimestampTZ Category = "timestamptz"
	Time        Category = "time"
	Interval    Category = "interval"
	Bytes       Category = "bytea"
	JSON        Category = "json" // json and jsonb
	Enum        Category = "enum"
	Array       Category = "array"
	Composite   Category = "composite"
	Range       Category = "range"
	Other       Category = "other" // read and written as PostgreSQL's own text
)

// Type is the type of a column, domains resolved.
type Type struct {
	Category Category
	// Name is the type as SQL writes it, with its schema and modifier: what a
	// value can be cast to. Base is the name of the built-in type below domains
	// ("int4", "varchar"), "" where it is none.
	Name, Base string
	MaxLength  int      // of text; 0: none
	Labels     []string // of an enum
	Elem       *Type    // of an array
	Dimensions int      // of an array, as declared: PostgreSQL itself takes any
	// Delimiter stands between values of the type in an array: "," for most, ";" for box.
	Delimiter string
	Fields    []Field // of a composite
	// Checks are those of all domains that the type goes through.
	Checks []*Check
	// Domain says that the type is a domain; NotNull, that it forbids null.
	Domain, NotNull bool
	// Ordered says that values can be compared and sorted.
	Ordered bool
}

// Field is an attribute of a composite type.
type Field struct {
	Name string
	Type *Type
}

// Column finds a column by its name; nil where there is none.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// IsKey says that c is part of the key.
func (t *Table) IsKey(c *Column) bool {
	for _, k := range t.Key {
		if k == c {
			return true
		}
	}
	return false
}
