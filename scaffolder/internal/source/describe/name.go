package describe

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/inflect"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// name gives the operation its id: the name of its handler where it has one that is its
// own, or one made of method and path.
func (d *describer) name(op *api.Operation, c *chain) {
	id := op.ID
	if n := len(c.links); id == "" && n > 0 && c.links[n-1].step.Own {
		id = handlerName(c.links[n-1])
	}
	if id == "" || d.ids[id] {
		id = inflect.OperationName(op.Method, op.Path)
	}
	for n, base := 2, id; d.ids[id]; n++ {
		id = base + strconv.Itoa(n)
	}
	d.ids[id] = true
	op.ID, op.Named = id, true
	if len(op.Tags) > 0 {
		return
	}
	for _, s := range strings.Split(op.Path, "/") {
		if s != "" && !strings.Contains(s, "{") && s != "api" && !isVersion(s) {
			op.Tags = []string{s}
			break
		}
	}
}

func isVersion(s string) bool {
	return len(s) > 1 && len(s) < 5 && s[0] == 'v' && strings.IndexFunc(s[1:], func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// handlerName is the name of the handler: of the function that is registered, or of the
// one that it wraps.
func handlerName(l link) string {
	if f, ok := l.step.Handler.(*eval.Function); ok && isName(f.Name) {
		return f.Name
	}
	if n, ok := l.step.Handler.(*eval.Native); ok && isName(n.Name) { // a controller's method
		return n.Name
	}
	for i := len(l.facts.Functions) - 1; i >= 0; i-- {
		if name := l.facts.Functions[i].Name; isName(name) {
			return name
		}
	}
	return ""
}

// isName says whether the name of a function says what it does.
func isName(name string) bool {
	switch strings.ToLower(name) {
	case "", "default", "handler", "handlers", "get", "post", "put", "delete", "patch", "index", "handle", "execute", "controller",
		"fn", "callback", "wrapper", "wrapped", "anonymous", "pre", "action", "middleware", "run", "func", "exec", "method":
		return false
	}
	for _, r := range name {
		if r != '_' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
