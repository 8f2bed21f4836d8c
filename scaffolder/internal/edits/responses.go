package edits

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// answer is an interface of what an operation may answer.
type answer struct {
	name, status string
	body         syntax.Type // nil: none
	bodyText     string
	contentType  string
	at           syntax.Node
}

// responding is the operation whose answers a type lists.
func (e *editor) responding(name string) (Operation, bool) {
	for _, op := range e.Operations {
		if op.Response == name {
			return op, true
		}
	}
	return Operation{}, false
}

// answersOf are the answers that an operation's type lists in a state of the file.
func answersOf(f *syntax.File, all map[string]syntax.Statement, op Operation) []answer {
	alias, ok := all[op.Response].(*syntax.TypeAlias)
	if !ok {
		return nil
	}
	list := []syntax.Type{alias.Type}
	if u, ok := alias.Type.(*syntax.UnionType); ok {
		list = u.Types
	}
	var out []answer
	for _, t := range list {
		name := textOf(f, t)
		x, ok := all[name].(*syntax.InterfaceDeclaration)
		if !ok {
			continue
		}
		a := answer{name: name, at: x}
		members, _ := membersOf(f, x.Members)
		for _, m := range members {
			switch m.name {
			case "status":
				a.status = m.text
			case "contentType":
				a.contentType = strings.Trim(m.text, "'")
			case "body":
				if m.text != "undefined" {
					a.body, a.bodyText = m.field.Type, m.text
				}
			}
		}
		out = append(out, a)
	}
	return out
}

// changedResponses looks at answers whose interfaces were edited while the list was not.
func (e *editor) changedResponses(before, now *syntax.File, reader *typeReader) {
	old, fresh := declarations(before), declarations(now)
	for _, op := range e.Operations {
		if was, is := old[op.Response], fresh[op.Response]; was != nil && is != nil && textOf(before, was) == textOf(now, is) {
			e.responses(op, before, now, reader)
		}
	}
}

// responses takes over what an operation answers.
func (e *editor) responses(op Operation, before, now *syntax.File, reader *typeReader) {
	old, fresh := answersOf(before, declarations(before), op), answersOf(now, declarations(now), op)
	renamed(old, fresh)
	byName := func(list []answer, name string) (answer, bool) {
		i := slices.IndexFunc(list, func(a answer) bool { return a.name == name })
		if i < 0 {
			return answer{}, false
		}
		return list[i], true
	}
	for _, was := range old {
		if _, ok := byName(fresh, was.name); !ok {
			removeResponse(op.API, was)
			e.tellDeclaration(now, op.Response, "%s does not answer %s any more", op.Symbol, was.status)
		}
	}
	for _, is := range fresh {
		was, ok := byName(old, is.name)
		if !ok {
			e.addResponse(op, is, reader)
			e.tell(now, is.at, "%s answers %s, too", op.Symbol, is.status)
			continue
		}
		if r := responseOf(op.API, was.status); r != nil && isStatus(is.status) && was.status != is.status {
			e.ownResponse(op.API, r, func(c *api.Response) { c.Status = is.status })
			e.tell(now, is.at, "%s answers %s, which was %s", op.Symbol, is.status, was.status)
		}
		if was.bodyText != is.bodyText {
			e.changeBody(op, was, is, reader)
			e.tell(now, is.at, "the body of %s by %s is %s, which was %s", is.status, op.Symbol, wordOf(is.bodyText), wordOf(was.bodyText))
		}
	}
}

// renamed gives answers that stand at the place of another one, with the same body, its
// name: they are the same answer with another status.
func renamed(old, fresh []answer) {
	has := func(list []answer, name string) bool {
		return slices.ContainsFunc(list, func(a answer) bool { return a.name == name })
	}
	for i := range fresh {
		if len(old) == len(fresh) && !has(old, fresh[i].name) && !has(fresh, old[i].name) && bodyWord(old[i]) == bodyWord(fresh[i]) {
			fresh[i].name, fresh[i].bodyText = old[i].name, old[i].bodyText
		}
	}
}

// bodyWord is the type of a body; one that has its name from the status is "its own".
func bodyWord(a answer) string {
	if a.bodyText == a.name+"Body" {
		return "its own"
	}
	return a.bodyText
}

func wordOf(body string) string {
	if body == "" {
		return "nothing"
	}
	return clipped(body)
}

func isStatus(s string) bool { return len(s) == 3 && strings.Trim(s, "0123456789") == "" }

func responseOf(op *api.Operation, status string) *api.Response {
	for _, r := range op.Responses {
		if r.Status == status {
			return r
		}
	}
	return nil
}

// ownResponse changes a copy of a response: several operations may share it.
func (e *editor) ownResponse(op *api.Operation, r *api.Response, f func(*api.Response)) {
	copied := *r
	copied.Content = slices.Clone(r.Content)
	f(&copied)
	op.Responses = slices.Clone(op.Responses)
	op.Responses[slices.Index(op.Responses, r)] = &copied
}

func removeResponse(op *api.Operation, a answer) {
	op.Responses = slices.DeleteFunc(slices.Clone(op.Responses), func(r *api.Response) bool { return r.Status == a.status })
}

func (e *editor) addResponse(op Operation, a answer, reader *typeReader) {
	if !isStatus(a.status) {
		return
	}
	r := responseOf(op.API, a.status)
	if r == nil {
		r = &api.Response{Status: a.status, Description: statusText(a.status)}
		at := slices.IndexFunc(op.API.Responses, func(o *api.Response) bool { return o.Status > a.status })
		if at < 0 {
			at = len(op.API.Responses)
		}
		op.API.Responses = slices.Insert(slices.Clone(op.API.Responses), at, r)
	}
	if a.body != nil {
		e.ownResponse(op.API, r, func(c *api.Response) {
			c.Content = append(c.Content, &api.Media{Type: mediaType(a), Schema: reader.schema(a.body)})
		})
	}
}

func mediaType(a answer) string {
	if a.contentType != "" {
		return a.contentType
	}
	return "application/json"
}

func (e *editor) changeBody(op Operation, was, is answer, reader *typeReader) {
	r := responseOf(op.API, is.status)
	if r == nil {
		return
	}
	e.ownResponse(op.API, r, func(c *api.Response) {
		at := slices.IndexFunc(c.Content, func(m *api.Media) bool { return is.contentType == "" || m.Type == is.contentType })
		switch {
		case is.body == nil:
			c.Content = nil
		case at < 0:
			c.Content = append(c.Content, &api.Media{Type: mediaType(is), Schema: reader.schema(is.body)})
		default:
			media := *c.Content[at]
			media.Schema = reader.schema(is.body)
			media.Examples = nil // they fit what it was
			c.Content[at] = &media
		}
	})
	_ = was
}
