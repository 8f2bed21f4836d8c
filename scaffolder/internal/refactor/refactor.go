package refactor

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Handler is an exported function with the name and the module that it has, and those
// that it is to have. Modules are paths below the project: "src/routes/users.ts".
type Handler struct {
	Symbol, Module       string
	NewSymbol, NewModule string
}

// Task is what changes.
type Task struct {
	Handlers []Handler
	// Names are the exports of generated modules that get other names: by module, old
	// name -> new name.
	Names map[string]map[string]string
	// Contract is the module that exports the type Handlers, whose properties are called
	// as the handlers.
	Contract string
	// Mounts are the modules whose functions take an object of handlers, and which export
	// the object defaultHandlers.
	Mounts []string
}

// Refusal is a handler that is left as it is.
type Refusal struct {
	Handler Handler
	Why     string
}

// Mention is a place that may mean a handler by its old name.
type Mention struct {
	At       syntax.Position // with the path below the project
	Old, New string
}

// Result is what the user's files are to be.
type Result struct {
	Texts    map[string]string // those that change, by path
	Gone     []string          // those that nothing is left of
	Mentions []Mention
}

// Check tells the handlers that can be followed from those that cannot.
func (w *Workspace) Check(t Task) (possible []Handler, refused []Refusal) {
	for _, h := range t.Handlers {
		alone := t
		alone.Handlers, alone.Names = []Handler{h}, nil
		if err := w.clone().apply(alone, t.Handlers); err != nil {
			refused = append(refused, Refusal{h, err.Error()})
		} else {
			possible = append(possible, h)
		}
	}
	for { // what stays keeps its name
		i := slices.IndexFunc(possible, func(h Handler) bool {
			return slices.ContainsFunc(refused, func(r Refusal) bool { return r.Handler.Symbol == h.NewSymbol && h.Symbol != h.NewSymbol })
		})
		if i < 0 {
			return possible, refused
		}
		refused = append(refused, Refusal{possible[i], possible[i].NewSymbol + " is the name of a handler that stays"})
		possible = slices.Delete(possible, i, i+1)
	}
}

// Apply does all of it. The workspace stays as it is.
func (w *Workspace) Apply(t Task) (Result, error) {
	now := w.clone()
	if err := now.apply(t, t.Handlers); err != nil {
		return Result{}, err
	}
	r := Result{Texts: map[string]string{}}
	for _, path := range slices.Sorted(maps.Keys(w.texts)) {
		if _, there := now.texts[path]; !there {
			r.Gone = append(r.Gone, path)
		}
	}
	for path, text := range now.texts {
		if before, there := w.texts[path]; !there || before != text {
			r.Texts[path] = text
		}
	}
	r.Mentions = now.mentions(t)
	return r, nil
}

// apply renames first and then moves. all are the handlers that change in the end: their
// old names will be free.
func (w *Workspace) apply(t Task, all []Handler) error {
	for _, h := range t.Handlers {
		if err := w.canRename(h, all); err != nil {
			return err
		}
	}
	for _, path := range w.paths() {
		if err := w.rename(path, t); err != nil {
			return err
		}
	}
	for _, group := range groups(t.Handlers) {
		if err := w.move(group); err != nil {
			return err
		}
	}
	return nil
}

// groups are the handlers that go from one module to another one.
func groups(handlers []Handler) [][]Handler {
	var out [][]Handler
	for _, h := range handlers {
		if h.Module == h.NewModule {
			continue
		}
		i := slices.IndexFunc(out, func(g []Handler) bool { return g[0].Module == h.Module && g[0].NewModule == h.NewModule })
		if i < 0 {
			out = append(out, nil)
			i = len(out) - 1
		}
		out[i] = append(out[i], h)
	}
	return out
}

// canRename says why a handler cannot be followed in its own file.
func (w *Workspace) canRename(h Handler, all []Handler) error {
	if _, there := w.texts[h.Module]; !there {
		return nil // it is gone: a stub is written where it belongs now
	}
	f, err := w.parse(h.Module)
	if err != nil {
		return err
	}
	d := declarationOf(f, h.Symbol)
	if d == nil {
		return fmt.Errorf("%s does not declare it", h.Module)
	}
	if h.Symbol == h.NewSymbol {
		return nil
	}
	u := usesOf(f)
	if len(u.bound[d.local.Name]) > 1 {
		return fmt.Errorf("%s has the name %s for something else, too", h.Module, h.Symbol)
	}
	freed := slices.ContainsFunc(all, func(other Handler) bool { return other.Module == h.Module && other.Symbol == h.NewSymbol })
	if u.has(h.NewSymbol) && !freed {
		return fmt.Errorf("%s has the name %s for something else", h.Module, h.NewSymbol)
	}
	return nil
}
