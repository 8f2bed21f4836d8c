package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Difference is one property in which two databases differ.
type Difference struct {
	ID    ID
	Field Field
	Old   string // "" is absent
	New   string
}

// String is the difference as a line for people.
func (d Difference) String() string {
	switch {
	case d.Field == FieldNone && d.Old == "":
		return "+ " + d.ID.String()
	case d.Field == FieldNone && d.New == "":
		return "- " + d.ID.String()
	}
	return fmt.Sprintf("~ %s: %s: %s -> %s", d.ID, d.Field, orNone(d.Old), orNone(d.New))
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// Ignore leaves properties out of a comparison.
type Ignore struct {
	Owners, Grants bool
}

// Leaves tells whether objects of a kind are left out as a whole.
func (i Ignore) Leaves(k Kind) bool {
	return i.Grants && (k == KindDefaultPrivileges || k == KindSystemGrants)
}

// Compare is the judge: what is in from and not in to, in to and not in from,
// and in both but not the same. Nothing returned means equal.
func Compare(from, to *Catalog, ignore Ignore) []Difference {
	var ds []Difference
	for _, id := range from.Order {
		if to.Objects[id] == nil && !ignore.Leaves(id.Kind) {
			ds = append(ds, Difference{ID: id, Old: "present"})
		}
	}
	for _, id := range to.Order {
		old, now := from.Objects[id], to.Objects[id]
		if ignore.Leaves(id.Kind) {
			continue
		}
		if old == nil {
			ds = append(ds, Difference{ID: id, New: "present"})
			continue
		}
		ds = append(ds, CompareObjects(old, now, ignore)...)
	}
	return ds
}

// CompareObjects lists the properties in which two objects of one identity differ.
func CompareObjects(old, now *Object, ignore Ignore) []Difference {
	var ds []Difference
	differ := func(field Field, a, b string) {
		if a != b {
			ds = append(ds, Difference{old.ID, field, a, b})
		}
	}
	if reflect.TypeOf(old.Detail) != reflect.TypeOf(now.Detail) {
		differ(FieldKind, reflect.TypeOf(old.Detail).Elem().Name(), reflect.TypeOf(now.Detail).Elem().Name())
	} else if !reflect.DeepEqual(old.Detail, now.Detail) {
		a, b := reflect.ValueOf(old.Detail).Elem(), reflect.ValueOf(now.Detail).Elem()
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.Tag.Get("diff") != "-" && !(f.Name == "Version" && anyVersion(old, now)) {
				differ(fieldNamed(f.Name), text(a.Field(i)), text(b.Field(i)))
			}
		}
	}
	differ(FieldComment, old.Comment, now.Comment)
	if !ignore.Owners {
		differ(FieldOwner, old.Owner, now.Owner)
	}
	if !ignore.Grants && !(old.Owner == now.Owner && slices.Equal(old.Grants, now.Grants)) {
		differ(FieldGrants, grantText(old, ignore), grantText(now, ignore))
	}
	return ds
}

// anyVersion tells whether one of two extensions goes by no version.
func anyVersion(old, now *Object) bool {
	a, ok := old.Detail.(*Extension)
	b, ok2 := now.Detail.(*Extension)
	return ok && ok2 && (a.AnyVersion || b.AnyVersion)
}

// grantText writes privileges; the owner's own follow the owner's name, which
// is compared for itself.
func grantText(o *Object, ignore Ignore) string {
	var parts []string
	for _, g := range o.Grants {
		who := g.Grantee
		if who == o.Owner && o.Owner != "" {
			who = "(owner)"
		}
		s := g.Privilege + " to " + who
		if g.Grantable {
			s += " with grant option"
		}
		if g.Grantor != "" {
			s += " by " + g.Grantor
		}
		parts = append(parts, s)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func text(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return ""
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = fmt.Sprint(v.Index(i).Interface())
		}
		return strings.Join(parts, ", ")
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return fmt.Sprintf("%+v", v.Elem().Interface())
	}
	if v.IsZero() {
		return ""
	}
	return fmt.Sprint(v.Interface())
}
