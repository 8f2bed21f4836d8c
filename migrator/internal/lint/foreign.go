package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// reference is a foreign key that the files define. What takes it away locks the table
// that it refers to, as strongly as its own.
type reference struct {
	name    string
	columns []string
	from    *pgsql.RangeVar
	to      *pgsql.RangeVar
	keys    []string // of the table that it refers to; none is its primary key
}

// constrained notes the constraints of a table by name, and asks for the locks on the
// tables that its foreign keys refer to: their triggers are made there.
func (f *file) constrained(t *pgsql.RangeVar, k *pgsql.Constraint, column string) {
	table := tableName(t)
	columns := texts(slices.Concat(k.FkAttrs, k.Keys))
	if column != "" {
		columns = []string{column}
	}
	if k.Contype == "CONSTR_PRIMARY" {
		f.primary[table] = columns
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
	f.references[table] = append(slices.Clip(f.references[table]), reference{name, columns, t, k.Pktable, texts(k.PkAttrs)})
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

// remade asks for the locks on the tables whose foreign keys refer to a column that
// gets another type: they are made anew, on both sides.
func (f *file) remade(t *pgsql.RangeVar, column string) {
	table := tableName(t)
	for _, name := range slices.Sorted(maps.Keys(f.references)) {
		for _, r := range f.references[name] {
			keys := r.keys
			if len(keys) == 0 {
				keys = f.primary[table]
			}
			if r.to != nil && tableName(r.to) == table && name != table && slices.Contains(keys, column) {
				f.locks(r.from, BlocksReads)
			}
		}
	}
}

func texts(list []*pgsql.String) (all []string) {
	for _, s := range list {
		all = append(all, s.Sval)
	}
	return all
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
	f.primary[now] = f.primary[table]
	f.references[now] = slices.Clone(f.references[table])
	for i := range f.references[now] {
		f.references[now][i].from = to
	}
	delete(f.references, table)
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
	f.primary[table] = with(f.primary[table], old, now)
	for of, all := range f.references {
		all = slices.Clone(all)
		for i, r := range all {
			if of == table {
				all[i].columns = with(r.columns, old, now)
			}
			if r.to != nil && tableName(r.to) == table {
				all[i].keys = with(r.keys, old, now)
			}
		}
		f.references[of] = all
	}
}

// with is a list with one name in place of another.
func with(list []string, old, now string) []string {
	list = slices.Clone(list)
	if at := slices.Index(list, old); at >= 0 {
		list[at] = now
	}
	return list
}
