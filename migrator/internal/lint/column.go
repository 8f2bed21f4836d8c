package lint

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

func (f *file) addColumn(x *pgsql.AlterTableStmt, c *pgsql.ColumnDef) {
	table := tableName(x.Relation)
	rewrite, locked := danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked")
	filled := has(c, "CONSTR_DEFAULT") != nil
	why := ""
	switch d := has(c, "CONSTR_DEFAULT"); {
	case strings.Contains(c.TypeName.Simple(), "serial"):
		why, filled = "a serial column gives every row a number", true
	case has(c, "CONSTR_IDENTITY") != nil:
		why, filled = "an identity column gives every row a number", true
	case f.domains[typeText(c.TypeName)].checked:
		why = "its domain has a constraint"
	case has(c, "CONSTR_GENERATED") != nil:
		why, filled = "a stored generated column is computed for every row", true
	case d != nil:
		switch volatile(d.RawExpr) {
		case yes:
			why = "the default is volatile: every row gets a value of its own"
		case maybe:
			why = "the default calls a function: every row gets a value of its own if it is volatile"
			rewrite.Message = "the table is written anew if the default is volatile"
		}
	}
	if why != "" {
		d := f.on(x.Relation, f.foundAt("adding-field-with-default", f.place(c.Location), why+", and "+table+" is written anew while nobody can read it", rewrite, locked))
		if k := has(c, "CONSTR_DEFAULT"); k != nil && k.Location > c.Location && len(x.Cmds) == 1 {
			t, q, exists := f.written(x.Relation), quote(c.Colname), ""
			if x.Cmds[0].MissingOk {
				exists = "IF NOT EXISTS "
			}
			if sql := f.slice(k.Location, len(f.at.SQL)); len(c.Constraints) == 1 {
				d.Rewrite = fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s%s %s;\nALTER TABLE %s ALTER COLUMN %s SET %s\n-- then fill the rows that are there in batches", t, exists, q, plain(f.slice(c.TypeName.Location, f.place(k.Location)-f.at.Offset)), t, q, sql)
			}
		}
	}
	if has(c, "CONSTR_NOTNULL") != nil && !filled {
		f.on(x.Relation, f.foundAt("adding-required-field", f.place(c.Location), c.Colname+" has no default and may not be null: it fails when "+table+" has rows", danger(MayFail, "fails when the table has rows: there is no default")))
	}
	if has(c, "CONSTR_PRIMARY") != nil {
		f.key(x, c.Constraints[0], "adding-serial-primary-key-field")
	}
	if has(c, "CONSTR_UNIQUE") != nil {
		f.key(x, c.Constraints[0], "disallowed-unique-constraint")
	}
	if k := has(c, "CONSTR_FOREIGN"); k != nil && filled && !f.isFresh(k.Pktable) {
		f.foreign(x, k)
	}
	if k := has(c, "CONSTR_CHECK"); k != nil {
		f.on(x.Relation, f.foundAt("constraint-missing-not-valid", f.place(k.Location), "all rows of "+table+" are read under a lock",
			danger(Scan, "the table is read under a lock; add the check NOT VALID afterwards"), danger(BlocksReads, "the table is locked")))
	}
}

func (f *file) retype(x *pgsql.AlterTableStmt, c *pgsql.AlterTableCmd) {
	def, ok := c.Def.(*pgsql.ColumnDef)
	if !ok {
		return
	}
	column := tableName(x.Relation) + "." + c.Name
	old, now := f.types[column], typeText(def.TypeName)
	f.types[column] = now
	f.columnType(def.TypeName, false)
	message, rewrite := "the table is written anew while nobody can read it", danger(Rewrite, "the table is written anew")
	switch kept := old == now && old != "" || !f.domains[now].checked && keeps(f.stored(old), f.stored(now)); {
	case kept && def.RawDefault == nil:
		return
	case old == "":
		message, rewrite = "the table is written anew while nobody can read it, if the two types are stored in different ways", danger(Rewrite, "the table is written anew if the types are stored in different ways")
	case kept:
		rewrite.Message = "the table is written anew if USING changes values"
	case zoned(old, now):
		message, rewrite = "the table is written anew while nobody can read it, if TimeZone is not UTC", danger(Rewrite, "the table is written anew if TimeZone is not UTC")
	}
	f.on(x.Relation, f.found("changing-column-type", column+": "+message, rewrite, danger(BlocksReads, "the table is locked")))
}
