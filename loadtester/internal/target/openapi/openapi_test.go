package openapi

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t *testing.T, name string, o Options) *Result {
	t.Helper()
	r, err := Read(load(t, name), "testdata/"+name, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Compile(r.Specs, target.Options{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// lines are requests as a reader sees them.
func lines(specs []target.Spec) []string {
	var out []string
	for _, s := range specs {
		var h []string
		for _, f := range s.Header {
			h = append(h, f.Name+": "+f.Value)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s | %s %s | %s | %s", s.Name, s.Method, s.URL, strings.Join(h, "; "), s.Body)))
	}
	return out
}

func TestValidRequests(t *testing.T) {
	got := lines(read(t, "clinic.yaml", Options{Base: "http://127.0.0.1:1"}).Specs)
	form := "--" + boundary + "\r\n"
	want := []string{
		"listPatients | GET http://127.0.0.1:1/api/v2/patients?born%5Bfrom%5D=2026-03-01&born%5Bto%5D=2026-03-01&ids=1%7C1&ward=a&filter=%7B%22q%22%3A%22text%22%7D&active=true | Cookie: session=aaaaaaaa |",
		`admit | POST http://127.0.0.1:1/api/v2/patients | Content-Type: application/json | {"name":"Ada","age":36,"ssn":"123-45-6789","record":{"type":"Surgery","theatre":4}}`,
		"visit | PUT http://127.0.0.1:1/api/v2/patients/.9007199254740993/visits/;visit=text | Content-Type: multipart/form-data; boundary=" + boundary + " | " +
			form + "Content-Disposition: form-data; name=\"note\"\r\n\r\ntext\r\n" +
			form + "Content-Disposition: form-data; name=\"scan\"; filename=\"scan.bin\"\r\nContent-Type: application/octet-stream\r\n\r\ntext\r\n" +
			form + "Content-Disposition: form-data; name=\"level\"\r\n\r\n1\r\n" +
			form + "Content-Disposition: form-data; name=\"tags\"\r\n\r\ntext\r\n" +
			form + "Content-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n" +
			"--" + boundary + "--",
		`POST /records | POST http://127.0.0.1:1/api/v2/records | Content-Type: application/json | [{"type":"Surgery","theatre":1},{"type":"Surgery","theatre":2}]`,
		"note | POST http://127.0.0.1:1/api/v2/notes | Content-Type: text/plain | text",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// judged is a document that a JSON Schema validator has read.
type judged struct {
	doc  any
	comp *jsonschema.Compiler
}

type ecma struct{ *regexp2.Regexp }

func (e ecma) MatchString(s string) bool {
	ok, err := e.Regexp.MatchString(s)
	return ok && err == nil
}

func judge(t *testing.T, data []byte) *judged {
	t.Helper()
	var raw any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	old := strings.HasPrefix(fmt.Sprint(raw.(map[string]any)["openapi"]), "3.0")
	text, err := json.Marshal(modern(raw, old))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		re, err := regexp2.Compile(s, regexp2.ECMAScript|regexp2.Unicode)
		return ecma{re}, err
	})
	if err := c.AddResource("mem:///doc.json", doc); err != nil {
		t.Fatal(err)
	}
	return &judged{doc, c}
}

// modern brings a schema of OpenAPI 3.0 into JSON Schema's form, and takes
// readOnly properties out of what requests must have.
func modern(v any, old bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = modern(v[i], old)
		}
	case map[string]any:
		for k := range v {
			v[k] = modern(v[k], old)
		}
		delete(v, "example") // YAML's dates are none of JSON's
		properties, _ := v["properties"].(map[string]any)
		if required, ok := v["required"].([]any); ok {
			v["required"] = slices.DeleteFunc(required, func(name any) bool {
				p, _ := properties[fmt.Sprint(name)].(map[string]any)
				return p["readOnly"] == true
			})
		}
		if !old {
			break
		}
		if v["nullable"] == true {
			v["type"] = []any{v["type"], "null"}
		}
		for _, side := range []string{"Minimum", "Maximum"} {
			if v["exclusive"+side] == true {
				v["exclusive"+side] = v[strings.ToLower(side)]
				delete(v, strings.ToLower(side))
			} else if v["exclusive"+side] == false {
				delete(v, "exclusive"+side)
			}
		}
	}
	return v
}

// fault validates a JSON text against the schema at a place of the document.
func (j *judged) fault(t *testing.T, text string, pointer ...string) error {
	t.Helper()
	path := "mem:///doc.json#"
	for _, p := range pointer {
		path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p)
	}
	path = strings.NewReplacer("{", "%7B", "}", "%7D").Replace(path)
	s, err := j.comp.Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// A validator that knows nothing of us agrees: what is sent as valid is valid,
// and what is sent as a mutant is not.
func TestAValidatorAgrees(t *testing.T) {
	valid, invalid := 0, 0
	for _, name := range []string{"shop.yaml", "clinic.yaml", "lab.yaml"} {
		data := load(t, name)
		j := judge(t, data)
		doc, root, err := open(data, "testdata/"+name)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := newReader(doc, root)
		if err != nil {
			t.Fatal(err)
		}
		ops, err := reader.operations(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range ops {
			v, err := o.values(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if o.body != nil && v.hasBody {
				at := []string{"paths", o.path, strings.ToLower(o.method), "requestBody", "content", o.body.media, "schema"}
				if err := j.fault(t, schema.JSON(v.body), at...); err != nil {
					t.Errorf("%s %s: %s: %v", name, o.name(), schema.JSON(v.body), err)
				}
				valid++
				for _, w := range schema.Wrongs(o.body.schema, v.body, 1000) {
					if err := j.fault(t, schema.JSON(w.Value), at...); err == nil {
						t.Errorf("%s %s: body%s %s, but %s passes", name, o.name(), w.Path, w.What, schema.JSON(w.Value))
					}
					invalid++
				}
			}
			for p, value := range v.parameters {
				text, err := json.Marshal(p.name)
				if err != nil || p.schema == nil {
					t.Fatal(string(text), err)
				}
				if !schema.Fits(p.schema, value, schema.Strict) {
					t.Errorf("%s %s %s: %v", name, o.name(), p.name, value)
				}
			}
		}
	}
	if valid < 6 || invalid < 80 {
		t.Errorf("only %d valid and %d invalid bodies were judged", valid, invalid)
	}
	t.Logf("%d valid and %d invalid bodies", valid, invalid)
}
