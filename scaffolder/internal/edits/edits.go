package edits

import (
	"fmt"
	"path"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Project is a generated project.
type Project struct {
	API        *api.API               // that it was generated from; it is changed
	Schemas    map[string]*api.Schema // of API, by the name of the exported type
	Operations []Operation
	// Source is the folder of the sources: "src".
	Source string
	// Before are files as they were generated, by path; Now as they are.
	Before, Now map[string][]byte
	// Registered are the operations that the code registers, with their places.
	Registered []*api.Operation
}

// Operation is an operation with the names of its code.
type Operation struct {
	API      *api.Operation
	Symbol   string // createUser
	Type     string // CreateUser
	Response string // CreateUserResponse
	File     string // users: routes/users.ts
}

// Files are the paths of what Apply reads.
func Files(source string) (types, validators, register string) {
	return path.Join(source, "types/api.ts"), path.Join(source, "middleware/validators.ts"), path.Join(source, "routes/_register.ts")
}

// Apply changes the model as the files were changed, and tells each change.
func Apply(p *Project) []api.Notice {
	e := &editor{Project: p}
	types, validators, register := Files(p.Source)
	e.each(register, e.registrations)
	e.each(types, e.types)
	e.each(validators, e.validators)
	e.handlers()
	return e.notices
}

type editor struct {
	*Project
	notices []api.Notice
}

// each calls f with the two states of a file that differ.
func (e *editor) each(name string, f func(before, now *syntax.File)) {
	before, now := parsed(name, e.Before[name]), parsed(name, e.Now[name])
	if before != nil && now != nil && before.Source != now.Source {
		f(before, now)
	}
}

func parsed(name string, data []byte) *syntax.File {
	if data == nil {
		return nil
	}
	file, _ := parse.File(name, string(data))
	return file
}

// tell notes a change: where it stands, what of the model it changes and how.
func (e *editor) tell(file *syntax.File, at syntax.Node, format string, words ...any) {
	p := file.Position(at.Range().Start)
	e.notices = append(e.notices, api.Notice{
		Rule: "edited", Warning: true, Message: fmt.Sprintf(format, words...) + "; the document that the project carries says otherwise",
		At: api.Position{File: p.File, Line: p.Line, Column: p.Column},
	})
}
