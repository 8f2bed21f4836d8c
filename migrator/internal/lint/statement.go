package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// judge looks at one statement, by its kind.
func (f *file) judge(n pgsql.Node) {
	switch x := n.(type) {
	case *pgsql.CreateStmt:
		f.createTable(x)
	case *pgsql.AlterTableStmt:
		f.alterTable(x)
	case *pgsql.IndexStmt:
		f.createIndex(x)
	case *pgsql.DropStmt:
		f.drop(x)
	case *pgsql.RenameStmt:
		f.rename(x)
	case *pgsql.TransactionStmt:
		f.transaction(x)
	case *pgsql.VariableSetStmt:
		f.timeout[x.Name] = true
	case *pgsql.ReindexStmt, *pgsql.VacuumStmt, *pgsql.ClusterStmt, *pgsql.RefreshMatViewStmt, *pgsql.LockStmt:
		f.maintain(x)
	case *pgsql.AlterEnumStmt:
		f.alterEnum(x)
	case *pgsql.CreateDomainStmt:
		if slices.ContainsFunc(x.Constraints, func(c *pgsql.Constraint) bool { return c.Contype == "CONSTR_CHECK" || c.Contype == "CONSTR_NOTNULL" }) {
			f.found("ban-create-domain-with-constraint", "the domain has a constraint")
		}
		f.domain(x)
		f.columnType(x.TypeName, false)
	case *pgsql.AlterDomainStmt:
		f.alterDomain(x)
	case *pgsql.DropdbStmt:
		f.found("ban-drop-database", "the database is dropped", danger(DataLoss, "everything in the database is lost"))
		f.alone("DROP DATABASE")
	case *pgsql.AlterObjectSchemaStmt:
		if !f.isFresh(x.Relation) {
			f.found("renaming-object", "what uses the name with its old schema fails", danger(Correctness, "what uses the old name fails"))
			if x.Relation != nil {
				f.locks(x.Relation, BlocksReads)
			}
		}
	case *pgsql.TruncateStmt:
		f.truncate(x)
	case *pgsql.DoStmt:
		f.do(x)
	case *pgsql.CreateFunctionStmt:
		f.makes(x)
	case *pgsql.Other:
		f.other(x)
	default:
		f.query(n)
	}
}

// alone is a statement that PostgreSQL refuses in a transaction.
func (f *file) alone(what string) {
	if f.inside {
		f.found("ban-concurrent-index-creation-in-transaction", what+" in a transaction", danger(MayFail, "PostgreSQL refuses it in a transaction"))
	} else if f.whole && f.several {
		d := f.found("ban-concurrent-index-creation-in-transaction", what+" beside other statements: golang-migrate (without x-multi-statement) and dbmate send a file in one piece, which is a transaction",
			danger(MayFail, "PostgreSQL refuses it beside other statements that are sent with it"))
		d.Severity = Warning
	}
}

// locks notes that a statement waits for a lock of a table in use that stops reads,
// or writes only.
func (f *file) locks(t *pgsql.RangeVar, stops Kind) {
	if f.isFresh(t) {
		return
	}
	f.locksTable(short(tableName(t)), stops)
	if f.together() {
		if f.locked == "" || stops == BlocksReads {
			f.locked, f.stops = tableName(t), stops
		}
	}
	if f.warned {
		return
	}
	f.warned = true
	if !f.timeout["lock_timeout"] {
		f.found("require-lock-timeout", "no lock_timeout is set before the lock on "+tableName(t)+" is asked for")
	}
	if !f.timeout["statement_timeout"] {
		f.found("require-statement-timeout", "no statement_timeout is set before this statement")
	}
}

func (f *file) other(x *pgsql.Other) {
	switch x.Kind {
	case "GrantStmt", "GrantRoleStmt", "AlterOwnerStmt", "AlterDefaultPrivilegesStmt", "ReassignOwnedStmt":
		f.found("changing-permissions", "who may do what changes", danger(Permissions, "somebody may do more or less"))
	case "DropOwnedStmt":
		f.found("ban-drop-cascade", "everything that the role owns is dropped", danger(DataLoss, "everything that the role owns is lost"))
	case "CreateTrigStmt":
		f.attached(x)
		f.fires(x)
	case "CreatePolicyStmt", "AlterPolicyStmt", "RuleStmt":
		f.attached(x)
	case "CreateTableSpaceStmt", "AlterSystemStmt", "CreatedbStmt":
		f.alone(strings.TrimSuffix(x.Kind, "Stmt"))
	case "CopyStmt":
		f.query(x)
	}
}

// dependents are tables that CASCADE locks, which the text does not name.
func (f *file) dependents() {
	f.locksTable(unknown, BlocksReads)
}

// attached is what is made on a table: a trigger, a policy, a rule.
func (f *file) attached(x *pgsql.Other) {
	stops := BlocksReads
	switch x.Kind {
	case "CreateTrigStmt":
		stops = BlocksWrites
	case "CreatePolicyStmt", "AlterPolicyStmt":
		f.found("changing-permissions", "who may do what changes", danger(Permissions, "somebody may do more or less"))
	}
	if t := x.Table("relation", "table"); t != nil {
		f.locks(t, stops)
	}
}

func (f *file) transaction(x *pgsql.TransactionStmt) {
	switch x.Kind {
	case "TRANS_STMT_BEGIN", "TRANS_STMT_START":
		if f.inside {
			f.found("transaction-nesting", "BEGIN within a transaction", danger(Correctness, "the transaction is the one that is open already"))
			return
		}
		f.inside, f.begun = true, true
	case "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE":
		if !f.begun {
			f.found("transaction-nesting", "the end of a transaction that this file has not begun", danger(Correctness, "it ends the transaction of the runner"))
		}
		f.inside, f.begun = f.options.InTransaction, false
		f.ended()
	}
}

func (f *file) truncate(x *pgsql.TruncateStmt) {
	for _, t := range x.Relations {
		f.fired(t, onTruncate, nil)
		if f.isFresh(t) {
			continue
		}
		f.on(t, f.found("truncating-table", "all rows of "+tableName(t)+" are lost", danger(DataLoss, "all rows are lost"), danger(BlocksReads, "the table is locked")))
		if x.Behavior == "DROP_CASCADE" {
			f.found("ban-truncate-cascade", "tables that refer to "+tableName(t)+" are emptied as well", danger(DataLoss, "the rows of tables that refer to it are lost"))
			f.dependents()
		}
		f.locks(t, BlocksReads)
	}
}

func (f *file) maintain(n pgsql.Node) {
	rewritten := func(what string, t *pgsql.RangeVar) {
		d := f.found("prefer-repack", what+" writes the table anew", danger(Rewrite, "the table is written anew"), danger(BlocksReads, "the table is locked"))
		if t != nil {
			f.on(t, d)
		}
	}
	switch x := n.(type) {
	case *pgsql.VacuumStmt:
		if x.IsVacuumcmd {
			f.alone("VACUUM")
			if slices.ContainsFunc(x.Options, func(o *pgsql.DefElem) bool { return o.Defname == "full" }) {
				rewritten("VACUUM FULL", nil)
			}
		}
	case *pgsql.ClusterStmt:
		rewritten("CLUSTER", x.Relation)
	case *pgsql.ReindexStmt:
		if slices.ContainsFunc(x.Params, func(o *pgsql.DefElem) bool { return o.Defname == "concurrently" }) {
			f.alone("REINDEX CONCURRENTLY")
			f.found("building-index", "an index is built again", danger(IndexBuild, "an index is built again"))
			return
		}
		d := f.found("require-concurrent-reindex", "writes wait until the index is built again", danger(IndexBuild, "an index is built again"), danger(BlocksWrites, "writes wait; CONCURRENTLY lets them pass"))
		if x.Kind != "REINDEX_OBJECT_SYSTEM" {
			f.insert(d, 2, "CONCURRENTLY")
		}
	case *pgsql.RefreshMatViewStmt:
		if x.Concurrent || x.SkipData || f.isFresh(x.Relation) {
			return
		}
		d := f.on(x.Relation, f.found("require-concurrent-refresh", "reads of "+tableName(x.Relation)+" wait until it is filled", danger(BlocksReads, "readers wait until it is filled; CONCURRENTLY lets them pass")))
		d.Rewrite = after(f.at.SQL, 3, "CONCURRENTLY")
	case *pgsql.LockStmt:
		if x.Mode < 4 { // less than SHARE UPDATE EXCLUSIVE stops no writes
			return
		}
		for _, t := range x.Relations {
			kind, what := BlocksWrites, "writes wait until the transaction ends"
			if x.Mode == 8 {
				kind, what = BlocksReads, "reads and writes wait until the transaction ends"
			}
			if x.Mode > 4 {
				f.on(t, f.found("locking-table", tableName(t)+" is locked: "+what, danger(kind, what)))
				f.locks(t, kind)
			}
		}
	}
}

func (f *file) alterEnum(x *pgsql.AlterEnumStmt) {
	if x.OldVal != "" {
		f.found("renaming-object", fmt.Sprintf("what uses the value '%s' fails", x.OldVal), danger(Correctness, "what uses the old name fails"))
		return
	}
	if x.NewValNeighbor == "" {
		f.found("require-enum-value-ordering", "the value has no place given")
	}
	if f.together() {
		f.values = append(f.values, x.NewVal)
	}
}

func (f *file) alterDomain(x *pgsql.AlterDomainStmt) {
	c, _ := x.Def.(*pgsql.Constraint)
	if x.Subtype == "C" && c != nil && !c.SkipValidation {
		d := f.found("ban-alter-domain-with-add-constraint", "every table that uses the domain is read while writes wait",
			danger(Scan, "the tables that use the domain are read under a lock"), danger(BlocksWrites, "writes wait"), danger(MayFail, "fails when a value does not satisfy it"))
		d.Rewrite = f.at.SQL + " NOT VALID"
	}
}

// query is DML, or a query with DML in it.
func (f *file) query(n pgsql.Node) {
	pgsql.Walk(n, func(n pgsql.Node) bool {
		defer f.firedBy(n)
		switch x := n.(type) {
		case *pgsql.DeleteStmt:
			f.mixes(x.Relation)
			switch {
			case f.isFresh(x.Relation):
			case x.WhereClause == nil && len(x.UsingClause) == 0:
				f.on(x.Relation, f.found("delete-without-where", "all rows of "+tableName(x.Relation)+" are deleted", danger(DataLoss, "all rows are deleted: there is no WHERE")))
			default:
				f.on(x.Relation, f.found("deleting-rows", "rows of "+tableName(x.Relation)+" are deleted", danger(DataLoss, "rows are deleted")))
			}
		case *pgsql.UpdateStmt:
			f.mixes(x.Relation)
			f.twice(x.TargetList)
			if x.WhereClause == nil && len(x.FromClause) == 0 && !f.isFresh(x.Relation) {
				f.on(x.Relation, f.found("update-without-where", "every row of "+tableName(x.Relation)+" is overwritten", danger(DataLoss, "every row is overwritten: there is no WHERE")))
			}
		case *pgsql.InsertStmt:
			f.twice(x.Cols)
			if s, ok := x.SelectStmt.(*pgsql.SelectStmt); ok && len(s.ValuesLists) == 0 {
				f.mixes(x.Relation)
			}
		case *pgsql.MergeStmt:
			f.mixes(x.Relation)
		case *pgsql.SelectStmt:
			if x.IntoClause != nil && x.IntoClause.Rel != nil {
				f.fresh[tableName(x.IntoClause.Rel)] = true
			}
		case *pgsql.CreateTableAsStmt:
			if x.Into != nil && x.Into.Rel != nil {
				f.fresh[tableName(x.Into.Rel)] = true
			}
		case *pgsql.FuncCall:
			f.setConfig(x)
			f.calls(x)
		case *pgsql.AConst:
			if x.Sval != nil && slices.Contains(f.values, x.Sval.Sval) {
				f.foundAt("enum-value-in-transaction", f.place(x.Location), fmt.Sprintf("'%s' was added in this transaction", x.Sval.Sval), danger(MayFail, "the new value cannot be used before COMMIT"))
			}
		}
		return true
	})
}

// setConfig is set_config('lock_timeout', …).
func (f *file) setConfig(x *pgsql.FuncCall) {
	if len(x.Args) == 0 || last(x.Funcname) != "set_config" {
		return
	}
	if c, ok := x.Args[0].(*pgsql.AConst); ok && c.Sval != nil {
		f.timeout[c.Sval.Sval] = true
	}
}

func last(names []pgsql.Node) string {
	if len(names) == 0 {
		return ""
	}
	s, _ := names[len(names)-1].(*pgsql.String)
	if s == nil {
		return ""
	}
	return s.Sval
}

// mixes says that rows change while a lock of this transaction stops others.
func (f *file) mixes(t *pgsql.RangeVar) {
	if f.locked == "" || f.isFresh(t) {
		return
	}
	d := f.found("mixing-ddl-and-dml", "the lock on "+f.locked+" is held while rows of "+tableName(t)+" are changed", danger(f.stops, "a lock of the statements before is held while it runs"))
	f.on(t, d)
	f.locked = "" // once a transaction
}

func (f *file) twice(targets []*pgsql.ResTarget) {
	seen := map[string]bool{}
	for _, t := range targets {
		if seen[t.Name] && len(t.Indirection) == 0 {
			f.foundAt("ban-duplicate-column-assignments", f.place(t.Location), t.Name+" is assigned twice", danger(MayFail, "PostgreSQL refuses it"))
		}
		seen[t.Name] = true
	}
}
