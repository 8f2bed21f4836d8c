package reconcile

import (
	"bytes"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
)

// Difference is a way in which a document is not what the code says.
type Difference struct {
	What string // "GET /users is not in the document"
	At   api.Position
}

// Compare says how a document differs from what it should be.
func Compare(want, document *api.API) ([]Difference, error) {
	a, err := openapi.JSON(want)
	if err != nil {
		return nil, err
	}
	b, err := openapi.JSON(document)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(a, b) {
		return nil, nil
	}
	var out []Difference
	have := index(document)
	for _, op := range want.Operations {
		id := identity(op, want)
		old := have[id]
		delete(have, id)
		if old == nil {
			out = append(out, Difference{op.Method + " " + want.BasePath + op.Path + " is not in the document", op.At})
			continue
		}
		if !sameOperation(op, old) {
			out = append(out, Difference{op.Method + " " + want.BasePath + op.Path + " is not as the document says: " + parts(op, old), op.At})
		}
	}
	for _, op := range document.Operations {
		if have[identity(op, document)] == op {
			out = append(out, Difference{op.Method + " " + document.BasePath + op.Path + " is not in the code", op.At})
		}
	}
	if len(out) == 0 {
		out = append(out, Difference{What: "named schemas, security schemes, tags or the order differ"})
	}
	return out, nil
}

// one is the document of one operation, as bytes to compare.
func one(op *api.Operation) string {
	copied := *op
	data, err := openapi.JSON(&api.API{Operations: []*api.Operation{&copied}})
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func sameOperation(a, b *api.Operation) bool { return one(a) == one(b) }

// parts names what differs in an operation.
func parts(a, b *api.Operation) string {
	text := ""
	add := func(name string, keep func(*api.Operation) *api.Operation) {
		if one(keep(a)) != one(keep(b)) {
			if text != "" {
				text += ", "
			}
			text += name
		}
	}
	base := func(op *api.Operation) *api.Operation {
		return &api.Operation{Method: "GET", Path: "/", ID: "x", Named: true}
	}
	add("path", func(op *api.Operation) *api.Operation { o := base(op); o.Path = op.Path; return o })
	add("words", func(op *api.Operation) *api.Operation {
		o := base(op)
		o.ID, o.Summary, o.Description, o.Tags, o.Deprecated = op.ID, op.Summary, op.Description, op.Tags, op.Deprecated
		return o
	})
	add("parameters", func(op *api.Operation) *api.Operation { o := base(op); o.Parameters = op.Parameters; return o })
	add("body", func(op *api.Operation) *api.Operation {
		o := base(op)
		o.Method, o.Body = "POST", op.Body
		return o
	})
	add("answers", func(op *api.Operation) *api.Operation { o := base(op); o.Responses = op.Responses; return o })
	add("security", func(op *api.Operation) *api.Operation { o := base(op); o.Security = op.Security; return o })
	return text
}
