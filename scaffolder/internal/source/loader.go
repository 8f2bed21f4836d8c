package source

import (
	"cmp"
	"slices"
	"sync"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// loader parses the files of a project. What a file imports is parsed ahead on another
// processor.
type loader struct {
	project *project.Project
	ahead   chan struct{} // bounds what is parsed ahead at a time

	mu    sync.Mutex
	files map[string]*loaded

	uses uses
}

type loaded struct {
	done  chan struct{}
	file  *syntax.File
	err   error
	diags []syntax.Diagnostic
}

func newLoader(p *project.Project) *loader {
	return &loader{project: p, ahead: make(chan struct{}, 2), files: map[string]*loaded{}, uses: newUses()}
}

// Parse is the tree of a file.
func (l *loader) Parse(path string) (*syntax.File, error) {
	f := l.start(path, false)
	<-f.done
	return f.file, f.err
}

// start begins to parse a file, once.
func (l *loader) start(path string, ahead bool) *loaded {
	l.mu.Lock()
	f, ok := l.files[path]
	if ok {
		l.mu.Unlock()
		return f
	}
	f = &loaded{done: make(chan struct{})}
	l.files[path] = f
	l.mu.Unlock()
	if ahead {
		go func() {
			l.ahead <- struct{}{}
			l.parse(path, f)
			<-l.ahead
		}()
	} else {
		l.parse(path, f)
	}
	return f
}

func (l *loader) parse(path string, f *loaded) {
	defer close(f.done)
	data, err := l.project.Read(path)
	if err != nil {
		f.err = err
		return
	}
	f.file, f.diags = parse.File(l.project.Rel(path), string(data))
	for _, specifier := range imported(f.file) {
		if r := l.project.Resolve(path, specifier); r.Kind == project.Source && project.IsSource(r.File) {
			l.start(r.File, true)
		}
	}
}

// imported are the specifiers that a file imports whenever it is run.
func imported(f *syntax.File) []string {
	var out []string
	add := func(s *syntax.StringLiteral) {
		if s != nil {
			out = append(out, s.Value)
		}
	}
	for _, statement := range f.Statements {
		switch x := statement.(type) {
		case *syntax.ImportDeclaration:
			if !x.TypeOnly {
				add(x.Source)
			}
		case *syntax.ExportNamed:
			add(x.Source)
		case *syntax.ExportAll:
			add(x.Source)
		case *syntax.VariableStatement:
			for _, d := range x.Declarations {
				if call, ok := d.Value.(*syntax.CallExpression); ok && len(call.Arguments) == 1 {
					if id, ok := call.Callee.(*syntax.Identifier); ok && id.Name == "require" {
						s, _ := call.Arguments[0].(*syntax.StringLiteral)
						add(s)
					}
				}
			}
		}
	}
	return out
}

// Read is the content of a file that is no source.
func (l *loader) Read(path string) ([]byte, error) { return l.project.Read(path) }

// Resolve says what a specifier means in a file.
func (l *loader) Resolve(from, specifier string) project.Resolution {
	return l.project.Resolve(from, specifier)
}

// broken are diagnostics of files that a program loads and that could not be read as a
// whole.
func (l *loader) broken(ev *eval.Evaluator) []eval.Diagnostic {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []eval.Diagnostic
	for path, f := range l.files {
		select {
		case <-f.done:
		default:
			continue
		}
		if !ev.Loads(path) {
			continue
		}
		if f.err != nil {
			out = append(out, eval.Diagnostic{Rule: "unreadable-file", Message: "cannot read the file: " + f.err.Error(), At: syntax.Position{File: l.project.Rel(path)}})
		}
		if len(f.diags) > 0 {
			out = append(out, eval.Diagnostic{Rule: "broken-file", Message: "the file is broken here: " + f.diags[0].Message + "; the rest of it is read as far as it can be", At: f.file.Position(f.diags[0].Start)})
		}
	}
	slices.SortFunc(out, func(a, b eval.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}
