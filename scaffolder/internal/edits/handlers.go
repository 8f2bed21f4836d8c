package edits

import (
	"net/http"
	"path"
	"slices"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

func statusText(status string) string {
	if n, err := strconv.Atoi(status); err == nil && http.StatusText(n) != "" {
		return http.StatusText(n)
	}
	return "Status " + status
}

// handlers looks for statuses that the user's handlers return and the document has not.
func (e *editor) handlers() {
	now, before := map[string]*syntax.File{}, map[string]*syntax.File{}
	for _, op := range e.Operations {
		name := path.Join(e.Source, "routes", op.File+".ts")
		if _, ok := now[name]; !ok {
			now[name], before[name] = parsed(name, e.Now[name]), parsed(name, e.Before[name])
		}
		f, stub := now[name], before[name]
		if f == nil || declarations(f)[op.Symbol] == nil {
			continue
		}
		given := map[string]bool{} // statuses that the stub has
		if stub != nil && declarations(stub)[op.Symbol] != nil {
			for _, n := range statusesOf(declarations(stub)[op.Symbol]) {
				given[n.Key()] = true
			}
		}
		e.returned(op, f, declarations(f)[op.Symbol], given)
	}
}

func (e *editor) returned(op Operation, f *syntax.File, handler syntax.Statement, given map[string]bool) {
	covered := func(status string) bool {
		return slices.ContainsFunc(op.API.Responses, func(r *api.Response) bool {
			return r.Status == status || r.Status == "default" || r.Status == status[:1]+"XX"
		})
	}
	// A stub of an operation whose document knows refusals only has to answer something.
	refusals := !slices.ContainsFunc(op.API.Responses, func(r *api.Response) bool { return r.Status[0] < '4' || r.Status == "default" })
	for _, value := range statusesOf(handler) {
		status := value.Key()
		if !isStatus(status) || covered(status) || given[status] && refusals {
			continue
		}
		e.addResponse(op, answer{status: status}, nil)
		e.tell(f, value, "%s answers %s, too", op.Symbol, status)
	}
}

// statusesOf are the numbers that a function returns as {status: …}.
func statusesOf(handler syntax.Statement) []*syntax.NumberLiteral {
	var out []*syntax.NumberLiteral
	result := func(v syntax.Expression) {
		o, ok := syntax.Unwrap(v).(*syntax.ObjectLiteral)
		if !ok {
			return
		}
		for _, p := range o.Properties {
			if p, ok := p.(*syntax.Property); ok && p.Kind == syntax.PropertyValue {
				if name, ok := syntax.KeyName(p.Key); ok && name == "status" {
					if n, ok := syntax.Unwrap(p.Value).(*syntax.NumberLiteral); ok {
						out = append(out, n)
					}
				}
			}
		}
	}
	syntax.Walk(handler, func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.ReturnStatement:
			if x.Value != nil {
				result(x.Value)
			}
		case *syntax.ArrowFunction:
			if x.Result != nil {
				result(x.Result)
			}
		}
		return true
	})
	return out
}
