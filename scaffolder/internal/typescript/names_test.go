package typescript

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
		{"имя", "Имя", "имя", "имя"},
		{"一覧", "一覧", "一覧", "一覧"},
		{"\u0301a", "X\u0301a", "x\u0301a", "\u0301a"},
		{"٣ть", "X٣ть", "x٣ть", "٣ть"},
		{"a); evil(", "AEvil", "aEvil", "a-evil"},
	} {
		if got := Pascal(c.in); got != c.pascal {
			t.Errorf("pascal(%q) = %s, want %s", c.in, got, c.pascal)
		}
		if got := Camel(c.in); got != c.camel {
			t.Errorf("camel(%q) = %s, want %s", c.in, got, c.camel)
		}
		if got := Kebab(c.in); got != c.kebab {
			t.Errorf("kebab(%q) = %s, want %s", c.in, got, c.kebab)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	n := NewNames("taken")
	for _, want := range []string{"a", "a2", "a3"} {
		if got := n.Unique("a"); got != want {
			t.Errorf("unique(a) = %s, want %s", got, want)
		}
	}
	if got := n.Unique("taken"); got != "taken2" {
		t.Errorf("unique(taken) = %s", got)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("a-b")
	f.Add("\u2028;")
	identifier := regexp.MustCompile(`^\pL[\pL\p{Nd}\p{Mn}\p{Mc}_]*$`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := Pascal(s); !identifier.MatchString(got) {
			t.Errorf("pascal(%q) = %q", s, got)
		}
		if got := Camel(s); !identifier.MatchString(got) || isReserved(got) {
			t.Errorf("camel(%q) = %q", s, got)
		}
		if got := Kebab(s); !regexp.MustCompile(`^[\pL\p{Nd}\p{Mn}\p{Mc}-]*$`).MatchString(got) {
			t.Errorf("kebab(%q) = %q", s, got)
		}
	})
}

func TestNamesOfAFileAndOfItsFunctions(t *testing.T) {
	file := NewNames("fail")
	function := file.Within("value")
	for _, name := range []string{"fail", "value", "checkUser", "user"} {
		function.Unique(name)
	}
	if got := file.Unique("checkUser"); got != "checkUser2" {
		t.Errorf("%s hides what its function has", got)
	}
	if got := file.Within().Unique("user"); got != "user" {
		t.Errorf("%s, but functions may have the same names", got)
	}
	if got := file.Within().Unique("checkUser2"); got != "checkUser22" {
		t.Errorf("%s hides a name of the file", got)
	}
}
