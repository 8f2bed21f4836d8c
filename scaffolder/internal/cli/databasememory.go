package cli

import "github.com/seniorbackend/tools/shared/problem"

// databaseOptions are the flags that say what a project from a database is, and the
// names that its tables have. The connection string is not among them: it may hold
// a password, and the next run may read another copy of the database.
type databaseOptions struct {
	Case       string            `json:"case,omitempty"`
	Title      string            `json:"title,omitempty"`
	Schema     []string          `json:"schema,omitempty"`
	Tables     []string          `json:"tables,omitempty"`
	Exclude    []string          `json:"exclude,omitempty"`
	ReadOnly   []string          `json:"read_only,omitempty"`
	Roles      []string          `json:"roles,omitempty"`
	SoftDelete string            `json:"soft_delete,omitempty"`
	Bulk       bool              `json:"bulk,omitempty"`
	Names      map[string]string `json:"names,omitempty"`
}

// options are what the next run takes where it is not told otherwise.
func (c *databaseCmd) options(names map[string]string) options {
	return options{Framework: c.Framework, Int64: c.Int64, Embedded: c.embedded, Database: &databaseOptions{
		Case: c.Case, Title: c.Title, Schema: c.Schema, Tables: c.Tables, Exclude: c.Exclude, ReadOnly: c.ReadOnly,
		Roles: c.Roles, SoftDelete: valueOf(c.SoftDelete), Bulk: valueOf(c.Bulk), Names: names,
	}}
}

// fromMemory fills in what the command line leaves out. An empty value, as in
// --exclude ”, takes a remembered one back.
func (c *databaseCmd) fromMemory(o options, known bool) error {
	if err := keepsFramework(o.Framework, c.Framework, c.Force); err != nil {
		return err
	}
	if known && o.Database == nil && !c.Force {
		return problem.New("name another directory with --output; --force writes over it, and your own files stay as they are", "this project was not made from a database")
	}
	last := o.Database
	if last == nil {
		last = &databaseOptions{}
	}
	for _, flag := range []struct {
		value           *string
		last, otherwise string
	}{{&c.Framework, o.Framework, "express"}, {&c.Int64, o.Int64, "number"}, {&c.Case, last.Case, "snake"}, {&c.Title, last.Title, ""}} {
		for _, next := range []string{flag.last, flag.otherwise} {
			if *flag.value == "" {
				*flag.value = next
			}
		}
	}
	for _, flag := range []struct {
		value *[]string
		last  []string
	}{{&c.Schema, last.Schema}, {&c.Tables, last.Tables}, {&c.Exclude, last.Exclude}, {&c.ReadOnly, last.ReadOnly}, {&c.Roles, last.Roles}} {
		if *flag.value == nil {
			*flag.value = flag.last
		}
		*flag.value = withoutEmpty(*flag.value)
	}
	if c.SoftDelete == nil {
		c.SoftDelete = &last.SoftDelete
	}
	if c.Bulk == nil {
		c.Bulk = &last.Bulk
	}
	return nil
}

func withoutEmpty(values []string) []string {
	var out []string
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

// valueOf is what a flag says; where it was not given, the zero value.
func valueOf[T any](flag *T) (value T) {
	if flag != nil {
		value = *flag
	}
	return value
}
