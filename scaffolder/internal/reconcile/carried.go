package reconcile

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Carried is the API of a generated project: the document that it carries, without the
// operations that the code has not any more, and with those that the code has besides.
// missing are names of handlers that are gone. generated says of an operation that the
// document does not have that it belongs to what scaffolder generates around it.
func Carried(code, document *api.API, missing map[string]bool, generated func(*api.Operation) bool) (*api.API, []api.Notice) {
	var notices []api.Notice
	out := *document
	out.Operations = nil
	in := index(code)
	matched := map[string]bool{}
	for _, op := range document.Operations {
		id := registered(op, document, in)
		switch {
		case id == "":
			notices = append(notices, gone(op, document, "no route of the code leads to it any more"))
		case missing[op.ID]:
			notices = append(notices, gone(op, document, "its handler is gone"))
		default:
			out.Operations = append(out.Operations, op)
		}
		matched[id] = true
	}
	for _, op := range code.Operations {
		if matched[identity(op, code)] || in[identity(op, code)] != op || generated(op) {
			continue
		}
		added := *op
		added.ID = free(op.ID, out.Operations)
		out.Operations = append(out.Operations, &added)
		out.Schemas = withSchemas(out.Schemas, code.Schemas)
		out.Security = withSchemes(out.Security, &added)
		notices = append(notices, api.Notice{
			Rule: "not-in-document", Warning: true, Message: op.Method + " " + op.Path + " is not in the document that the project carries; it is added as the code has it", At: op.At,
		})
	}
	return &out, notices
}

// registered is how the code registers an operation of the document; "" where it does
// not. Generated code takes the base path off before it looks for a route, and tells
// operations apart by query and fragment when it has found one.
func registered(op *api.Operation, document *api.API, in map[string]*api.Operation) string {
	path, _, _ := strings.Cut(op.Path, "#")
	path, _, _ = strings.Cut(path, "?")
	for _, base := range []string{document.BasePath, ""} {
		for _, p := range []string{op.Path, path, strings.TrimSuffix(path, "/")} {
			one := *op
			one.Path = p
			if id := identity(&one, &api.API{BasePath: base}); in[id] != nil {
				return id
			}
		}
	}
	return ""
}

func gone(op *api.Operation, document *api.API, why string) api.Notice {
	return api.Notice{Rule: "not-in-code", Warning: true, Message: op.Method + " " + document.BasePath + op.Path + " is taken out of the document: " + why, At: op.At}
}

// free is an operation's id that no other one has.
func free(id string, list []*api.Operation) string {
	for slices.ContainsFunc(list, func(op *api.Operation) bool { return op.ID == id }) {
		id += "2"
	}
	return id
}

// withSchemas adds the named schemas of the code whose names are free.
func withSchemas(have, more []*api.Schema) []*api.Schema {
	for _, s := range more {
		if !slices.ContainsFunc(have, func(h *api.Schema) bool { return h.Name == s.Name }) {
			have = append(slices.Clone(have), s)
		}
	}
	return have
}

// withSchemes adds the security schemes that an operation asks for; one of the document
// with the same name is taken instead.
func withSchemes(have []*api.SecurityScheme, op *api.Operation) []*api.SecurityScheme {
	for i, r := range op.Security {
		r = slices.Clone(r)
		for j, u := range r {
			at := slices.IndexFunc(have, func(h *api.SecurityScheme) bool { return h.Name == u.Scheme.Name })
			if at >= 0 {
				r[j].Scheme = have[at]
			} else {
				have = append(slices.Clone(have), u.Scheme)
			}
		}
		op.Security[i] = r
	}
	return have
}
