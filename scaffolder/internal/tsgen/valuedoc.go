package tsgen

import (
	"encoding/json"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// valueDoc is a JSON value as an expression, as validators see it.
func (f int64Form) valueDoc(v api.Value) doc {
	parsed, err := sample.Parse(v)
	if err != nil {
		return docText("null")
	}
	return parsedDoc(f.judgedValue(parsed))
}

func parsedDoc(v any) doc {
	switch x := v.(type) {
	case nil:
		return docText("null")
	case bool:
		return docText(boolText(x))
	case code:
		return docText(string(x))
	case string:
		return docText(quote(x))
	case json.Number:
		return docText(number(api.Number(x)))
	case []any:
		return arrayDoc(x)
	case *sample.Object:
		var members []doc
		for _, key := range x.Keys {
			members = append(members, memberDoc(propertyKey(key), x.Values[key]))
		}
		return expanded(members...)
	}
	return docText("undefined")
}

func arrayDoc(items []any) doc {
	var docs []doc
	numeric, nested := len(items) > 1, len(items) > 1
	for _, item := range items {
		docs = append(docs, parsedDoc(item))
		_, isNumber := item.(json.Number)
		numeric = numeric && isNumber
		list, isList := item.([]any)
		nested = nested && isList && len(list) > 1
	}
	switch {
	case len(docs) == 0:
		return docText("[]")
	case numeric:
		return group(docText("["), indent(softline, filled(docs), docIfBreak(",")), softline, docText("]"))
	case nested:
		return rowList(docs)
	}
	return list(docs...)
}

// memberDoc is a property of an object literal. A text that is too long for its
// line goes on the next one, unless its key is so short that nothing is won.
func memberDoc(key string, v any) doc {
	if _, isText := v.(string); isText && columns(key) >= 5 {
		return cat(docText(key+":"), group(indent(line, parsedDoc(v))))
	}
	return cat(docText(key+": "), parsedDoc(v))
}
