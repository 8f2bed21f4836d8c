package declare

import (
	"encoding/json"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// ValueDoc is a JSON value as an expression, as validators see it.
func (f Int64Form) ValueDoc(v api.Value) ts.Doc {
	parsed, err := sample.Parse(v)
	if err != nil {
		return ts.Text("null")
	}
	return ParsedDoc(f.judgedValue(parsed))
}

func ParsedDoc(v any) ts.Doc {
	switch x := v.(type) {
	case nil:
		return ts.Text("null")
	case bool:
		return ts.Text(strconv.FormatBool(x))
	case code:
		return ts.Text(string(x))
	case string:
		return ts.Text(ts.Quote(x))
	case json.Number:
		return ts.Text(ts.Number(string(x)))
	case []any:
		return arrayDoc(x)
	case *sample.Object:
		var members []ts.Doc
		for _, key := range x.Keys {
			members = append(members, MemberDoc(ts.PropertyKey(key), x.Values[key]))
		}
		return ts.Expanded(members...)
	}
	return ts.Text("undefined")
}

func arrayDoc(items []any) ts.Doc {
	var docs []ts.Doc
	numeric, nested := len(items) > 1, len(items) > 1
	for _, item := range items {
		docs = append(docs, ParsedDoc(item))
		_, isNumber := item.(json.Number)
		numeric = numeric && isNumber
		list, isList := item.([]any)
		nested = nested && isList && len(list) > 1
	}
	switch {
	case len(docs) == 0:
		return ts.Text("[]")
	case numeric:
		return ts.NumberList(docs)
	case nested:
		return ts.RowList(docs)
	}
	return ts.List(docs...)
}

// MemberDoc is a property of an object literal. A text that is too long for its
// line goes on the next one, unless its key is so short that nothing is won.
func MemberDoc(key string, v any) ts.Doc {
	if _, isText := v.(string); isText && ts.Columns(key) >= 5 {
		return ts.Cat(ts.Text(key+":"), ts.Group(ts.Indent(ts.Line, ParsedDoc(v))))
	}
	return ts.Cat(ts.Text(key+": "), ParsedDoc(v))
}
