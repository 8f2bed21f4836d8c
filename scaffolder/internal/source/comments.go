package source

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/describe"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/jsdoc"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

// commented adds what @openapi and @swagger comments say to the model. What a comment
// says of an operation counts more than what was read from code; that the operation is
// there, only code says.
func (pr *program) commented(a *api.API) (facts []describe.Fact, problems []eval.Diagnostic) {
	document := jsdoc.New()
	for _, f := range pr.loader.parsed() {
		document.AddFile(f)
	}
	if document.Empty() {
		return nil, pr.commentProblems(document)
	}
	pr.addYAML(document)
	options := spec.Options{Lenient: true}
	text, err := document.YAML(func(text []byte) error {
		_, err := spec.Read(spec.Input{Name: "comment", Data: text}, options)
		return err
	})
	var said *api.API
	if err == nil {
		said, err = spec.Read(spec.Input{Name: "comments", Data: text}, options)
	}
	problems = pr.commentProblems(document)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "\n")
		return nil, append(problems, eval.Diagnostic{Rule: "comments", Message: "what the @openapi comments say together is no OpenAPI: " + message})
	}
	var used []*api.Operation
	for _, c := range said.Operations {
		at := document.Place(c.Method, c.Path)
		op := commentedOperation(a, c, at)
		if op == nil {
			problems = append(problems, eval.Diagnostic{
				Rule: "comment-without-route", At: at,
				Message: "a comment describes " + c.Method + " " + c.Path + ", which the code does not offer",
			})
			continue
		}
		describe.Comment(op, c)
		used = append(used, c)
		facts = append(facts, describe.Fact{Operation: op.Method + " " + op.Path, What: "words, parameters, body and answers", From: "@openapi comment", At: at})
	}
	adopt(a, said, used)
	describe.Tags(a)
	return facts, problems
}

func (pr *program) commentProblems(d *jsdoc.Document) (out []eval.Diagnostic) {
	for _, p := range d.Problems {
		out = append(out, eval.Diagnostic{Rule: "comment", Message: p.Message, At: p.At})
	}
	return out
}

// parsed are the files that were read, by name.
func (l *loader) parsed() (files []*syntax.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.files {
		select {
		case <-f.done:
			if f.file != nil {
				files = append(files, f.file)
			}
		default:
		}
	}
	slices.SortFunc(files, func(a, b *syntax.File) int { return cmp.Compare(a.Name, b.Name) })
	return files
}

// addYAML gives the document the YAML files of the package, at most some hundred: what
// comments refer to often stands there.
func (pr *program) addYAML(d *jsdoc.Document) {
	left := 200
	_ = filepath.WalkDir(pr.project.Package, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return nil // what cannot be listed has no comments' components
		case entry.IsDir():
			if name == "node_modules" || strings.HasPrefix(name, ".") && path != pr.project.Package {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml"):
			return nil
		}
		if left--; left < 0 {
			return filepath.SkipAll
		}
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), "components:") {
			d.AddYAML(path, string(text))
		}
		return nil
	})
}

// commentedOperation is the operation that a comment means: of its path, or of one that
// ends in its path, since comments leave out where routers are mounted; the one whose
// route stands nearest behind the comment.
func commentedOperation(a *api.API, c *api.Operation, at syntax.Position) *api.Operation {
	var best *api.Operation
	bestScore := 0
	for _, op := range a.Operations {
		if op.Method != c.Method {
			continue
		}
		ours, theirs := describe.Shape(op.Path), describe.Shape(c.Path)
		score := 0
		switch {
		case ours == theirs:
			score = 1_000_000
		case strings.HasSuffix(ours, theirs) && strings.HasPrefix(theirs, "/") && theirs != "/":
			score = 10_000
		case strings.HasSuffix(theirs, ours) && ours != "/":
			score = 5_000 // the comment has the base path of the server too
		default:
			continue
		}
		if op.At.File == at.File {
			score += 200_000
			if op.At.Line >= at.Line {
				score += max(0, 100_000-(op.At.Line-at.Line))
			}
		}
		if score > bestScore {
			best, bestScore = op, score
		}
	}
	return best
}

// adopt takes the components that the comments' operations lead to.
func adopt(a, said *api.API, used []*api.Operation) {
	reached := describe.Reached(used)
	taken := map[string]bool{}
	for _, s := range a.Schemas {
		taken[s.Name] = true
	}
	for _, s := range said.Schemas {
		if !reached[s] {
			continue
		}
		name := s.Name
		for i := 2; taken[s.Name]; i++ {
			s.Name = name + strconv.Itoa(i)
		}
		taken[s.Name] = true
		a.Schemas = append(a.Schemas, s)
	}
}
