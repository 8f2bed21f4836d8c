package lint

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

func (f *file) createTable(x *pgsql.CreateStmt) {
	f.fresh[tableName(x.Relation)] = true
	if x.Partspec != nil {
		f.partitioned[tableName(x.Relation)] = true
	}
	for _, parent := range x.InhRelations {
		if x.Partbound != nil {
			f.partitioned[tableName(parent)] = true
			f.locks(parent, BlocksReads)
		}
	}
	if x.Relation.Schemaname == "" && x.Relation.Relpersistence != "t" {
		f.on(x.Relation, f.foundAt("require-table-schema", f.place(x.Relation.Location), tableName(x.Relation)+" has no schema"))
	}
	if !x.IfNotExists && !f.inside {
		f.found("prefer-robust-stmts", "it fails when it is run again")
	}
	keys := map[string]bool{}
	for _, e := range x.TableElts {
		if c, ok := e.(*pgsql.Constraint); ok && (c.Contype == "CONSTR_PRIMARY" || c.Contype == "CONSTR_UNIQUE") {
			for _, k := range c.Keys {
				keys[k.Sval] = true
			}
		}
	}
	for _, e := range x.TableElts {
		switch c := e.(type) {
		case *pgsql.ColumnDef:
			f.define(x.Relation, c, keys[c.Colname])
		case *pgsql.Constraint:
			f.constrained(x.Relation, c, "")
		}
	}
}

// define notes a column's type and judges it.
func (f *file) define(t *pgsql.RangeVar, c *pgsql.ColumnDef, key bool) {
	f.types[tableName(t)+"."+c.Colname] = typeText(c.TypeName)
	key = key || has(c, "CONSTR_PRIMARY") != nil
	f.columnType(c.TypeName, key)
	for _, k := range c.Constraints {
		f.constrained(t, k, c.Colname)
	}
}

func (f *file) columnType(t *pgsql.TypeName, key bool) {
	if t == nil {
		return
	}
	say := func(rule, message, better string) {
		d := f.foundAt(rule, f.place(t.Location), message)
		if from := t.Location + f.shift - f.at.Offset; better != "" && from >= 0 && from < len(f.at.SQL) {
			d.Rewrite = better
		}
	}
	name := t.Simple()
	switch name {
	case "int4", "serial", "serial4":
		if key {
			say("prefer-bigint-key", "a key of 32 bits ends at 2,147,483,647", "")
		} else {
			say("prefer-bigint-over-int", "a column of 32 bits", "")
		}
	case "int2", "smallserial", "serial2":
		say("prefer-bigint-over-smallint", "a column of 16 bits", "")
	case "json":
		say("prefer-jsonb", "a column of type json", "")
	case "timestamp":
		say("prefer-timestamp-tz", "a timestamp without a time zone", "")
	case "bpchar":
		say("ban-char-field", "a column of type char", "")
	case "varchar":
		if len(t.Typmods) > 0 {
			say("prefer-text-field", "a varchar with a limit", "")
		}
	}
	if strings.Contains(name, "serial") {
		say("prefer-identity", "a serial column", "")
	}
}

// has is the first constraint of a kind that a column has.
func has(c *pgsql.ColumnDef, kind string) *pgsql.Constraint {
	for _, k := range c.Constraints {
		if k.Contype == kind {
			return k
		}
	}
	return nil
}

// typeText is a type with its modifiers: "varchar(20)", "numeric(10,2)", "int4[]".
func typeText(t *pgsql.TypeName) string {
	var mods []string
	for _, m := range t.Typmods {
		c, ok := m.(*pgsql.AConst)
		if !ok {
			return ""
		}
		if c.Ival != nil {
			mods = append(mods, strconv.Itoa(c.Ival.Ival))
		}
	}
	s := t.Simple()
	if len(mods) > 0 {
		s += "(" + strings.Join(mods, ",") + ")"
	}
	return s + strings.Repeat("[]", len(t.ArrayBounds))
}

func (f *file) alterTable(x *pgsql.AlterTableStmt) {
	if x.Objtype == "OBJECT_TYPE" {
		for _, c := range x.Cmds {
			if c.Subtype == "AT_DropColumn" {
				f.found("ban-drop-column", "the values of the attribute "+c.Name+" are lost", danger(DataLoss, "the values of the attribute are lost"))
			}
		}
		return
	}
	fresh := f.isFresh(x.Relation)
	for _, c := range x.Cmds {
		if def, ok := c.Def.(*pgsql.ColumnDef); ok && c.Subtype == "AT_AddColumn" {
			f.define(x.Relation, def, false)
			if !c.MissingOk && !f.inside {
				f.found("prefer-robust-stmts", "it fails when it is run again")
			}
		}
		if k, ok := c.Def.(*pgsql.Constraint); ok && c.Subtype == "AT_AddConstraint" {
			f.constrained(x.Relation, k, "")
		}
		f.loosened(x.Relation, c)
		if !fresh && (x.Objtype == "OBJECT_TABLE" || x.Objtype == "OBJECT_MATVIEW") {
			f.action(x, c)
		}
	}
	if kind := stops(x); !fresh && kind != "" {
		f.locks(x.Relation, kind)
	}
}

// loosened asks for the locks on the tables that foreign keys refer to which an
// action takes away or makes anew.
func (f *file) loosened(t *pgsql.RangeVar, c *pgsql.AlterTableCmd) {
	switch c.Subtype {
	case "AT_DropConstraint":
		f.unreferenced(tableName(t), called(c.Name), true)
	case "AT_DropColumn":
		f.unreferenced(tableName(t), of(c.Name), true)
	case "AT_AlterColumnType":
		f.unreferenced(tableName(t), of(c.Name), false)
		f.remade(t, c.Name)
	}
}

// stops is what the lock of an ALTER TABLE stops: the strongest of its actions counts.
// "" is less than writes.
func stops(x *pgsql.AlterTableStmt) (most Kind) {
	for _, c := range x.Cmds {
		switch stopsOf(c) {
		case BlocksReads:
			return BlocksReads
		case BlocksWrites:
			most = BlocksWrites
		}
	}
	return most
}

func stopsOf(c *pgsql.AlterTableCmd) Kind {
	switch c.Subtype {
	case "AT_ValidateConstraint", "AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions", "AT_SetOptions", "AT_ResetOptions", "AT_ClusterOn", "AT_DropCluster", "AT_AttachPartition":
		return ""
	case "AT_EnableTrig", "AT_DisableTrig", "AT_EnableTrigAll", "AT_DisableTrigAll", "AT_EnableTrigUser", "AT_DisableTrigUser", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig":
		return BlocksWrites
	case "AT_AddConstraint":
		if k, ok := c.Def.(*pgsql.Constraint); ok && k.Contype == "CONSTR_FOREIGN" {
			return BlocksWrites
		}
	case "AT_DetachPartition":
		if p, ok := c.Def.(*pgsql.PartitionCmd); ok && p.Concurrent {
			return ""
		}
	}
	return BlocksReads
}

// action is one action on a table in use.
func (f *file) action(x *pgsql.AlterTableStmt, c *pgsql.AlterTableCmd) {
	table := tableName(x.Relation)
	column := table + "." + c.Name
	locked := danger(BlocksReads, "the table is locked")
	switch c.Subtype {
	case "AT_AddColumn":
		if def, ok := c.Def.(*pgsql.ColumnDef); ok {
			f.addColumn(x, def)
		}
	case "AT_DropColumn":
		f.on(x.Relation, f.found("ban-drop-column", "the values of "+column+" are lost", danger(DataLoss, "the values of the column are lost")))
		if c.Behavior == "DROP_CASCADE" {
			f.found("ban-drop-cascade", "CASCADE drops whatever depends on "+column, danger(DataLoss, "what depends on it is dropped as well"))
		}
	case "AT_AlterColumnType":
		f.retype(x, c)
	case "AT_SetNotNull":
		if f.notNull[column] {
			return
		}
		d := f.on(x.Relation, f.found("adding-not-nullable-field", "all rows of "+table+" are read under a lock to see that no "+c.Name+" is null",
			danger(Scan, "the table is read under a lock, unless a validated check says that no value is null"), danger(MayFail, "fails when a value is null")))
		if len(x.Cmds) == 1 {
			q, t := quote(c.Name), f.written(x.Relation)
			k := quote(x.Relation.Relname + "_" + c.Name + "_not_null")
			f.replace(d, fmt.Sprintf("ALTER TABLE %[1]s ADD CONSTRAINT %[2]s CHECK (%[3]s IS NOT NULL) NOT VALID;\nALTER TABLE %[1]s VALIDATE CONSTRAINT %[2]s;\nALTER TABLE %[1]s ALTER COLUMN %[3]s SET NOT NULL;\nALTER TABLE %[1]s DROP CONSTRAINT %[2]s", t, k, q))
		}
	case "AT_DropNotNull":
		f.on(x.Relation, f.found("ban-drop-not-null", column+" may be null from now on", danger(Correctness, "the column may be null from now on")))
	case "AT_DropConstraint":
		if f.added[table+"."+c.Name] {
			return // it is a means of this file
		}
		d := f.on(x.Relation, f.found("dropping-constraint", c.Name+" is no longer enforced", danger(Correctness, "the constraint is no longer enforced")))
		if !f.constraints[table+"."+c.Name] {
			d.Message += "; if it is a foreign key, the table that it refers to is locked as well"
			f.locksTable(unknown, BlocksReads)
		}
	case "AT_AddConstraint":
		if k, ok := c.Def.(*pgsql.Constraint); ok {
			f.addConstraint(x, k)
		}
	case "AT_ValidateConstraint":
		if f.open[table+"."+c.Name] && (f.together() || !f.bare) {
			d := f.on(x.Relation, f.found("constraint-missing-not-valid", c.Name+" was added NOT VALID in this transaction: its lock on "+table+" is held while all rows are read",
				danger(Scan, "the table is read under the lock of ADD CONSTRAINT"), danger(BlocksWrites, "writes wait, and reads as well for a CHECK"), danger(MayFail, "fails when a row does not satisfy it")))
			if !f.together() {
				d.Severity = Notice
				d.Message = c.Name + " was added NOT VALID in this file: where a transaction is around it, as migrator apply has it without -- migrator:no-transaction, the lock on " + table + " is held while all rows are read"
				d.Hazards = nil
			}
		}
		if k, ok := f.checks[table+"."+c.Name]; ok {
			f.notNull[k] = true
		}
	case "AT_SetLogged", "AT_SetUnLogged", "AT_SetTableSpace", "AT_SetAccessMethod":
		f.on(x.Relation, f.found("rewriting-table", table+" is written anew", danger(Rewrite, "the table is written anew if it is not so already"), locked))
	case "AT_ColumnDefault", "AT_CookedColumnDefault":
		f.found("changing-default", "the default of "+column+" changes")
	case "AT_EnableTrig", "AT_EnableTrigAll", "AT_EnableTrigUser", "AT_EnableAlwaysTrig":
		f.switches(x.Relation, c.Name, false)
	case "AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser", "AT_DisableRule":
		if c.Subtype != "AT_DisableRule" {
			f.switches(x.Relation, c.Name, true)
		}
		f.on(x.Relation, f.found("disabling-trigger", "what "+cmp.Or(c.Name, "each trigger")+" does on "+table+" is no longer done", danger(Correctness, "what the trigger enforces is not enforced")))
	case "AT_AddIdentity":
		// A column that is there gets no new values.
	case "AT_AttachPartition":
		f.partitioned[table] = true
		if p, ok := c.Def.(*pgsql.PartitionCmd); ok && p.Name != nil {
			f.locks(p.Name, BlocksReads)
		}
		f.on(x.Relation, f.found("attaching-partition", "the partition is read under a lock", danger(Scan, "the partition is read to see that its rows are within the bounds")))
	case "AT_DetachPartition":
		f.partitioned[table] = true
		gone := danger(Correctness, "the rows of the partition are no longer seen through its parent")
		if p, ok := c.Def.(*pgsql.PartitionCmd); ok && p.Concurrent {
			f.alone("DETACH PARTITION CONCURRENTLY")
			return
		}
		d := f.on(x.Relation, f.found("require-concurrent-partition-detach", "reads and writes of "+table+" wait for the lock", gone, danger(BlocksReads, "the table is locked; CONCURRENTLY waits instead")))
		f.add(d, "CONCURRENTLY")
	case "AT_EnableRowSecurity", "AT_DisableRowSecurity", "AT_ForceRowSecurity", "AT_NoForceRowSecurity", "AT_ChangeOwner":
		f.on(x.Relation, f.found("changing-permissions", "who may see or change "+table+" changes", danger(Permissions, "who may see or change the table changes")))
	}
}

func (f *file) addConstraint(x *pgsql.AlterTableStmt, k *pgsql.Constraint) {
	table := tableName(x.Relation)
	f.added[table+"."+k.Conname] = true
	f.open[table+"."+k.Conname] = k.SkipValidation
	if n, ok := k.RawExpr.(*pgsql.NullTest); ok && n.Nulltesttype == "IS_NOT_NULL" && k.Conname != "" {
		if ref, ok := n.Arg.(*pgsql.ColumnRef); ok {
			name, _ := ref.Name()
			f.checks[table+"."+k.Conname] = table + "." + name
			f.notNull[table+"."+name] = !k.SkipValidation
		}
	}
	switch k.Contype {
	case "CONSTR_PRIMARY":
		if k.Indexname == "" {
			f.key(x, k, "adding-serial-primary-key-field")
		}
	case "CONSTR_UNIQUE":
		if k.Indexname == "" {
			f.key(x, k, "disallowed-unique-constraint")
		}
	case "CONSTR_EXCLUSION":
		f.on(x.Relation, f.foundAt("adding-exclusion-constraint", f.place(k.Location), "reads and writes of "+table+" wait until the index is built",
			danger(IndexBuild, "an index is built"), danger(BlocksReads, "the table is locked until it is built"), danger(MayFail, "fails when rows conflict")))
	case "CONSTR_FOREIGN":
		if !k.SkipValidation {
			f.foreign(x, k)
		}
	case "CONSTR_CHECK":
		if k.SkipValidation {
			return
		}
		d := f.on(x.Relation, f.foundAt("constraint-missing-not-valid", f.place(k.Location), "all rows of "+table+" are read while nobody can read or write it",
			danger(Scan, "the table is read under a lock; NOT VALID first, then VALIDATE CONSTRAINT"), danger(BlocksReads, "reads and writes wait"), danger(MayFail, "fails when a row does not satisfy it")))
		f.validateLater(x, k, d)
	}
}

func (f *file) foreign(x *pgsql.AlterTableStmt, k *pgsql.Constraint) {
	d := f.on(x.Relation, f.foundAt("adding-foreign-key-constraint", f.place(k.Location), "writes to "+tableName(x.Relation)+" and "+tableName(k.Pktable)+" wait while all rows are checked",
		danger(Scan, "the table is read under a lock; NOT VALID first, then VALIDATE CONSTRAINT"), danger(BlocksWrites, "writes wait"), danger(MayFail, "fails when a row does not satisfy it")))
	if f.isPartitioned(x.Relation) {
		d.Instead = "add it to each partition, NOT VALID and VALIDATE CONSTRAINT, then to the parent; from PostgreSQL 18 on a partitioned table takes NOT VALID itself"
		return
	}
	f.validateLater(x, k, d)
}

// validateLater suggests NOT VALID and VALIDATE CONSTRAINT, for a constraint with a
// name that is alone in its statement.
func (f *file) validateLater(x *pgsql.AlterTableStmt, k *pgsql.Constraint, d *Finding) {
	if k.Conname != "" && len(x.Cmds) == 1 && x.Cmds[0].Subtype == "AT_AddConstraint" {
		f.replace(d, fmt.Sprintf("%s NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %s", f.at.SQL, f.written(x.Relation), quote(k.Conname)))
	}
}

// written is the name of a table as SQL.
func (f *file) written(t *pgsql.RangeVar) string {
	if t.Schemaname != "" {
		return quote(t.Schemaname) + "." + quote(t.Relname)
	}
	return quote(t.Relname)
}

// slice is a part of the statement, by a place of the parse tree.
func (f *file) slice(location, to int) string {
	from := f.place(location) - f.at.Offset
	if from < 0 || from > to {
		return ""
	}
	return f.at.SQL[from:to]
}

func quote(name string) string { return pgsql.Quote(name) }
