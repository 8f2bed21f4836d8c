package cli

import (
	"encoding/json"

	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
	"github.com/seniorbackend/tools/shared/problem"
)

// memory is what a project remembers of the last run: what was asked, and the names
// that its code has. It stands in the manifest.
type memory struct {
	Options options `json:"options"`
	// Document is where the copy of the document stands; see record.
	Document string `json:"document,omitempty"`
	tsgen.Memory
}

// options are the flags that say what a project is. A run that does not name one
// takes it from the last.
type options struct {
	Framework string  `json:"framework,omitempty"`
	RoutesBy  string  `json:"routes_by,omitempty"`
	Int64     string  `json:"int64,omitempty"`
	Validator string  `json:"validator,omitempty"`
	ReadOnly  string  `json:"read_only,omitempty"`
	BasePath  *string `json:"base_path,omitempty"`
	// Embedded: the API was generated into an application that was there.
	Embedded bool `json:"embedded,omitempty"`
	// Database is there where the project was made from one.
	Database *databaseOptions `json:"database,omitempty"`
}

// recall is what a project remembers; known is false where it is none yet.
func recall(dir string) (m memory, known bool, err error) {
	data, err := tree.Recall(dir)
	if err != nil || data == nil {
		return m, false, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, true, problem.Wrap(err, "restore it from version control; or delete it, and use --force once", "%s cannot be read: %v", tree.ManifestName, err)
	}
	return m, true, nil
}

func memoryOf(o options, r record, names tsgen.Memory) memory { return memory{o, r.document, names} }

func remember(plan *tree.Plan, m memory) error {
	data, err := json.Marshal(m)
	if err != nil {
		return problem.Wrap(err, "", "what is to be remembered cannot be written: %v", err)
	}
	plan.Remember(data)
	return nil
}

func (c *generateCmd) remembered() options {
	return options{Framework: c.Framework, RoutesBy: c.RoutesBy, Int64: c.Int64, Validator: c.Validator, ReadOnly: c.ReadOnly, BasePath: c.BasePath, Embedded: c.embedded}
}

// fromMemory fills in what the command line leaves out. A project is not turned into
// one for another framework by mistake: its own files would not fit.
func (c *generateCmd) fromMemory(o options) error {
	if o.Database != nil && !c.Force {
		return problem.New("run scaffolder database, or generate into another directory; --force gives up the data layer", "this project was made from a database")
	}
	if err := keepsFramework(o.Framework, c.Framework, c.Force); err != nil {
		return err
	}
	for _, flag := range []struct {
		value           *string
		last, otherwise string
	}{
		{&c.Framework, o.Framework, "express"}, {&c.RoutesBy, o.RoutesBy, "tag"},
		{&c.Int64, o.Int64, "number"}, {&c.Validator, o.Validator, "generated"},
		{&c.ReadOnly, o.ReadOnly, "ignore"},
	} {
		if *flag.value == "" {
			*flag.value = flag.last
		}
		if *flag.value == "" {
			*flag.value = flag.otherwise
		}
	}
	if c.BasePath == nil {
		c.BasePath = o.BasePath
	}
	return nil
}

func keepsFramework(last, asked string, force bool) error {
	if last == "" || asked == "" || last == asked || force {
		return nil
	}
	return problem.New("leave --framework out to go on with "+last+"; --force generates for "+asked+" over it, and your own files stay as they are",
		"this project was generated for %s, not for %s", last, asked)
}
