package lint

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// reference is a foreign key that the files define. What takes it away locks the table
// that it refers to, as strongly as its own.
type reference struct {
	name    string
	columns []string
	to      *pgsql.RangeVar
}

// constrained notes the constraints of a table by name, and asks for the locks on the
// tables that its foreign keys refer to: their triggers are made there.
func (f *file) constrained(t *pgsql.RangeVar, k *pgsql.Constraint, column string) {
	table := tableName(t)
	var columns []string
	for _, c := range slices.Concat(k.FkAttrs, k.Keys) {
		columns = append(columns, c.Sval)
	}
	if column != "" {
		columns = []string{column}
	}
	if k.Contype != "CONSTR_FOREIGN" {
		if k.Conname != "" {
			f.constraints[table+"."+k.Conname] = true
		}
		return
	}
	name := k.Conname
	if name == "" {
		name = t.Relname + "_" + strings.Join(columns, "_") + "_fkey"
	}
	f.constraints[table+"."+name] = true
	f.references[table] = append(slices.Clip(f.references[table]), reference{name, columns, k.Pktable})
	if k.Pktable != nil && tableName(k.Pktable) != table {
		f.locks(k.Pktable, BlocksWrites)
	}
}

// unreferenced asks for the locks on what the foreign keys of a table refer to that
// are taken away, or made anew.
func (f *file) unreferenced(table string, which func(reference) bool, gone bool) {
	var left []reference
	for _, r := range f.references[table] {
		if !which(r) {
			left = append(left, r)
			continue
		}
		if r.to != nil && tableName(r.to) != table {
			f.locks(r.to, BlocksReads)
		}
		if !gone {
			left = append(left, r)
		}
	}
	f.references[table] = left
}

func anyReference(reference) bool { return true }

func called(name string) func(reference) bool {
	return func(r reference) bool { return r.name == name }
}

func of(column string) func(reference) bool {
	return func(r reference) bool { return slices.Contains(r.columns, column) }
}

// renamed moves what is known of a table to its new name.
func (f *file) renamed(from *pgsql.RangeVar, name string) {
	to := &pgsql.RangeVar{Schemaname: from.Schemaname, Relname: name}
	table, now := tableName(from), tableName(to)
	for key, known := range f.constraints {
		if name, ok := strings.CutPrefix(key, table+"."); ok && known {
			f.constraints[now+"."+name] = true
		}
	}
	f.references[now] = f.references[table]
	for of, all := range f.references {
		all = slices.Clone(all)
		for i, r := range all {
			if r.to != nil && tableName(r.to) == table {
				all[i].to = to
			}
		}
		f.references[of] = all
	}
	for index, of := range f.indexes {
		if of == table {
			f.indexes[index] = now
		}
	}
	for key, typ := range f.types {
		if name, ok := strings.CutPrefix(key, table+"."); ok {
			f.types[now+"."+name] = typ
		}
	}
	if f.partitioned[table] {
		f.partitioned[now] = true
	}
}

// renamedColumn moves what is known of a column to its new name.
func (f *file) renamedColumn(t *pgsql.RangeVar, old, now string) {
	table := tableName(t)
	if typ, ok := f.types[table+"."+old]; ok {
		f.types[table+"."+now] = typ
	}
	all := slices.Clone(f.references[table])
	for i, r := range all {
		if at := slices.Index(r.columns, old); at >= 0 {
			all[i].columns = slices.Clone(r.columns)
			all[i].columns[at] = now
		}
	}
	f.references[table] = all
}
