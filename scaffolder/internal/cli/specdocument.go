package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/reconcile"
	"github.com/seniorbackend/tools/scaffolder/internal/source"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// settled is the API that the document is going to say: what was read, with what the
// project carries where scaffolder generated it, and with what people wrote in the
// document that is there.
func (c *specCmd) settled(s *session, read *source.Result) (*api.API, error) {
	if c.Fresh {
		return read.API, nil
	}
	model := read.API
	carried, err := carriedDocument(read.Root)
	if err != nil {
		return nil, err
	}
	if carried != nil {
		missing := map[string]bool{}
		for _, name := range read.Missing {
			missing[name] = true
		}
		made, err := generatedIn(read.Root, s.info.Short())
		if err != nil {
			return nil, err
		}
		edited, err := made.edit(carried, read)
		if err != nil {
			return nil, err
		}
		model, notices := reconcile.Carried(model, carried, missing, ownRoute)
		c.printNotices(s, append(read.InProject(edited), notices...))
		return model, nil
	}
	standing, err := c.standing(s)
	if err != nil || standing == nil {
		return model, err
	}
	c.printNotices(s, reconcile.Keep(model, standing))
	return model, nil
}

// standing is the document that is there already, at --check or --output; nil where
// there is none.
func (c *specCmd) standing(s *session) (*api.API, error) {
	path := c.Check
	if path == "" {
		path = c.Output
	}
	if path == "-" {
		return nil, nil
	}
	if info, err := os.Stat(path); c.Check == "" && (errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular()) {
		return nil, nil // a device holds no document
	}
	return readDocument(s, path)
}

func readDocument(s *session, path string) (*api.API, error) {
	input, err := spec.Load(path, s.In, spec.Options{})
	if err != nil {
		return nil, err
	}
	return spec.Read(input, spec.Options{Lenient: true})
}

// carriedDocument is the document that a generated project was made from; nil where the
// project is none.
func carriedDocument(root string) (*api.API, error) {
	if _, err := os.Stat(filepath.Join(root, tree.ManifestName)); err != nil {
		return nil, nil
	}
	m, _, err := recall(root)
	if err != nil {
		return nil, err
	}
	m.Options.BasePath = nil // the document's own word counts
	return lastDocument(root, m)
}

// ownRoute says whether an operation is one of those that scaffolder generates around
// the API. They stand below /-/ where the document has paths of their names.
func ownRoute(op *api.Operation) bool {
	if op.Method != "GET" && op.Method != "HEAD" || filepath.Base(op.At.File) != "app.ts" {
		return false
	}
	path := strings.TrimPrefix(op.Path, "/-")
	return path == "/health" || path == "/ready"
}

// check says how a document differs from what the code says, and fails where it does.
func (c *specCmd) check(s *session, read *source.Result, model *api.API) error {
	document, err := readDocument(s, c.Check)
	if err != nil {
		return err
	}
	differences, err := reconcile.Compare(model, document)
	if err != nil {
		return err
	}
	if err := c.report(s, read.Entry, model.Operations, drifted(differences)); err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Fprintf(s.Out, "%s%s\n", place(d.At), d.What)
	}
	if len(differences) > 0 {
		return problem.New("run scaffolder spec with --output "+c.Check, "%s differs from what the code says: %s",
			c.Check, report.Plural(len(differences), "difference", "differences")).Exit(problem.Failed)
	}
	fmt.Fprintf(s.Out, "%s is what the code says: %s\n", c.Check, report.Plural(len(model.Operations), "operation", "operations"))
	return nil
}
