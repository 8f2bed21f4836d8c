package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// word is a kind as commands spell it.
func word(k catalog.Kind) string { return strings.ToUpper(string(k)) }

// reference names an object in COMMENT, ALTER and DROP: "TRIGGER t ON s.x".
func reference(o *catalog.Object) string {
	id := o.ID
	switch id.Kind {
	case catalog.KindColumn, catalog.KindAttribute:
		return "COLUMN " + id.SQL() + "." + catalog.Quote(id.Sub)
	case catalog.KindConstraint, catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule:
		return word(id.Kind) + " " + catalog.Quote(id.Sub) + " ON " + id.SQL()
	case catalog.KindDomainConstraint:
		return "CONSTRAINT " + catalog.Quote(id.Sub) + " ON DOMAIN " + id.SQL()
	case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
		return word(id.Kind) + " " + signature(o)
	case catalog.KindOperator:
		return "OPERATOR " + catalog.Quote(id.Schema) + "." + id.Name + " (" + id.Sub + ")"
	case catalog.KindOperatorClass, catalog.KindOperatorFamily:
		return word(id.Kind) + " " + id.SQL() + " USING " + catalog.Quote(id.Sub)
	case catalog.KindCast:
		return "CAST (" + id.Name + ")"
	case catalog.KindTransform:
		return "TRANSFORM " + id.Name
	}
	return word(id.Kind) + " " + id.SQL()
}

// signature is a function's name with its argument types.
func signature(o *catalog.Object) string {
	if d, ok := o.Detail.(*catalog.Aggregate); ok {
		return o.ID.SQL() + "(" + d.Arguments + ")"
	}
	return o.ID.SQL() + "(" + o.ID.Sub + ")"
}

// grantTarget names an object in GRANT and REVOKE.
func grantTarget(o *catalog.Object) string {
	switch o.ID.Kind {
	case catalog.KindColumn, catalog.KindTable, catalog.KindForeignTable, catalog.KindView, catalog.KindMaterializedView:
		return "TABLE " + o.ID.SQL()
	case catalog.KindAggregate:
		return "FUNCTION " + o.ID.SQL() + "(" + o.ID.Sub + ")"
	case catalog.KindServer:
		return "FOREIGN SERVER " + o.ID.SQL()
	case catalog.KindSystemGrants:
		return catalog.As[*catalog.SystemGrants](o).Target
	}
	return reference(o)
}

// comment sets or removes a comment.
func comment(o *catalog.Object, text string) step {
	value := "NULL"
	if text != "" {
		value = catalog.Literal(text)
	}
	return say(o.ID, "COMMENT ON "+reference(o)+" IS "+value)
}

// ownable kinds have ALTER … OWNER TO.
func ownable(k catalog.Kind) bool {
	switch k {
	case catalog.KindColumn, catalog.KindAttribute, catalog.KindDefault, catalog.KindConstraint, catalog.KindDomainConstraint, catalog.KindIndex,
		catalog.KindTrigger, catalog.KindRule, catalog.KindPolicy, catalog.KindExtension, catalog.KindUserMapping,
		catalog.KindPublicationTable, catalog.KindPublicationSchema, catalog.KindDefaultPrivileges,
		catalog.KindCast, catalog.KindTransform, catalog.KindAccessMethod, catalog.KindTextSearchParser, catalog.KindTextSearchTmpl:
		return false
	}
	return true
}

func owner(o *catalog.Object) step {
	return say(o.ID, "ALTER "+reference(o)+" OWNER TO "+catalog.Quote(o.Owner))
}

// newOwner gives an object that is there to another role.
func newOwner(o *catalog.Object) step {
	return owner(o).danger(lint.Permissions, "%s belongs to %s from now on", o.ID, o.Owner)
}
