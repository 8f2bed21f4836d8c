package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Keep puts what people wrote in a document into the API that the code has. It says
// what the document has and the code has not.
func Keep(code, document *api.API) []api.Notice {
	var notices []api.Notice
	keepHead(code, document)
	have := index(document)
	for _, op := range code.Operations {
		if old := have[identity(op, code)]; old != nil {
			notices = append(notices, keepOperation(op, old)...)
			delete(have, identity(op, code))
		}
	}
	for _, op := range document.Operations {
		if have[identity(op, document)] == op {
			notices = append(notices, api.Notice{
				Rule: "not-in-code", Warning: true, Message: "the code has no " + op.Method + " " + document.BasePath + op.Path + "; it is taken out of the document", At: op.At,
			})
		}
	}
	keepSchemas(code, document)
	keepTags(code, document)
	return notices
}

func keepHead(code, document *api.API) {
	code.Title, code.Version = document.Title, document.Version
	if document.Description != "" {
		code.Description = document.Description
	}
	if len(document.Servers) > 0 && document.BasePath == "" {
		code.Servers = document.Servers
	}
	for _, s := range code.Security {
		for _, old := range document.Security {
			if old.Name == s.Name && old.Type == s.Type {
				s.Description, s.BearerFormat = old.Description, old.BearerFormat
			}
		}
	}
}

// identity is METHOD and path with the base path, without the names of parameters.
func identity(op *api.Operation, a *api.API) string {
	var b strings.Builder
	in := false
	for _, c := range op.Method + " " + a.BasePath + op.Path {
		switch {
		case c == '{':
			in = true
			b.WriteString("{}")
		case c == '}':
			in = false
		case !in:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func index(a *api.API) map[string]*api.Operation {
	out := map[string]*api.Operation{}
	for _, op := range a.Operations {
		out[identity(op, a)] = op
	}
	return out
}

func keepOperation(op, old *api.Operation) []api.Notice {
	var notices []api.Notice
	if old.Named {
		op.ID, op.Named = old.ID, true
	}
	take(&op.Summary, old.Summary)
	take(&op.Description, old.Description)
	if len(old.Tags) > 0 {
		op.Tags = old.Tags
	}
	op.Deprecated = op.Deprecated || old.Deprecated
	for _, was := range old.Parameters {
		p := parameter(op, was)
		if p == nil {
			notices = append(notices, conflict(op, old, "the code does not read the "+string(was.In)+" parameter "+was.Name, was.At))
			continue
		}
		take(&p.Description, was.Description)
		if p.Example == "" {
			p.Example = was.Example
		}
		p.Schema = kept(p.Schema, was.Schema, 0)
	}
	if op.Body != nil && old.Body != nil {
		take(&op.Body.Description, old.Body.Description)
		keepContent(op.Body.Content, old.Body.Content)
	} else if old.Body != nil {
		notices = append(notices, conflict(op, old, "the code reads no body", old.Body.At))
	}
	for _, was := range old.Responses {
		found := false
		for _, r := range op.Responses {
			if r.Status == was.Status {
				found = true
				take(&r.Description, was.Description)
				keepContent(r.Content, was.Content)
			}
		}
		if !found {
			notices = append(notices, conflict(op, old, "the code does not answer with "+was.Status, was.At))
		}
	}
	return notices
}

func conflict(op, old *api.Operation, what string, at api.Position) api.Notice {
	if at.File == "" {
		at = old.At
	}
	return api.Notice{Rule: "document-differs", Warning: true, Message: fmt.Sprintf("%s %s: %s, as the document says", op.Method, op.Path, what), At: at}
}

func take(into *string, from string) {
	if from != "" {
		*into = from
	}
}

// parameter is the one of an operation with the place and name of another one; for
// parameters of the path the place in it decides.
func parameter(op *api.Operation, like *api.Parameter) *api.Parameter {
	for _, p := range op.Parameters {
		if p.In == like.In && (p.Name == like.Name || p.In == api.InHeader && strings.EqualFold(p.Name, like.Name)) {
			return p
		}
	}
	return nil
}

func keepContent(list, old []*api.Media) {
	for _, m := range list {
		for _, was := range old {
			if m.Type != was.Type {
				continue
			}
			if len(m.Examples) == 0 {
				m.Examples = was.Examples
			}
			m.Schema = kept(m.Schema, was.Schema, 0)
		}
	}
}

// kept is a schema with the words and examples of an older one, for it and for its
// properties. It is another schema: the one of an answer that several operations send
// belongs to all of them, and each has its own words.
func kept(s, old *api.Schema, depth int) *api.Schema {
	if s == nil || old == nil || depth > 12 || s.Ref != nil {
		return s
	}
	old = old.Target()
	if old == nil {
		return s
	}
	out := *s
	take(&out.Title, old.Title)
	take(&out.Description, old.Description)
	if len(out.Examples) == 0 {
		out.Examples = old.Examples
	}
	out.Properties = slices.Clone(s.Properties)
	for i, p := range s.Properties {
		property := *p
		property.Schema = kept(p.Schema, old.Property(p.Name), depth+1)
		out.Properties[i] = &property
	}
	out.Items = kept(s.Items, old.Items, depth+1)
	return &out
}

func keepSchemas(code, document *api.API) {
	for _, s := range code.Schemas {
		for _, old := range document.Schemas {
			if old.Name == s.Name {
				*s = *kept(s, old, 0)
			}
		}
	}
}

// keepTags lists the tags that operations have, in the order and with the words of the
// document, and then those that only the code has.
func keepTags(code, document *api.API) {
	used := map[string]bool{}
	for _, op := range code.Operations {
		for _, t := range op.Tags {
			used[t] = true
		}
	}
	var tags []api.Tag
	for _, list := range [][]api.Tag{document.Tags, code.Tags} {
		for _, t := range list {
			if used[t.Name] {
				used[t.Name] = false // said
				tags = append(tags, t)
			}
		}
	}
	code.Tags = tags
}
