package check

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Text is the file: all functions that are asked for, with what they share before
// them, and what all that imports.
func (c *Checks) Text() string {
	functions := c.drain()
	if len(functions) == 0 {
		return ts.EmptyModule
	}
	var b strings.Builder
	b.WriteString(c.file.Imports())
	if c.consts.Len() > 0 {
		b.WriteString("\n" + c.consts.String())
	}
	length := b.Len()
	for _, f := range functions {
		length += len(f) + 1
	}
	b.Grow(length - b.Len()) // ten megabytes of a large API, copied once
	for _, f := range functions {
		b.WriteString("\n")
		b.WriteString(f)
	}
	return b.String()
}

// IsEmpty says that no function was asked for.
func (c *Checks) IsEmpty() bool { return len(c.queue) == 0 }

// ByType is the name of a function that judges a body by its media type: alias is the
// type of all of them. What has no check passes.
func (c *Checks) ByType(name, alias string, media []MediaCheck) string {
	name = c.names.Unique(name)
	c.queue = append(c.queue, func() string {
		c.issues()
		var b strings.Builder
		signature := ts.Cat(ts.Text("export function "+name), ts.Enclosed("(", ts.Softline, []ts.Doc{
			ts.Text("contentType: string"), ts.Text("body: unknown"), ts.Text("issues: Issue[]"),
		}, ")"), ts.Text(": body is "+c.typeOf(alias)+" {"))
		b.WriteString(ts.Render(signature, 0) + "\n  switch (contentType) {\n")
		for _, m := range media {
			check := m.Check
			if check == nil {
				check = ts.Text("true")
			}
			b.WriteString("    case " + ts.Quote(m.Media) + ":\n      return " + ts.Render(ts.Cat(check, ts.Text(";")), 3) + "\n")
		}
		b.WriteString("    default:\n      return " + c.helper("fail") + "(issues, '', 'has an unknown type');\n  }\n}\n")
		return b.String()
	})
	return name
}

// MediaCheck is how the body of one media type is judged.
type MediaCheck struct {
	Media string
	Check ts.Doc // an expression on body; nil where everything passes
}

// Exported is the name of a function of the file that judges a schema.
func (c *Checks) Exported(schema *api.Schema, m declare.Mode, hint string) string {
	s := scope{mode: m, hint: ts.Limit(hint), local: c.locals(), sink: "issues"}
	switch {
	case schema.IsRef():
		return c.ForDecl(c.types.Of(schema.Ref, m, hint))
	case declare.DeservesName(schema):
		return c.ForDecl(c.types.Of(schema, m, hint))
	}
	key := partKey{schema, m}
	if name, there := c.byPart[key]; there {
		return name
	}
	name := c.names.Unique("check" + ts.Limit(hint))
	c.byPart[key] = name
	c.queue = append(c.queue, func() string {
		return c.function("export function "+name, "", schema, s)
	})
	return name
}
