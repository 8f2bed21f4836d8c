package lint

import (
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// usedByCode are the kinds of object that running code names.
var usedByCode = map[string]string{
	"OBJECT_VIEW": "view", "OBJECT_FUNCTION": "function", "OBJECT_PROCEDURE": "procedure", "OBJECT_ROUTINE": "routine", "OBJECT_AGGREGATE": "aggregate",
	"OBJECT_TYPE": "type", "OBJECT_DOMAIN": "domain", "OBJECT_EXTENSION": "extension", "OBJECT_OPERATOR": "operator",
}

// dropObject is the drop of what running code names, unless the file makes it again.
func (f *file) dropObject(x *pgsql.DropStmt, o pgsql.Node) {
	name := objectName(o)
	if f.again[name] > f.index {
		return
	}
	what := usedByCode[x.RemoveType]
	f.found("dropping-object", fmt.Sprintf("what uses the %s %s fails", what, name), danger(Correctness, "what uses the "+what+" fails"))
}

// objectName is the last part of a name in DROP.
func objectName(n pgsql.Node) string {
	switch x := n.(type) {
	case *pgsql.String:
		return x.Sval
	case *pgsql.List:
		return last(x.Items)
	case *pgsql.TypeName:
		return last(x.Names)
	case *pgsql.Other: // ObjectWithArgs
		names, _ := x.Fields["objname"].([]any)
		if len(names) > 0 {
			if s, ok := names[len(names)-1].(*pgsql.String); ok {
				return s.Sval
			}
		}
	}
	return ""
}

// made is the name of what a statement makes that running code could name; "" is none.
func made(n pgsql.Node) string {
	switch x := n.(type) {
	case *pgsql.CreateFunctionStmt:
		if len(x.Funcname) > 0 {
			return x.Funcname[len(x.Funcname)-1].Sval
		}
	case *pgsql.CreateStmt:
		return x.Relation.Relname
	case *pgsql.CreateTableAsStmt:
		if x.Into != nil && x.Into.Rel != nil {
			return x.Into.Rel.Relname
		}
	case *pgsql.CreateDomainStmt:
		if len(x.Domainname) > 0 {
			return x.Domainname[len(x.Domainname)-1].Sval
		}
	case *pgsql.RenameStmt:
		return x.Newname
	case *pgsql.Other:
		if t := x.Table("view", "typevar"); t != nil {
			return t.Relname
		}
		for _, field := range []string{"typeName", "defnames"} {
			if names, ok := x.Fields[field].([]any); ok && len(names) > 0 {
				if s, ok := names[len(names)-1].(*pgsql.String); ok {
					return s.Sval
				}
			}
		}
		if name, ok := x.Fields["extname"].(string); ok {
			return name
		}
	}
	return ""
}
