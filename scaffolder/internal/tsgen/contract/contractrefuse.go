package contract

import (
	"encoding/json"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// contractChange makes a valid request invalid.
type contractChange struct {
	what string // "a body without title"
	doc  ts.Doc // the changed request, made of the constant `request`
	call bool   // doc calls a function, instead of being an object
}

// invalidCall is the first change after which the document surely does not allow
// the request.
func (c *contract) invalidCall(op *operation.Operation, call contractCall) (contractChange, bool) {
	for _, try := range []func() (contractChange, bool){
		func() (contractChange, bool) { return call.invalidJSON(c) },
		func() (contractChange, bool) { return call.invalidText() },
		func() (contractChange, bool) { return call.withoutParameter(op) },
		func() (contractChange, bool) { return call.wrongQuery() },
		func() (contractChange, bool) { return call.wrongPath(op) },
		func() (contractChange, bool) { return call.withoutBody(op, c) },
	} {
		if change, ok := try(); ok {
			return change, true
		}
	}
	return contractChange{}, false
}

// invalidJSON leaves out a required property, or makes one a thing that it may
// not be, or replaces the whole body.
func (c contractCall) invalidJSON(in *contract) (contractChange, bool) {
	object, isObject := c.json.(*sample.Object)
	if !isObject {
		if c.jsonOf != nil && !sample.Valid(c.jsonOf, "not this", sample.Request) {
			return contractChange{"a body of another type", spread(ts.Text("json: 'not this'")), false}, true
		}
		return contractChange{}, false
	}
	for _, key := range object.Keys {
		less := sample.NewObject()
		for _, k := range object.Keys {
			if k != key {
				less.Set(k, object.Values[k])
			}
		}
		if !sample.Valid(c.jsonOf, less, sample.Request) {
			return contractChange{"a body without " + key, ts.Call(in.client("without"), ts.Text("request"), ts.Text(ts.Quote(key))), true}, true
		}
	}
	wrong := []any{json.Number("42"), "not this", true, []any{}}
	for _, key := range object.Keys {
		for _, v := range wrong {
			more := sample.NewObject()
			for _, k := range object.Keys {
				more.Set(k, object.Values[k])
			}
			more.Set(key, v)
			if !sample.Valid(c.jsonOf, more, sample.Request) {
				return contractChange{
					"a body with a wrong " + key,
					ts.Call(in.client("changed"), ts.Text("request"), ts.Text(ts.Quote(key)), declare.ParsedDoc(v)), true,
				}, true
			}
		}
	}
	if !sample.Valid(c.jsonOf, "not this", sample.Request) {
		return contractChange{"a body of another type", spread(ts.Text("json: 'not this'")), false}, true
	}
	return contractChange{}, false
}

// invalidText sends a text that is none of those that a schema allows.
func (c contractCall) invalidText() (contractChange, bool) {
	if c.textOf == nil || !isWrongFor(c.textOf) {
		return contractChange{}, false
	}
	return contractChange{"a wrong text", spread(ts.Text("text: " + ts.Quote(wrongText))), false}, true
}

func spread(members ...ts.Doc) ts.Doc {
	return ts.Object(append([]ts.Doc{ts.Text("...request")}, members...)...)
}

// withoutParameter leaves out a required query parameter, unless it tells the
// operation from others: without it the request is one for them.
func (c contractCall) withoutParameter(op *operation.Operation) (contractChange, bool) {
	for _, pair := range c.query {
		parameter := pair.parameter
		if parameter == nil || op.Path.AsksFor(parameter.Name) {
			continue
		}
		if !parameter.Required || declare.DefaultOf(parameter.ValueSchema()) != "" || len(pairsOfParameter(c.query, parameter)) > 1 {
			continue
		}
		changed := c
		changed.query = nil
		for _, other := range c.query {
			if other.parameter != parameter {
				changed.query = append(changed.query, other)
			}
		}
		return contractChange{"a query without " + parameter.Name, spread(changed.pathDoc()), false}, true
	}
	return contractChange{}, false
}

func pairsOfParameter(all []callValue, parameter *api.Parameter) []callValue {
	var out []callValue
	for _, each := range all {
		if each.parameter == parameter {
			out = append(out, each)
		}
	}
	return out
}

const wrongText = "not-this"

// isWrongFor: a text of a URL can never be made into a value of the schema.
func isWrongFor(s *api.Schema) bool {
	f := input.FactsOf(s, 0)
	for _, k := range []api.Type{api.String, api.Array, api.Object} {
		if f.Kinds[k] && !onlyNamedTexts(s) {
			return false
		}
	}
	return len(f.Kinds) > 0 && !sample.Valid(s, wrongText, sample.Request)
}

// onlyNamedTexts: an enum or a constant says which texts there are.
func onlyNamedTexts(s *api.Schema) bool {
	target := s.Target()
	return target != nil && (target.HasEnum || target.Const != "")
}

// wrongQuery gives a parameter a text that is no number, or none of its texts.
func (c contractCall) wrongQuery() (contractChange, bool) {
	for i, pair := range c.query {
		if pair.parameter == nil || pair.parameter.Content != nil || pair.parameter.Style != api.StyleForm || !isWrongFor(pair.parameter.ValueSchema()) {
			continue
		}
		changed := c
		changed.query = append([]callValue{}, c.query...)
		changed.query[i].text = wrongText
		return contractChange{pair.parameter.Name + "=" + wrongText, spread(changed.pathDoc()), false}, true
	}
	return contractChange{}, false
}

func (c contractCall) wrongPath(op *operation.Operation) (contractChange, bool) {
	for _, parameter := range op.API.Parameters {
		if parameter.In != api.InPath || parameter.Content != nil || parameter.Style != api.StyleSimple || !isWrongFor(parameter.ValueSchema()) {
			continue
		}
		changed := c
		changed.path = map[string]string{}
		for name, text := range c.path {
			changed.path[name] = text
		}
		changed.path[parameter.Name] = wrongText
		return contractChange{"a path with " + parameter.Name + " = " + wrongText, spread(changed.pathDoc()), false}, true
	}
	return contractChange{}, false
}

func (c contractCall) withoutBody(op *operation.Operation, in *contract) (contractChange, bool) {
	if c.body == nil || !op.API.Body.Required {
		return contractChange{}, false
	}
	return contractChange{"a request without its body", ts.Call(in.client("withoutBody"), ts.Text("request")), true}, true
}
