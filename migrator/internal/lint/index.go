package lint

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

func (f *file) createIndex(x *pgsql.IndexStmt) {
	if x.IfNotExists && !f.isFresh(x.Relation) {
		d := f.on(x.Relation, f.found("index-if-not-exists", "an INVALID index of this name, or another one, is taken for it", danger(Correctness, "an index that has the name only is taken for it")))
		if !x.Concurrent {
			d.Severity, d.Message = Notice, "an index that has the name only is taken for it" // a plain build leaves no INVALID one
		}
	}
	if len(x.IndexParams) > 3 && !x.Unique {
		f.found("wide-index", fmt.Sprintf("the index has %d columns", len(x.IndexParams)))
	}
	parted := f.isPartitioned(x.Relation)
	if parted && x.Idxname != "" {
		f.partitioned[tableName(&pgsql.RangeVar{Schemaname: x.Relation.Schemaname, Relname: x.Idxname})] = true
	}
	if name := tableName(&pgsql.RangeVar{Schemaname: x.Relation.Schemaname, Relname: x.Idxname}); x.Idxname != "" {
		f.indexes[name] = tableName(x.Relation)
		if f.isFresh(x.Relation) {
			f.fresh[name] = true
		}
	}
	if f.isFresh(x.Relation) || parted && !x.Relation.Inh { // ON ONLY builds nothing
		return
	}
	hazards := []Hazard{danger(IndexBuild, "an index is built")}
	if !x.Concurrent {
		hazards = append(hazards, danger(BlocksWrites, "writes wait until it is built; CONCURRENTLY lets them pass"))
	}
	if x.Unique {
		hazards = append(hazards, danger(MayFail, "fails when rows are not unique"))
	}
	if x.Concurrent {
		f.alone("CREATE INDEX CONCURRENTLY")
		f.on(x.Relation, f.found("building-index", "an index on "+tableName(x.Relation)+" is built", hazards...))
		return
	}
	d := f.on(x.Relation, f.found("require-concurrent-index-creation", "writes to "+tableName(x.Relation)+" wait until the index is built", hazards...))
	if parted {
		d.Hazards[1].Message = "writes wait until it is built on every partition"
		d.Instead = "PostgreSQL refuses CONCURRENTLY for a partitioned table: CREATE INDEX … ON ONLY it, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION"
	} else {
		n := 2
		if x.Unique {
			n = 3
		}
		f.insert(d, n, "CONCURRENTLY")
	}
	f.locks(x.Relation, BlocksWrites) // it may move the findings: d is filled before
}

// dropIndex is DROP INDEX without CONCURRENTLY.
func (f *file) dropIndex(x *pgsql.DropStmt, index *pgsql.RangeVar) {
	table, locked := "its table", "its table is locked"
	if known := f.indexes[tableName(index)]; known != "" {
		table = known
	}
	if x.MissingOk {
		locked += " if it is there"
	}
	d := f.found("require-concurrent-index-deletion", "reads and writes of "+table+" wait for the lock", danger(BlocksReads, locked+"; CONCURRENTLY waits instead"))
	d.Table = f.indexes[tableName(index)]
	if f.isPartitioned(index) {
		d.Hazards[0].Message = "its table and all partitions are locked"
		d.Instead = "PostgreSQL has no other way for the index of a partitioned table: a quiet hour, with a lock_timeout"
	} else if len(x.Objects) == 1 && x.Behavior != "DROP_CASCADE" {
		f.insert(d, 2, "CONCURRENTLY")
	}
	f.locks(&pgsql.RangeVar{Relname: cmp.Or(d.Table, unknown)}, BlocksReads)
}

// key is a primary key or a unique constraint that builds its index itself.
func (f *file) key(x *pgsql.AlterTableStmt, k *pgsql.Constraint, rule string) {
	table := tableName(x.Relation)
	d := f.on(x.Relation, f.foundAt(rule, f.place(k.Location), "reads and writes of "+table+" wait until the index is built", danger(IndexBuild, "an index is built"),
		danger(BlocksReads, "the table is locked until it is built; build the index CONCURRENTLY first, then ADD … USING INDEX"), danger(MayFail, "fails when rows are not unique")))
	if f.isPartitioned(x.Relation) {
		d.Instead = "PostgreSQL takes no USING INDEX for a partitioned table: CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT … USING INDEX on each partition first, then the constraint of the parent, which takes them over"
		return
	}
	if len(k.Keys) == 0 || len(x.Cmds) != 1 || x.Cmds[0].Subtype != "AT_AddConstraint" {
		return
	}
	var columns []string
	for _, c := range k.Keys {
		columns = append(columns, quote(c.Sval))
	}
	kind, name := "UNIQUE", k.Conname
	if k.Contype == "CONSTR_PRIMARY" {
		kind = "PRIMARY KEY"
	}
	if name == "" {
		name = x.Relation.Relname + "_" + strings.ToLower(strings.ReplaceAll(strings.Join(columns, "_")+"_"+kind[:1]+"key", `"`, ""))
	}
	t := f.written(x.Relation)
	d.Rewrite = fmt.Sprintf("CREATE UNIQUE INDEX CONCURRENTLY %[1]s ON %[2]s (%[3]s);\nALTER TABLE %[2]s ADD CONSTRAINT %[1]s %[4]s USING INDEX %[1]s", quote(name), t, strings.Join(columns, ", "), kind)
}
