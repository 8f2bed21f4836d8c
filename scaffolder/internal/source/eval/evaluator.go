package eval

import (
	"cmp"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Sources is where modules come from.
type Sources interface {
	// Parse is the tree of a file. What is wrong in it is the caller's to tell.
	Parse(path string) (*syntax.File, error)
	// Read is the content of a file that is no source: JSON.
	Read(path string) ([]byte, error)
	// Resolve says what a specifier means in a file.
	Resolve(from, specifier string) project.Resolution
}

// Library gives values for modules and global names from outside of the project.
type Library interface {
	// Module is the value of a package or builtin; ok is false where the library
	// does not know it. subpath is "." or "./x".
	Module(ev *Evaluator, name, subpath string) (v Value, ok bool)
}

// GlobalLibrary is a Library that has global names too.
type GlobalLibrary interface {
	Library
	Global(ev *Evaluator, name string) (v Value, ok bool)
}

// Diagnostic is something that could not be known, or is not as it should be.
type Diagnostic struct {
	Rule    string
	Message string
	Hint    string
	At      syntax.Position
}

// Observer is told of what happens while functions run.
type Observer interface {
	Thrown(v Value, at Place)
	// TermCalled is told of each call of a Term, when its arguments are known.
	TermCalled(t *Term)
	// FunctionCalled is told of each call of a function of the project.
	FunctionCalled(f *Function, args []Value)
}

// Evaluator runs modules. It is for one goroutine.
type Evaluator struct {
	Sources   Sources
	Libraries []Library
	// Observer may be nil.
	Observer Observer
	// Handed is told of each object of a library that unknown code gets while the program
	// starts, by the call that gives it; may be nil.
	Handed func(o *Object, t *Term)
	// Steps is what may still be done.
	Steps int
	// Main is the module that the program starts with.
	Main *Module

	modules  map[string]*Module
	imports  map[string]Value
	globals  map[string]Value
	level    int // how many unknown conditions hold
	depth    int // of calls
	running  map[syntax.Node]int
	entered  map[enteredKey]bool
	phase    int
	deferred []func()
	memos    map[memoKey]*memo // what functions did that got nothing of a run
	costs    map[costKey]*cost
	// collecting is the memo of the function that is running, for what it throws.
	collecting *memo
	// touches counts what was done to objects of libraries, and spends what functions took.
	touches int
	spends  map[any]*spend
	// maybeRuns counts how often functions were run that may not be run, by node.
	maybeRuns map[any]int

	metadata  metadata
	externals []External
	missing   []string // exports that were asked for and are not there
	reported  map[Diagnostic]bool
	reports   []Diagnostic
	spent     bool
	budget
}

type enteredKey struct {
	fn    *Function
	phase int
}

// New is an evaluator with steps to spend.
func New(sources Sources, steps int, libraries ...Library) *Evaluator {
	return &Evaluator{
		Sources: sources, Libraries: libraries, Steps: steps, budget: budget{room: steps * roomEachStep},
		modules: map[string]*Module{}, imports: map[string]Value{}, globals: map[string]Value{},
		running: map[syntax.Node]int{}, entered: map[enteredKey]bool{}, memos: map[memoKey]*memo{}, costs: map[costKey]*cost{}, spends: map[any]*spend{}, metadata: metadata{}, reported: map[Diagnostic]bool{},
	}
}

// Report adds a diagnostic, once.
func (ev *Evaluator) Report(rule string, at Place, message, hint string) {
	d := Diagnostic{rule, message, hint, at.Position()}
	if !ev.reported[d] {
		ev.reported[d] = true
		ev.reports = append(ev.reports, d)
	}
}

// Diagnostics are what was reported, by file and place.
func (ev *Evaluator) Diagnostics() []Diagnostic {
	out := slices.Clone(ev.reports)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return out
}

// Modules are those that were loaded, by path.
func (ev *Evaluator) Modules() []*Module {
	out := make([]*Module, 0, len(ev.modules))
	for _, m := range ev.modules {
		if m != nil { // one that cannot be read
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b *Module) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// Uncertain says that what happens now may not happen: under a condition that is
// not known.
func (ev *Evaluator) Uncertain() bool { return ev.level > 0 }

// Defer has f called when the program has run to its end.
func (ev *Evaluator) Defer(f func()) { ev.deferred = append(ev.deferred, f) }

// Finish calls what was deferred, and what that defers.
func (ev *Evaluator) Finish() {
	for len(ev.deferred) > 0 && !ev.spent {
		f := ev.deferred[0]
		ev.deferred = ev.deferred[1:]
		f()
	}
}

// branch runs f as something that may not happen.
func (ev *Evaluator) branch(f func()) {
	ev.level++
	f()
	ev.level--
}
