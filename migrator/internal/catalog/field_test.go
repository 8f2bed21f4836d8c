package catalog

import "testing"

// Every Field has a name of its own, from which a comparison finds it again.
func TestFieldsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for f, name := range fieldNames {
		if f > 0 && (name == "" || seen[name]) || Field(f).String() != name {
			t.Errorf("field %d is called %q", f, name)
		}
		seen[name] = true
	}
	for name, want := range map[string]Field{"ReplicaIndex": FieldReplicaIndex, "Type": FieldType, "NotNullNoInherit": FieldNotNullNoInherit, "Nothing": FieldNone} {
		if got := fieldNamed(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
