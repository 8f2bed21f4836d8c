package edits

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// textOf is a node as it is written, in one line.
func textOf(f *syntax.File, n syntax.Node) string {
	span := n.Range()
	return strings.Join(strings.Fields(f.Source[span.Start:span.End]), " ")
}

// declarations are the interfaces, aliases and functions at the top of a file, by name.
func declarations(f *syntax.File) map[string]syntax.Statement {
	out := map[string]syntax.Statement{}
	for _, s := range f.Statements {
		if name := nameOf(s); name != "" {
			out[name] = s
		}
	}
	return out
}

func nameOf(s syntax.Statement) string {
	switch x := s.(type) {
	case *syntax.InterfaceDeclaration:
		return x.Name.Name
	case *syntax.TypeAlias:
		return x.Name.Name
	case *syntax.Function:
		if x.Name != nil {
			return x.Name.Name
		}
	case *syntax.VariableStatement:
		if id, ok := x.Declarations[0].Target.(*syntax.Identifier); ok {
			return id.Name
		}
	}
	return ""
}

// member is a property of an interface.
type member struct {
	name     string
	optional bool
	field    *syntax.Field
	text     string // of its type
}

func membersOf(f *syntax.File, list []syntax.Member) (out []member, open bool) {
	for _, m := range list {
		switch x := m.(type) {
		case *syntax.Field:
			if name, ok := syntax.KeyName(x.Key); ok && x.Type != nil {
				out = append(out, member{name, x.Optional, x, withoutComments(textOf(f, x.Type))})
			}
		case *syntax.IndexSignature:
			open = true
		}
	}
	return out, open
}

func find(list []member, name string) (member, bool) {
	for _, m := range list {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

// withoutComments takes /* … */ out of a text in one line.
func withoutComments(text string) string {
	for {
		begin := strings.Index(text, "/*")
		end := strings.Index(text, "*/")
		if begin < 0 || end < begin {
			return strings.Join(strings.Fields(text), " ")
		}
		text = text[:begin] + text[end+2:]
	}
}
