package spec

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// dump writes a model as indented text: what is not zero, references by name.
// Positions are left out, but for those of notices.
func dump(a *api.API) string {
	var b strings.Builder
	notices := a.Notices
	shown := *a
	shown.Notices = nil
	dumpValue(&b, reflect.ValueOf(shown), "")
	for _, n := range notices {
		level := "notice"
		if n.Warning {
			level = "warning"
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s %s: %s", n.At.File, n.At.Line, n.At.Column, level, n.Rule, n.Message)
		if n.Hint != "" {
			fmt.Fprintf(&b, " (%s)", n.Hint)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value, indent string) {
	t := v.Type()
	for i := range t.NumField() {
		f := v.Field(i)
		name := t.Field(i).Name
		if f.IsZero() || name == "At" {
			continue
		}
		dumpField(b, name, f, indent)
	}
}

func dumpField(b *strings.Builder, name string, f reflect.Value, indent string) {
	switch x := f.Interface().(type) {
	case *api.Schema:
		if x.Name != "" && name == "Ref" {
			fmt.Fprintf(b, "%s%s: -> %s\n", indent, name, x.Name)
			return
		}
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		dumpValue(b, f.Elem(), indent+"  ")
	case *api.SecurityScheme:
		if name == "Scheme" {
			fmt.Fprintf(b, "%s%s: -> %s\n", indent, name, x.Name)
			return
		}
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		dumpValue(b, f.Elem(), indent+"  ")
	default:
		dumpOther(b, name, f, indent)
	}
}

func dumpOther(b *strings.Builder, name string, f reflect.Value, indent string) {
	switch f.Kind() {
	case reflect.Pointer:
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		dumpValue(b, f.Elem(), indent+"  ")
	case reflect.Struct:
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		dumpValue(b, f, indent+"  ")
	case reflect.Slice:
		if f.Type().Elem().Kind() == reflect.String {
			fmt.Fprintf(b, "%s%s: %q\n", indent, name, f.Interface())
			return
		}
		for i := range f.Len() {
			dumpField(b, fmt.Sprintf("%s[%d]", name, i), f.Index(i), indent)
		}
	case reflect.String:
		fmt.Fprintf(b, "%s%s: %q\n", indent, name, f.String())
	default:
		fmt.Fprintf(b, "%s%s: %v\n", indent, name, f.Interface())
	}
}
