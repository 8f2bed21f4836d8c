package contract

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/pattern"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Worst are the places of each operation that a hostile request would go for: texts with
// a pattern or a format, lists, and fields of forms. worst.test.ts attacks them. "": there
// are none.
func Worst(ops []*operation.Operation) string {
	var rows []ts.Doc
	for _, op := range ops {
		if doc := worstOf(op); doc != nil {
			rows = append(rows, doc)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return ts.Render(ts.Cat(ts.Text("const targets: readonly Target[] = "), ts.RowList(rows), ts.Text(";")), 0)
}

func worstOf(op *operation.Operation) ts.Doc {
	members := []ts.Doc{ts.Text("name: " + ts.Quote(op.Symbol)), ts.Text("operation: operations." + op.Symbol)}
	found := &places{seen: map[*api.Schema]bool{}, onlyDeep: true}
	mediaType, isForm := "", false
	if op.API.Body != nil {
		for _, m := range op.API.Body.Content {
			switch m.Kind() {
			case api.JSON:
				if mediaType == "" {
					mediaType = m.Type
					found.walk(m.Schema, nil)
				}
			case api.Form:
				isForm = true
			}
		}
	}
	var query []ts.Doc
	for _, p := range op.API.Parameters {
		if p.In == api.InQuery {
			query = append(query, ts.Text(ts.Quote(p.Name)))
		}
	}
	if len(found.texts)+len(found.lists)+len(query) == 0 && !isForm {
		return nil
	}
	if len(found.texts) > 0 {
		members = append(members, ts.Cat(ts.Text("texts: "), ts.RowList(found.texts)))
	}
	if len(found.lists) > 0 {
		list := ts.List(found.lists...)
		if found.onlyDeep { // prettier breaks a list of lists that all have several items
			list = ts.RowList(found.lists)
		}
		members = append(members, ts.Cat(ts.Text("lists: "), list))
	}
	if mediaType != "" {
		members = append(members, ts.Text("contentType: "+ts.Quote(mediaType)))
	}
	if isForm {
		members = append(members, ts.Text("isForm: true"))
	}
	if len(query) > 0 {
		members = append(members, ts.Cat(ts.Text("query: "), ts.List(query...)))
	}
	return ts.Expanded(members...)
}

// item stands for the first of a list. A property of that name is taken for one: it is
// attacked less, and nothing is wrong.
const item = "0"

// mostPlaces bounds the time that the test of one operation takes.
const mostPlaces = 40

type places struct {
	texts, lists []ts.Doc
	seen         map[*api.Schema]bool
	onlyDeep     bool // each of lists has a path of several steps
}

// walk looks for places below one: at is a list of names, and 0 for an item.
func (p *places) walk(s *api.Schema, at []string) {
	if s == nil || len(at) > 6 || len(p.texts)+len(p.lists) >= mostPlaces {
		return
	}
	if s.Ref != nil {
		if p.seen[s.Ref] {
			return
		}
		p.seen[s.Ref] = true
		p.walk(s.Ref, at)
	}
	if pumps := pumpsOf(s); len(pumps) > 0 {
		var texts []ts.Doc
		for _, pump := range pumps {
			texts = append(texts, ts.Text(ts.Quote(pump)))
		}
		row := []ts.Doc{path(at), ts.List(texts...)}
		if len(at) > 1 && len(pumps) > 1 { // as prettier breaks lists of lists
			p.texts = append(p.texts, ts.RowList(row))
		} else {
			p.texts = append(p.texts, ts.List(row...))
		}
	}
	if s.Items != nil || s.UniqueItems {
		p.lists = append(p.lists, path(at))
		p.onlyDeep = p.onlyDeep && len(at) > 1
		p.walk(s.Items, append(slices.Clone(at), item))
	}
	for _, each := range s.Properties {
		p.walk(each.Schema, append(slices.Clone(at), each.Name))
	}
	if s.AdditionalProperties != nil {
		p.walk(s.AdditionalProperties, append(slices.Clone(at), "more"))
	}
	for _, list := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for _, each := range list {
			p.walk(each, at)
		}
	}
}

func pumpsOf(s *api.Schema) []string {
	switch {
	case s.Pattern != "":
		return pattern.Pumps(s.Pattern)
	case s.Format != "" && slices.Contains(s.Types, api.String):
		return []string{"a", "a.", "@", "1:", "/", "-"}
	}
	return nil
}

func path(at []string) ts.Doc {
	var keys []ts.Doc
	for _, key := range at {
		if key == item {
			keys = append(keys, ts.Text(item))
			continue
		}
		keys = append(keys, ts.Text(ts.Quote(key)))
	}
	return ts.List(keys...)
}
