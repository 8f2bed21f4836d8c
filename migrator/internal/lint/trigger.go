package lint

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// trigger is one that the files make: its function runs when a statement of the files
// fires it.
type trigger struct {
	name, function string
	events         int
	columns        []string // UPDATE OF these; none is all
	off            bool
}

// What a trigger fires on, as PostgreSQL counts it (TRIGGER_TYPE_INSERT …).
const (
	onInsert   = 1 << 2
	onDelete   = 1 << 3
	onUpdate   = 1 << 4
	onTruncate = 1 << 5
)

// fires notes a trigger.
func (f *file) fires(x *pgsql.Other) {
	table := x.Table("relation")
	function, _ := x.Fields["funcname"].([]any)
	events, _ := x.Fields["events"].(float64)
	if table == nil || len(function) == 0 {
		return
	}
	made := trigger{function: text(function[len(function)-1]), events: int(events)}
	made.name, _ = x.Fields["trigname"].(string)
	columns, _ := x.Fields["columns"].([]any)
	for _, c := range columns {
		made.columns = append(made.columns, text(c))
	}
	f.untriggered(table, made.name)
	f.triggers[tableName(table)] = append(f.triggers[tableName(table)], made)
}

func text(n any) string {
	if s, ok := n.(*pgsql.String); ok {
		return s.Sval
	}
	return ""
}

// untriggered forgets a trigger of a table; "" is all of them.
func (f *file) untriggered(t *pgsql.RangeVar, name string) {
	table := tableName(t)
	f.triggers[table] = slices.DeleteFunc(slices.Clone(f.triggers[table]), func(g trigger) bool { return name == "" || g.name == name })
}

// dropsTriggers forgets what DROP TABLE or DROP TRIGGER takes away.
func (f *file) dropsTriggers(x *pgsql.DropStmt) {
	for _, o := range x.Objects {
		l, _ := o.(*pgsql.List)
		switch {
		case l == nil:
		case x.RemoveType == "OBJECT_TABLE":
			f.untriggered(ranged(o), "")
		case x.RemoveType == "OBJECT_TRIGGER" && len(l.Items) > 1:
			f.untriggered(ranged(&pgsql.List{Items: l.Items[:len(l.Items)-1]}), text(l.Items[len(l.Items)-1]))
		}
	}
}

// switches puts triggers of a table out of use, or in use again; "" is all of them.
func (f *file) switches(t *pgsql.RangeVar, name string, off bool) {
	all := slices.Clone(f.triggers[tableName(t)])
	for i := range all {
		if name == "" || all[i].name == name {
			all[i].off = off
		}
	}
	f.triggers[tableName(t)] = all
}

// fired judges what the triggers of the files do when rows of a table change: once in
// a file, since it is the same each time.
func (f *file) fired(t *pgsql.RangeVar, event int, targets []*pgsql.ResTarget) {
	if t == nil {
		return
	}
	for _, g := range f.triggers[tableName(t)] {
		key := tableName(t) + " " + g.name
		if g.off || g.events&event == 0 || f.judged[key] {
			continue
		}
		if event == onUpdate && len(g.columns) > 0 && !slices.ContainsFunc(targets, func(r *pgsql.ResTarget) bool { return slices.Contains(g.columns, r.Name) }) {
			continue
		}
		f.judged[key] = true
		f.runs(g.function, f.place(t.Location))
	}
}

// firedBy is fired for a statement that changes rows.
func (f *file) firedBy(n pgsql.Node) {
	switch x := n.(type) {
	case *pgsql.DeleteStmt:
		f.fired(x.Relation, onDelete, nil)
	case *pgsql.UpdateStmt:
		f.fired(x.Relation, onUpdate, x.TargetList)
	case *pgsql.InsertStmt:
		f.fired(x.Relation, onInsert, nil)
		if c := x.OnConflictClause; c != nil && c.Action == "ONCONFLICT_UPDATE" {
			f.fired(x.Relation, onUpdate, c.TargetList)
		}
	case *pgsql.MergeStmt:
		for _, w := range x.MergeWhenClauses {
			event := map[string]int{"CMD_INSERT": onInsert, "CMD_UPDATE": onUpdate, "CMD_DELETE": onDelete}[w.CommandType]
			f.fired(x.Relation, event, w.TargetList)
		}
	}
}
