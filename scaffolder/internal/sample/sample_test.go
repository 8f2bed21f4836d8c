package sample

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func schema(set func(*api.Schema), types ...api.Type) *api.Schema {
	s := &api.Schema{Types: types}
	if set != nil {
		set(s)
	}
	return s
}

func TestMake(t *testing.T) {
	name := schema(func(s *api.Schema) { s.MinLength = "3" }, api.String)
	tree := &api.Schema{Name: "Tree", Types: []api.Type{api.Object}, Required: []string{"v"}}
	tree.Properties = []*api.Property{
		{Name: "v", Schema: schema(nil, api.Integer)},
		{Name: "kids", Schema: schema(func(s *api.Schema) { s.Items = &api.Schema{Ref: tree} }, api.Array)},
	}
	for title, c := range map[string]struct {
		schema *api.Schema
		want   string
	}{
		"integer":     {schema(nil, api.Integer), "1"},
		"bounds":      {schema(func(s *api.Schema) { s.ExclusiveMinimum, s.MultipleOf = "10", "4" }, api.Integer), "100"},
		"length":      {schema(func(s *api.Schema) { s.MaxLength = "2" }, api.String), `"st"`},
		"pattern":     {schema(func(s *api.Schema) { s.Pattern = `^[A-Z]{3}-\d+$` }, api.String), `"AAA-1"`},
		"format":      {schema(func(s *api.Schema) { s.Format = "uuid" }, api.String), `"3fa85f64-5717-4562-b3fc-2c963f66afa6"`},
		"enum":        {schema(func(s *api.Schema) { s.Enum, s.HasEnum = []api.Value{`"a"`}, true }, api.String), `"a"`},
		"bad example": {schema(func(s *api.Schema) { s.Examples = []api.Value{`"x"`} }, api.Integer), "1"},
		"unique":      {schema(func(s *api.Schema) { s.Items, s.MinItems, s.UniqueItems = name, "2", true }, api.Array), `["string","string1"]`},
		"recursion":   {tree, `{"v":1,"kids":[{"v":1}]}`},
		"required elsewhere": {&api.Schema{AllOf: []*api.Schema{
			{Required: []string{"a"}}, schema(func(s *api.Schema) {
				s.Properties = []*api.Property{{Name: "a", Schema: schema(nil, api.Boolean)}}
			}, api.Object),
		}}, `{"a":true}`},
	} {
		v, ok := Make(c.schema, Response)
		if !ok || JSON(v) != c.want {
			t.Errorf("%s: %s (%v), want %s", title, JSON(v), ok, c.want)
		}
	}
}

// Patterns that Go's syntax does not have: of looking ahead, behind and back.
func TestMakeFitsLookaround(t *testing.T) {
	for pattern, want := range map[string]string{
		`^(?!sys)[a-z]+$`:                        `"a"`,
		`^(?!a)[a-z]+$`:                          `"ba"`,
		`^(?=.*[A-Z])(?=.*\d).{8,}$`:             `"A1aaaaaaaa"`,
		`^(?=.{3,20}$)[a-z0-9]+(?:-[a-z0-9]+)*$`: `"aaaa"`,
		`^([a-z])\1$`:                            `"aa"`,
		`(?<=\$)\d+`:                             `"$1"`,
		`^[^\]]+(?=\))\)$`:                       `"a)"`,
		`^(?!.*--)[a-z-]*(?<!-)$`:                `"b"`,
		`(?=`:                                    "null", // no pattern
	} {
		if v, _ := Make(schema(func(s *api.Schema) { s.Pattern = pattern }, api.String), Response); JSON(v) != want {
			t.Errorf("%s: %s, not %s", pattern, JSON(v), want)
		}
	}
}

func TestMakeSaysWhereNothingPasses(t *testing.T) {
	if v, ok := Make(schema(func(s *api.Schema) { s.Minimum, s.Maximum = "2", "1" }, api.Integer), Response); ok {
		t.Errorf("made %s", JSON(v))
	}
}

// Both alternatives are alike: by oneOf alone, every value passes both or none.
func TestMakeTellsAlternativesByTheirDiscriminator(t *testing.T) {
	rule := func(name string) *api.Schema {
		return &api.Schema{Ref: schema(func(s *api.Schema) {
			s.Name, s.Required = name, []string{"kind"}
			s.Properties = []*api.Property{{Name: "kind", Schema: schema(nil, api.String)}}
		}, api.Object)}
	}
	allow, deny := rule("Allow"), rule("Deny")
	deny.Ref.Properties = append(deny.Ref.Properties, &api.Property{Name: "why", Schema: schema(nil, api.String)})
	s := schema(func(s *api.Schema) {
		s.OneOf = []*api.Schema{allow, deny}
		s.Discriminator = &api.Discriminator{Property: "kind", Mapping: []api.Mapping{{Value: "allow", Schema: allow}, {Value: "deny", Schema: deny}}}
	})
	if v, ok := Make(s, Response); !ok || JSON(v) != `{"kind":"allow"}` {
		t.Errorf("made %s (%v)", JSON(v), ok)
	}
	v, ok := From(s, []api.Value{`{"kind":"deny","why":"no","more":1}`}, Response)
	if want := `{"kind":"deny","why":"no"}`; !ok || JSON(v) != want {
		t.Errorf("%s, want %s", JSON(v), want)
	}
}

func TestFromPrunesWhatTheSchemaDoesNotName(t *testing.T) {
	s := schema(func(s *api.Schema) {
		s.Properties = []*api.Property{
			{Name: "id", Schema: schema(nil, api.Integer)},
			{Name: "secret", Schema: schema(func(s *api.Schema) { s.WriteOnly = true }, api.String)},
		}
		s.Required = []string{"id", "secret"} // in requests
	}, api.Object)
	v, ok := From(s, []api.Value{`{"id":7,"secret":"x","extra":1}`}, Response)
	if want := `{"id":7}`; !ok || JSON(v) != want {
		t.Errorf("%s, want %s", JSON(v), want)
	}
}

func TestFromCompletesAnswersThatMustHaveSecrets(t *testing.T) {
	account := schema(func(s *api.Schema) {
		s.Properties = []*api.Property{
			{Name: "secret", Schema: schema(func(s *api.Schema) { s.WriteOnly = true }, api.String)},
			{Name: "hint", Schema: schema(func(s *api.Schema) { s.WriteOnly = true }, api.String)},
			{Name: "id", Schema: schema(nil, api.Integer)},
		}
		s.Required, s.RequiresBothWays = []string{"id", "secret"}, true
	}, api.Object)
	s := schema(func(s *api.Schema) {
		s.Items = schema(func(s *api.Schema) { s.AllOf = []*api.Schema{account} })
	}, api.Array)
	v, ok := From(s, []api.Value{`[{"id":7},{"id":8,"secret":"x","hint":"y"}]`}, Response)
	if want := `[{"id":7,"secret":"string"},{"id":8,"secret":"x"}]`; !ok || JSON(v) != want {
		t.Errorf("%s, want %s", JSON(v), want)
	}
	if v, ok = Make(s, Response); !ok || JSON(v) != `[{"secret":"string","id":1}]` {
		t.Errorf("made %s (%v)", JSON(v), ok)
	}
}

func TestFromTakesNoTextForAnObject(t *testing.T) {
	s := schema(func(s *api.Schema) { s.Properties = []*api.Property{{Name: "id", Schema: schema(nil, api.Integer)}} })
	if v, ok := From(s, []api.Value{`"{\"id\": 1}"`}, Response); !ok || JSON(v) != `{"id":1}` {
		t.Errorf("%s (%v)", JSON(v), ok)
	}
}

func TestFromPrunesItemsByTheAlternativeThatPasses(t *testing.T) {
	list := func(name string, value *api.Schema) *api.Schema {
		return schema(func(s *api.Schema) {
			s.Items = schema(func(s *api.Schema) {
				s.Required = []string{name}
				s.Properties = []*api.Property{{Name: name, Schema: value}}
			}, api.Object)
		}, api.Array)
	}
	s := schema(func(s *api.Schema) {
		s.AnyOf = []*api.Schema{list("name", schema(nil, api.String)), list("starred", schema(nil, api.Boolean))}
	})
	v, ok := From(s, []api.Value{`[{"starred":true,"more":1}]`}, Response)
	if want := `[{"starred":true}]`; !ok || JSON(v) != want {
		t.Errorf("%s, want %s", JSON(v), want)
	}
}

func TestForFormHasNothingEmpty(t *testing.T) {
	text := schema(nil, api.String)
	list := func() *api.Schema { return schema(func(s *api.Schema) { s.Items = text }, api.Array) }
	optional := schema(func(s *api.Schema) { s.Properties = []*api.Property{{Name: "a", Schema: text}} }, api.Object)
	s := schema(func(s *api.Schema) {
		s.Properties = []*api.Property{{Name: "list", Schema: list()}, {Name: "inner", Schema: optional}, {Name: "more", Schema: list()}}
		s.Required = []string{"list", "inner"}
	}, api.Object)
	for _, c := range []struct{ example, want string }{
		{`{"list":["x"],"inner":{"a":"y"},"more":[]}`, `{"list":["x"],"inner":{"a":"y"}}`},
		{`{"list":[],"inner":{}}`, `{"list":["string"],"inner":{"a":"string"},"more":["string"]}`},
	} {
		if v, ok := ForForm(s, []api.Value{api.Value(c.example)}, Request); !ok || JSON(v) != c.want {
			t.Errorf("%s: %s (%v), want %s", c.example, JSON(v), ok, c.want)
		}
	}
	none := schema(func(s *api.Schema) { s.MaxItems = "0" }, api.Array)
	if v, ok := ForForm(none, nil, Request); ok {
		t.Errorf("%s has no text in a form", JSON(v))
	}
}

// By what it does not name, the example passes only one alternative; without, it passes both.
func TestFromJudgesWhatIsLeftOfAnExample(t *testing.T) {
	first := schema(func(s *api.Schema) {
		s.Required = []string{"id", "type"}
		s.Properties = []*api.Property{
			{Name: "id", Schema: schema(nil, api.String)},
			{Name: "type", Schema: schema(nil, api.String)},
			{Name: "bank", Schema: schema(nil, api.String)},
		}
	}, api.Object)
	second := schema(func(s *api.Schema) {
		s.Required = []string{"id"}
		s.Properties = []*api.Property{{Name: "id", Schema: schema(nil, api.String)}, {Name: "type", Schema: schema(nil, api.String)}}
	}, api.Object)
	s := schema(func(s *api.Schema) { s.OneOf = []*api.Schema{first, second} })
	v, ok := From(s, []api.Value{`{"id":"a","type":"b","bank":1}`}, Request)
	if !ok || !Valid(s, v, Request) {
		t.Errorf("%s (%v) does not pass exactly one", JSON(v), ok)
	}
}
