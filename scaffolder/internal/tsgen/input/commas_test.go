package input

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func TestCommasThatAreEncoded(t *testing.T) {
	text := func(change func(*api.Schema)) *api.Schema {
		s := &api.Schema{Types: []api.Type{api.String}}
		change(s)
		return s
	}
	pattern := func(p string) *api.Schema { return text(func(s *api.Schema) { s.Pattern = p }) }
	enum := func(values ...api.Value) *api.Schema {
		return text(func(s *api.Schema) { s.Enum, s.HasEnum = values, true })
	}
	for name, c := range map[string]struct {
		items *api.Schema
		want  bool
	}{
		"numbers":             {&api.Schema{Types: []api.Type{api.Integer, api.Null}}, true},
		"booleans":            {&api.Schema{Types: []api.Type{api.Boolean}}, true},
		"enum":                {enum(`"a"`, `"-a"`), true},
		"enum with a comma":   {enum(`"a"`, `"b,c"`), false},
		"named enum":          {&api.Schema{Ref: enum(`"a"`)}, true},
		"uuid":                {text(func(s *api.Schema) { s.Format = "uuid" }), true},
		"text":                {text(func(*api.Schema) {}), false},
		"anything":            {&api.Schema{}, false},
		"either":              {&api.Schema{AnyOf: []*api.Schema{enum(`"a"`), text(func(*api.Schema) {})}}, false},
		"day or infinity":     {&api.Schema{AnyOf: []*api.Schema{text(func(s *api.Schema) { s.Format = "date" }), pattern(`^-?infinity$`)}}, true},
		"decimals":            {pattern(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?$|^-?Infinity$|^NaN$`), true},
		"words":               {pattern(`^(a|b)\w*$`), true},
		"open at its end":     {pattern(`^[0-9]+`), false},
		"open at its front":   {pattern(`[0-9]+$`), false},
		"one way is open":     {pattern(`^a$|b`), false},
		"a class with commas": {pattern(`^[!-/]$`), false},
		"all but digits":      {pattern(`^[^0-9]+$`), false},
		"any character":       {pattern(`^.+$`), false},
		"of JavaScript only":  {pattern(`^(?=a)a$`), false},
	} {
		p := &api.Parameter{Name: "in", In: api.InQuery, Style: api.StyleForm, Schema: &api.Schema{Types: []api.Type{api.Array}, Items: c.items}}
		if got := ignoresEncoding(p); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if p.Explode = true; ignoresEncoding(p) {
			t.Errorf("%s: a list of parameters has no commas between values", name)
		}
	}
}
