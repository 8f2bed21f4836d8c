package cli

import (
	"fmt"
	"path"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/refactor"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
)

// migration is what --migrate does before anything is generated.
type migration struct {
	memory  tsgen.Memory
	edits   map[string][]byte // of the user's files; nil: the file goes
	notices []api.Notice
}

// migrate renames and moves handlers in the user's files, where that was asked for.
func (c *generateCmd) migrate(model *api.API, o tsgen.Options, where layout) (migration, error) {
	m := migration{memory: o.Memory}
	if !c.Migrate {
		return m, nil
	}
	moves := tsgen.Moves(model, o)
	if len(moves) == 0 {
		m.notices = []api.Notice{{Rule: "migrate", Message: "there is nothing to migrate: every handler has the name and the file that the document gives it"}}
		return m, nil
	}
	generated, err := tree.GeneratedFiles(where.project)
	if err != nil {
		return m, err
	}
	files, err := refactor.Open(where.project, generated)
	if err != nil {
		return m, err
	}
	task := taskOf(moves, where)
	possible, refused := files.Check(task)
	for _, r := range refused {
		m.notices = append(m.notices, stays(moves[slices.Index(task.Handlers, r.Handler)], r.Why))
	}
	moves = slices.DeleteFunc(slices.Clone(moves), func(move tsgen.Move) bool {
		return !slices.Contains(possible, handlerOf(move, where))
	})
	m.memory = o.Memory.Follow(moves)
	task.Handlers = possible
	if task.Names, err = renamedTypes(model, o, m.memory, where); err != nil {
		return m, err
	}
	result, err := files.Apply(task)
	if err != nil {
		return m, fmt.Errorf("renaming handlers: %w", err)
	}
	m.take(result, where)
	return m, nil
}

// take has what the user's files are to be.
func (m *migration) take(result refactor.Result, where layout) {
	m.edits = map[string][]byte{}
	for name, text := range result.Texts {
		m.edits[name] = []byte(text)
	}
	for _, name := range result.Gone {
		m.edits[name] = nil
	}
	for _, mention := range result.Mentions {
		m.notices = append(m.notices, api.Notice{
			Rule: "mention", Warning: true, At: api.Position{File: where.show(mention.At.File), Line: mention.At.Line, Column: mention.At.Column},
			Message: fmt.Sprintf("if %s means the handler here, it is %s now", mention.Old, mention.New),
		})
	}
}

// stays says why a handler is left as it is.
func stays(move tsgen.Move, why string) api.Notice {
	return api.Notice{
		Rule: "not-migrated", Warning: true, At: move.API.At,
		Message: fmt.Sprintf("the handler of %s %s stays %s in %s.ts: %s", move.API.Method, move.API.Path, move.From.Symbol, move.From.File, why),
	}
}

// taskOf is what the moves are to the source files.
func taskOf(moves []tsgen.Move, where layout) refactor.Task {
	t := refactor.Task{
		Contract: path.Join(where.source, "handlers.contract.ts"),
		Mounts:   []string{path.Join(where.source, "routes/_register.ts"), path.Join(where.source, "app.ts")},
	}
	for _, m := range moves {
		t.Handlers = append(t.Handlers, handlerOf(m, where))
	}
	return t
}

func handlerOf(m tsgen.Move, where layout) refactor.Handler {
	module := func(file string) string { return path.Join(where.source, "routes", file+".ts") }
	return refactor.Handler{
		Symbol: m.From.Symbol, Module: module(m.From.File),
		NewSymbol: m.To.Symbol, NewModule: module(m.To.File),
	}
}

// renamedTypes are the exports of generated files that are named after handlers.
func renamedTypes(model *api.API, o tsgen.Options, now tsgen.Memory, where layout) (map[string]map[string]string, error) {
	before, err := tsgen.OutlineOf(model, o)
	if err != nil {
		return nil, err
	}
	o.Memory = now
	after, err := tsgen.OutlineOf(model, o)
	if err != nil {
		return nil, err
	}
	types, checks, operations := map[string]string{}, map[string]string{}, map[string]string{}
	if len(after.Types) != len(before.Types) {
		return nil, fmt.Errorf("renaming handlers: %d types became %d", len(before.Types), len(after.Types))
	}
	for i, name := range before.Types {
		if to := after.Types[i]; to != name {
			types[name], checks["check"+name] = to, "check"+to
		}
	}
	for i, op := range before.Operations {
		if to := after.Operations[i].Symbol; to != op.Symbol {
			operations[op.Symbol] = to
		}
	}
	return map[string]map[string]string{
		path.Join(where.source, "types/api.ts"):             types,
		path.Join(where.source, "middleware/validators.ts"): checks,
		path.Join(where.source, "operations.ts"):            operations,
	}, nil
}
