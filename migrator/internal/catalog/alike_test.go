package catalog

import (
	"reflect"
	"testing"
)

// A property of a column that the key of shareAlike leaves out would be lost.
func TestColumnsThatAreAlikeDifferInNothing(t *testing.T) {
	fields := reflect.TypeFor[Column]()
	for i := range fields.NumField() {
		a, b := &Column{}, &Column{}
		f := reflect.ValueOf(b).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int:
			f.SetInt(7)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		default:
			t.Fatalf("%s: a kind of field that this test does not know", fields.Field(i).Name)
		}
		r := &reader{c: &Catalog{Objects: map[ID]*Object{}}}
		for name, d := range map[string]*Column{"a": a, "b": b, "c": {}} {
			r.c.add(&Object{ID: ID{Kind: KindColumn, Name: "t", Sub: name}, Detail: d})
		}
		if err := r.shareAlike(); err != nil {
			t.Fatal(err)
		}
		at := func(name string) Detail { return r.c.Objects[ID{Kind: KindColumn, Name: "t", Sub: name}].Detail }
		if !reflect.DeepEqual(at("b"), Detail(b)) || at("a") == at("b") {
			t.Errorf("%s is lost when columns are held once", fields.Field(i).Name)
		}
		if at("a") != at("c") {
			t.Error("two columns that are alike are held twice")
		}
	}
}
