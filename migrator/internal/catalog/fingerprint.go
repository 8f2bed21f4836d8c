package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// NotThere is the fingerprint of an object that does not exist.
const NotThere = "absent"

// Root is the object that id is a part of, or id itself.
func (c *Catalog) Root(id ID) ID {
	for range 8 { // parts of parts; a cycle would be a fault
		parent, ok := c.Parent(id)
		if !ok {
			break
		}
		id = parent
	}
	return id
}

// Fingerprint is a short hash of an object with all of its parts: what Compare
// looks at, without owners, privileges and comments. Two objects that Compare finds
// equal have the same one.
func (c *Catalog) Fingerprint(root ID) string {
	if c.Objects[root] == nil {
		return NotThere
	}
	var parts []string
	for id, o := range c.Objects {
		if id == root || c.Root(id) == root {
			parts = append(parts, id.String()+"\n"+described(o))
		}
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:5])
}

// described is what an object's kind says of it.
func described(o *Object) string {
	var b strings.Builder
	v := reflect.ValueOf(o.Detail).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Tag.Get("diff") != "-" {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, text(v.Field(i)))
		}
	}
	return b.String()
}
