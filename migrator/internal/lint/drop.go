package lint

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

func (f *file) rename(x *pgsql.RenameStmt) {
	if x.RenameType == "OBJECT_COLUMN" && x.Relation != nil {
		f.renamedColumn(x.Relation, x.Subname, x.Newname)
	}
	if f.isFresh(x.Relation) {
		if x.RenameType == "OBJECT_TABLE" {
			f.fresh[tableName(&pgsql.RangeVar{Schemaname: x.Relation.Schemaname, Relname: x.Newname})] = true
			f.renamed(x.Relation, x.Newname)
		}
		return
	}
	lost := danger(Correctness, "what uses the old name fails")
	switch x.RenameType {
	case "OBJECT_COLUMN":
		f.on(x.Relation, f.found("renaming-column", fmt.Sprintf("what uses %s.%s fails", tableName(x.Relation), x.Subname), lost))
	case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE":
		f.renamed(x.Relation, x.Newname)
		d := f.on(x.Relation, f.found("renaming-table", "what uses "+tableName(x.Relation)+" fails", lost))
		d.Rewrite = fmt.Sprintf("%s;\nCREATE VIEW %s AS SELECT * FROM %s -- in the same transaction", f.at.SQL, tableName(x.Relation), x.Newname)
	case "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE":
		// No statement names them.
	case "OBJECT_INDEX", "OBJECT_STATISTIC_EXT", "OBJECT_DOMCONSTRAINT", "OBJECT_COLLATION", "OBJECT_EVENT_TRIGGER":
		return
	default:
		what := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(x.RenameType, "OBJECT_"), "_", " "))
		f.found("renaming-object", "what uses the old name of the "+what+" fails", lost)
	}
	if x.Relation != nil {
		f.locks(x.Relation, BlocksReads)
	}
}

var dropped = map[string]struct{ rule, what string }{
	"OBJECT_TABLE":    {"ban-drop-table", "the rows of the table are lost"},
	"OBJECT_MATVIEW":  {"ban-drop-table", "its rows are lost until it is made and filled again"},
	"OBJECT_SEQUENCE": {"ban-drop-table", "the place of the sequence is lost"},
	"OBJECT_SCHEMA":   {"ban-drop-schema", "what the schema holds is lost"},
}

func (f *file) drop(x *pgsql.DropStmt) {
	f.dropsTriggers(x)
	for _, o := range x.Objects {
		t := ranged(o)
		if f.isFresh(t) {
			f.unreferenced(tableName(t), anyReference, true)
			return
		}
		switch d, known := dropped[x.RemoveType]; {
		case x.RemoveType == "OBJECT_SCHEMA" && x.Behavior != "DROP_CASCADE": // it is empty, or this fails
		case known && x.RemoveType == "OBJECT_TABLE":
			f.on(t, f.found(d.rule, "the rows of "+tableName(t)+" are lost", danger(DataLoss, d.what), danger(BlocksReads, "the table is locked")))
			f.locks(t, BlocksReads)
			f.unreferenced(tableName(t), anyReference, true)
		case known && x.RemoveType == "OBJECT_MATVIEW":
			f.on(t, f.found(d.rule, d.what, danger(DataLoss, d.what)))
			f.locks(t, BlocksReads)
		case known:
			f.found(d.rule, d.what, danger(DataLoss, d.what))
		case x.RemoveType == "OBJECT_TRIGGER", x.RemoveType == "OBJECT_POLICY", x.RemoveType == "OBJECT_RULE":
			if l, ok := o.(*pgsql.List); ok && len(l.Items) > 1 {
				if of := ranged(&pgsql.List{Items: l.Items[:len(l.Items)-1]}); !f.isFresh(of) {
					f.locks(of, BlocksReads)
				}
			}
		case usedByCode[x.RemoveType] != "":
			f.dropObject(x, o)
		case x.RemoveType == "OBJECT_INDEX" && !x.Concurrent:
			f.dropIndex(x, t)
		case x.RemoveType == "OBJECT_INDEX":
			f.alone("DROP INDEX CONCURRENTLY")
		}
		if !x.MissingOk && !f.inside {
			f.found("prefer-robust-stmts", "it fails when it is run again")
		}
	}
	if x.Behavior == "DROP_CASCADE" {
		f.found("ban-drop-cascade", "CASCADE drops whatever depends on it", danger(DataLoss, "what depends on it is dropped as well, and its tables are locked"))
		f.dependents()
	}
}

// ranged is the relation that a name of DROP means.
func ranged(n pgsql.Node) *pgsql.RangeVar {
	l, ok := n.(*pgsql.List)
	if !ok || len(l.Items) == 0 {
		return nil
	}
	t := &pgsql.RangeVar{Relname: last(l.Items)}
	if len(l.Items) > 1 {
		t.Schemaname = last(l.Items[:len(l.Items)-1])
	}
	return t
}
