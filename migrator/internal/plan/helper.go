package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/convert"
)

// helper is the composite type with one attribute by which JSON becomes an array:
// there from before the statement that converts until after it.
type helper struct {
	name, attribute string // name is "" where none is needed
}

// helped gives the helper type of a change a name of its own among those of a
// table or type.
func helped(change convert.Change, of catalog.ID, place int) (convert.Change, helper) {
	if change.Helper == "" {
		return change, helper{}
	}
	name := "migrator_value"
	if of.Kind == catalog.KindType { // which waits for the columns of several tables
		name += "_" + of.Name
	}
	id := catalog.ID{Kind: catalog.KindType, Schema: "pg_temp", Name: shorten(name, fmt.Sprintf("_%d", place+1))}
	h := helper{id.SQL(), change.Helper}
	change.Using = strings.ReplaceAll(change.Using, convert.HelperName, h.name)
	return change, h
}

func (h helper) make(of catalog.ID) []step {
	if h.name == "" {
		return nil
	}
	return []step{say(of, "CREATE TYPE "+h.name+" AS (value "+h.attribute+")")}
}

func (h helper) drop(of catalog.ID) []step {
	if h.name == "" {
		return nil
	}
	return []step{say(of, "DROP TYPE "+h.name)}
}
