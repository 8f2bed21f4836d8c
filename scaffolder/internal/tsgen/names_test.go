package tsgen

import (
	"regexp"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ in, pascal, camel, kebab string }{
		{"list_users", "ListUsers", "listUsers", "list-users"},
		{"listUsers", "ListUsers", "listUsers", "list-users"},
		{"get /pets/{id}", "GetPetsId", "getPetsId", "get-pets-id"},
		{"API", "API", "api", "api"},
		{"200 OK", "X200OK", "x200OK", "200-ok"},
		{"delete", "Delete", "delete_", "delete"},
		{"constructor", "Constructor", "constructor_", "constructor"},
		{"имя", "X", "x", ""},
		{"a); evil(", "AEvil", "aEvil", "a-evil"},
	} {
		if got := pascal(c.in); got != c.pascal {
			t.Errorf("pascal(%q) = %s, want %s", c.in, got, c.pascal)
		}
		if got := camel(c.in); got != c.camel {
			t.Errorf("camel(%q) = %s, want %s", c.in, got, c.camel)
		}
		if got := kebab(c.in); got != c.kebab {
			t.Errorf("kebab(%q) = %s, want %s", c.in, got, c.kebab)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	n := newNames("taken")
	for _, want := range []string{"a", "a2", "a3"} {
		if got := n.unique("a"); got != want {
			t.Errorf("unique(a) = %s, want %s", got, want)
		}
	}
	if got := n.unique("taken"); got != "taken2" {
		t.Errorf("unique(taken) = %s", got)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("a-b")
	f.Add("\u2028;")
	identifier := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := pascal(s); !identifier.MatchString(got) {
			t.Errorf("pascal(%q) = %q", s, got)
		}
		if got := camel(s); !identifier.MatchString(got) || isReserved(got) {
			t.Errorf("camel(%q) = %q", s, got)
		}
		if got := kebab(s); !regexp.MustCompile(`^[a-z0-9-]*$`).MatchString(got) {
			t.Errorf("kebab(%q) = %q", s, got)
		}
	})
}

// TestValidatorsHideNothing reads the templates: a property of a document has the
// name of no function that validators call.
func TestValidatorsHideNothing(t *testing.T) {
	local := newChecks(nil).locals()
	for _, file := range []string{"validation", "zod", "formats"} {
		text, err := embedded.ReadFile("templates/common/src/middleware/" + file + ".ts.tmpl")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^export (?:function|const) (\w+)`).FindAllStringSubmatch(string(text), -1) {
			switch name := m[1]; name {
			case "invalid", "pattern", "slowPattern": // not called inside of functions
			default:
				if local.unique(name) == name {
					t.Errorf("a property %s hides the function of %s.ts", name, file)
				}
			}
		}
	}
}

func TestNamesOfAFileAndOfItsFunctions(t *testing.T) {
	file := newNames("fail")
	function := file.within("value")
	for _, name := range []string{"fail", "value", "checkUser", "user"} {
		function.unique(name)
	}
	if got := file.unique("checkUser"); got != "checkUser2" {
		t.Errorf("%s hides what its function has", got)
	}
	if got := file.within().unique("user"); got != "user" {
		t.Errorf("%s, but functions may have the same names", got)
	}
	if got := file.within().unique("checkUser2"); got != "checkUser22" {
		t.Errorf("%s hides a name of the file", got)
	}
}
