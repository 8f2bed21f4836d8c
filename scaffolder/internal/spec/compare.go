package spec

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
	"github.com/pb33f/libopenapi/what-changed/model"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Change is a difference between two versions of a document that breaks those
// who call the API.
type Change struct {
	Where string // "GET /users: responses 200", "schema User: properties age"
	What  string // "type changed from string to integer"
	// At is in the new document, or in the old one for what was removed.
	At      api.Position
	Removed bool
}

// Breaking lists the changes from before to after that break callers, in the
// order of the document. Only the root files are compared.
func Breaking(before, after Input) (changes []Change, err error) {
	// The comparison follows every corner of two documents in a library; a
	// panic there is no reason to leave the user without a server.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the documents cannot be compared: %v", r)
		}
	}()
	found, err := compare(before, after)
	if err != nil || found == nil {
		return nil, err
	}
	old, current := placesOf(before), placesOf(after)
	seen := map[string]bool{}
	for _, c := range found.GetAllChanges() {
		if !c.Breaking && !tightens(c) {
			continue
		}
		change := describe(c, old, current)
		if key := change.Where + "\x00" + change.What; !seen[key] {
			seen[key] = true
			changes = append(changes, change)
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), comparePositions(a.At, b.At))
	})
	return changes, nil
}

func compare(before, after Input) (*model.DocumentChanges, error) {
	var documents [2]libopenapi.Document
	for i, in := range []Input{before, after} {
		d, err := libopenapi.NewDocumentWithConfiguration(in.Data, &datamodel.DocumentConfiguration{
			SkipExternalRefResolution:  true,
			ExcludeExtensionRefs:       true,
			SkipCircularReferenceCheck: true,
			SkipJSONConversion:         true,
			Logger:                     slog.New(slog.DiscardHandler),
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
		documents[i] = d
	}
	// An error can come with a comparison; what could be compared is told.
	changes, err := libopenapi.CompareDocuments(documents[0], documents[1])
	if changes != nil {
		err = nil
	}
	return changes, err
}

func describe(c *model.Change, old, current *places) Change {
	change := Change{What: what(c)}
	if ctx := c.Context; ctx != nil {
		switch {
		case ctx.NewLine != nil && c.ChangeType != model.ObjectRemoved && c.ChangeType != model.PropertyRemoved:
			change.At, change.Where = current.find(current.keys, *ctx.NewLine, ctx.NewColumn)
		case ctx.OriginalLine != nil:
			change.Removed = true
			places := old.keys
			if isObject(c) {
				places = old.objects
			}
			change.At, change.Where = old.find(places, *ctx.OriginalLine, ctx.OriginalColumn)
		}
	}
	return change
}

// tightens says that a restriction was added that was not there before.
// libopenapi does not count these as breaking; whoever sent the value does.
func tightens(c *model.Change) bool {
	if c.ChangeType != model.PropertyAdded {
		return false
	}
	switch c.Property {
	case "required":
		return c.New == "true"
	case "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "minItems", "maxItems", "minProperties", "maxProperties":
		return true
	}
	return false
}

// isObject says that a whole object was removed; an operation is a property
// without a text to libopenapi.
func isObject(c *model.Change) bool {
	return c.ChangeType == model.ObjectRemoved || c.ChangeType == model.PropertyRemoved && c.Original == ""
}

func what(c *model.Change) string {
	name := c.Property
	switch c.ChangeType {
	case model.ObjectAdded:
		return "was added"
	case model.ObjectRemoved:
		return "was removed"
	case model.PropertyRemoved:
		if isObject(c) {
			return "was removed"
		}
		return name + " " + short(c.Original) + " was removed"
	case model.PropertyAdded:
		return name + " " + short(c.New) + " was added"
	}
	return fmt.Sprintf("%s changed from %s to %s", name, short(c.Original), short(c.New))
}

// places tells what stands at a line and a column of a document. A mapping in
// block style begins where its first key does, so there are two answers.
type places struct {
	name    string
	objects map[[2]int]string // the outermost
	keys    map[[2]int]string // the innermost
}

func placesOf(in Input) *places {
	p := &places{name: in.Name, objects: map[[2]int]string{}, keys: map[[2]int]string{}}
	if root, err := parse(in.Name, in.Data); err == nil {
		p.collect(root, nil)
	}
	return p
}

func (p *places) collect(y *yaml.Node, path []string) {
	if len(path) > 2*deepest {
		return
	}
	p.note(y, path)
	for i := range y.Content {
		switch {
		case y.Kind == yaml.MappingNode && i%2 == 1:
			inner := append(slices.Clip(path), y.Content[i-1].Value)
			p.note(y.Content[i-1], inner)
			p.collect(y.Content[i], inner)
		case y.Kind == yaml.SequenceNode:
			p.collect(y.Content[i], append(slices.Clip(path), strconv.Itoa(i)))
		}
	}
}

func (p *places) note(y *yaml.Node, path []string) {
	key := [2]int{y.Line, y.Column}
	p.keys[key] = where(path)
	if _, taken := p.objects[key]; !taken {
		p.objects[key] = p.keys[key]
	}
}

func (p *places) find(in map[[2]int]string, line int, column *int) (api.Position, string) {
	at := api.Position{File: p.name, Line: line}
	if column != nil {
		at.Column = *column
	}
	return at, in[[2]int{at.Line, at.Column}]
}

// where writes a path in a document as people would say it.
func where(path []string) string {
	var head string
	switch {
	case len(path) >= 3 && path[0] == "paths" && slices.Contains(httpMethods, path[2]):
		head, path = strings.ToUpper(path[2])+" "+path[1], path[3:]
	case len(path) >= 2 && path[0] == "paths":
		head, path = path[1], path[2:]
	case len(path) >= 3 && path[0] == "components":
		head, path = strings.TrimSuffix(path[1], "s")+" "+path[2], path[3:]
	default:
		return strings.Join(path, " ")
	}
	if len(path) == 0 {
		return head
	}
	return head + ": " + strings.Join(path, " ")
}
