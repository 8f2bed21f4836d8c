package openapi

import (
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// mutant is a request that breaks one rule.
type mutant struct {
	request
	what string // "body.email is missing"
}

// mostMutants bounds what one operation gives.
const mostMutants = 64

// mutants break one rule of the document each, from a valid request. Of rules
// that some servers read otherwise only those values are taken that no reading
// lets pass: an integer in a query is broken by abc, a string by nothing.
func (o *operation) mutants(valid values) []mutant {
	var list []mutant
	add := func(what string, v values) {
		if r, err := o.encode(v); err == nil && len(list) < mostMutants {
			list = append(list, mutant{r, what})
		}
	}
	for i := range o.parameters {
		p := &o.parameters[i]
		value, sent := valid.parameters[p]
		if !sent || p.ignored() {
			continue
		}
		if p.required && p.in != "path" {
			v := valid.clone()
			delete(v.parameters, p)
			add(p.in+" "+p.name+" is missing", v)
		}
		for _, wrong := range schema.Wrongs(p.schema, value, 4*mostMutants) {
			if p.carries(wrong.Value) && !p.fits(wrong.Value) && (p.json || !untold(wrong)) {
				v := valid.clone()
				v.parameters[p] = wrong.Value
				add(p.in+" "+p.name+wrong.Path+" "+wrong.What, v)
			}
		}
	}
	if valid.hasBody {
		o.bodyMutants(valid, add)
	}
	return list
}

// untold says that a rule cannot be broken where everything is text: what breaks
// another rule instead has that one's mutant.
func untold(w schema.Wrong) bool {
	return w.What == "is not a string" || w.What == "is not an array"
}

// carries says that the value can stand in this place and arrives as it is.
func (p *parameter) carries(v any) bool {
	if p.json && p.in == "query" {
		return true
	}
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		for _, item := range v {
			if !p.carries(item) {
				return false
			}
		}
		return len(v) > 0
	case *schema.Object:
		for _, key := range v.Keys {
			if !p.carries(v.Values[key]) {
				return false
			}
		}
		return len(v.Keys) > 0
	}
	text := plainText(v)
	switch p.in {
	case "header", "cookie":
		for i := 0; i < len(text); i++ {
			if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`,;"\`, c) >= 0 {
				return false
			}
		}
	case "path":
		if text == "." || text == ".." || strings.ContainsAny(text, "/ ") {
			return false
		}
	}
	return text != "" && text != "null"
}

func (o *operation) bodyMutants(valid values, add func(string, values)) {
	if o.body.required {
		v := valid.clone()
		v.noBody = true
		add("body is missing", v)
	}
	if isJSON(o.body.media) {
		v := valid.clone()
		v.rawBody = `{"cut": `
		add("body is no JSON", v)
	}
	for _, wrong := range schema.Wrongs(o.body.schema, valid.body, 4*mostMutants) {
		if o.body.surelyWrong(wrong.Value) && (isJSON(o.body.media) || !untold(wrong)) {
			v := valid.clone()
			v.body = wrong.Value
			add("body"+wrong.Path+" "+wrong.What, v)
		}
	}
}
