package e2e

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// outline is a tree as testdata/judge/tree.mjs prints it: what is compared with the
// TypeScript compiler's.
func outline(f *syntax.File) []string {
	o := &outliner{inMember: map[syntax.Node]bool{}}
	for _, s := range f.Statements {
		syntax.Walk(s, o.visit)
	}
	slices.Sort(o.lines)
	return o.lines
}

type outliner struct {
	lines    []string
	inMember map[syntax.Node]bool // functions that a method is written down for, and the word constructor
}

func (o *outliner) add(format string, args ...any) {
	o.lines = append(o.lines, fmt.Sprintf(format, args...))
}

func (o *outliner) put(kind string, n syntax.Node) {
	s := n.Range()
	o.add("%s %d %d", kind, s.Start, s.End)
}

func (o *outliner) visit(n syntax.Node) bool {
	switch x := n.(type) {
	case *syntax.CallExpression:
		callee := x.Callee.Range()
		o.add("call %d %d %d %d %d", x.Start, x.End, len(x.Arguments), callee.Start, callee.End)
	case *syntax.StringLiteral:
		if !o.inMember[x] {
			o.add("string %d %s", x.Start, quote(x.Value))
		}
	case *syntax.Identifier:
		if x.Name != "this" && !o.inMember[x] {
			o.add("name %d %d %s", x.Start, x.End, quote(x.Name))
		}
	case *syntax.PrivateName:
		o.add("name %d %d %s", x.Start, x.End, quote("#"+x.Name))
	case *syntax.BinaryExpression:
		o.add("binary %d %d %s", x.Start, x.End, x.Operator)
	case *syntax.AssignmentExpression:
		o.add("assign %d %d %s", x.Start, x.End, x.Operator)
	case *syntax.TemplateLiteral:
		o.put("template", x)
		o.texts(x.Parts)
	case *syntax.TemplateType:
		o.put("templatetype", x)
		o.texts(x.Parts)
	case *syntax.UpdateExpression:
		if x.Prefix {
			o.put("prefix", x)
		} else {
			o.put("postfix", x)
		}
	case *syntax.Property:
		o.property(x)
	case *syntax.Method:
		o.inMember[x.Function] = true
		if x.Kind == syntax.MethodConstructor {
			o.inMember[x.Key] = true
		}
		o.put("method", x)
	case *syntax.Function:
		if !o.inMember[x] {
			o.put("function", x)
		}
	default:
		if kind := kindOf(n); kind != "" {
			o.put(kind, n)
		}
	}
	return true
}

func (o *outliner) property(x *syntax.Property) {
	switch x.Kind {
	case syntax.PropertyValue, syntax.PropertyShorthand:
		o.put("property", x)
	default:
		o.inMember[x.Value.(*syntax.Function)] = true
		o.put("method", x)
	}
}

func (o *outliner) texts(parts []syntax.TemplatePart) {
	for _, part := range parts {
		if part.Cooked != "" || part.Raw == "" || !strings.Contains(part.Raw, `\`) {
			o.add("text %d %s", part.Start, quote(part.Cooked))
		}
	}
}

// quote writes a string as JSON.stringify does.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			// Half of a surrogate pair: three bytes.
			r, size = 0xd000|rune(s[i+1]&0x3f)<<6|rune(s[i+2]&0x3f), 3
		}
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strings.ContainsRune("\b\f\n\r\t", r):
			b.WriteString(map[rune]string{'\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}[r])
		case r < 0x20 || r >= 0xd800 && r < 0xe000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String() + `"`
}

// kindOf is the name under which a node is compared by its place alone.
func kindOf(n syntax.Node) string {
	switch x := n.(type) {
	case *syntax.NewExpression:
		return "new"
	case *syntax.MemberExpression:
		return "member"
	case *syntax.IndexExpression:
		return "index"
	case *syntax.ArrowFunction:
		return "arrow"
	case *syntax.Class:
		return "class"
	case *syntax.ConditionalExpression:
		return "conditional"
	case *syntax.UnaryExpression:
		return "prefix"
	case *syntax.AwaitExpression:
		return "await"
	case *syntax.YieldExpression:
		return "yield"
	case *syntax.ObjectLiteral:
		return "object"
	case *syntax.ArrayLiteral:
		return "array"
	case *syntax.RegExpLiteral:
		return "regexp"
	case *syntax.TaggedTemplate:
		return "tagged"
	case *syntax.AsExpression:
		return "as"
	case *syntax.SatisfiesExpression:
		return "satisfies"
	case *syntax.NonNullExpression:
		return "nonnull"
	case *syntax.TypeAssertion:
		return "assertion"
	case *syntax.InstantiationExpression:
		return "instantiation"
	case *syntax.ParenthesizedExpression:
		return "paren"
	case *syntax.MetaProperty:
		return "meta"
	case *syntax.SpreadElement:
		return "spread"
	case *syntax.NumberLiteral:
		return "number"
	case *syntax.BigIntLiteral:
		return "bigint"
	case *syntax.JSXElement:
		return "element"
	case *syntax.JSXFragment:
		return "fragment"
	case *syntax.JSXAttribute:
		return "attribute"
	case *syntax.JSXExpression:
		return "container"
	case *syntax.Decorator:
		return "decorator"
	case *syntax.Parameter:
		return "parameter"
	case *syntax.Field:
		return "field"
	case *syntax.TypeParameter:
		return "typeparameter"
	case syntax.Type:
		return kindOfType(x)
	case syntax.Statement:
		return kindOfStatement(x)
	}
	return kindOfPart(n)
}

func kindOfType(t syntax.Type) string {
	switch x := t.(type) {
	case *syntax.TypeReference:
		return "reference"
	case *syntax.UnionType:
		return "union"
	case *syntax.IntersectionType:
		return "intersection"
	case *syntax.FunctionType:
		return "functiontype"
	case *syntax.ObjectType:
		return "objecttype"
	case *syntax.MappedType:
		return "mapped"
	case *syntax.ConditionalType:
		return "condition"
	case *syntax.InferType:
		return "infer"
	case *syntax.IndexedAccessType:
		return "access"
	case *syntax.TypeOperator:
		return "operator"
	case *syntax.TypeQuery:
		if x.Import == nil {
			return "query"
		}
	case *syntax.ParenthesizedType:
		return "parentype"
	case *syntax.TypePredicate:
		return "predicate"
	case *syntax.TupleType:
		return "tuple"
	case *syntax.ArrayType:
		return "arraytype"
	case *syntax.LiteralType:
		return "literaltype"
	}
	return ""
}

func kindOfStatement(s syntax.Statement) string {
	switch s.(type) {
	case *syntax.Block:
		return "block"
	case *syntax.EmptyStatement:
		return "empty"
	case *syntax.ExpressionStatement:
		return "expression"
	case *syntax.IfStatement:
		return "if"
	case *syntax.ForStatement:
		return "for"
	case *syntax.ForInStatement:
		return "forin"
	case *syntax.ForOfStatement:
		return "forof"
	case *syntax.WhileStatement:
		return "while"
	case *syntax.DoStatement:
		return "do"
	case *syntax.ReturnStatement:
		return "return"
	case *syntax.ThrowStatement:
		return "throw"
	case *syntax.TryStatement:
		return "try"
	case *syntax.SwitchStatement:
		return "switch"
	case *syntax.LabeledStatement:
		return "label"
	case *syntax.BreakStatement:
		return "break"
	case *syntax.ContinueStatement:
		return "continue"
	case *syntax.WithStatement:
		return "with"
	case *syntax.ImportDeclaration:
		return "import"
	case *syntax.ImportEquals:
		return "importequals"
	case *syntax.ExportNamed, *syntax.ExportAll:
		return "export"
	case *syntax.ExportDefault, *syntax.ExportAssignment:
		return "assigned"
	case *syntax.InterfaceDeclaration:
		return "interface"
	case *syntax.TypeAlias:
		return "alias"
	case *syntax.EnumDeclaration:
		return "enum"
	case *syntax.ModuleDeclaration:
		return "module"
	}
	return ""
}

func kindOfPart(n syntax.Node) string {
	switch n.(type) {
	case *syntax.SwitchCase:
		return "case"
	case *syntax.VariableDeclaration:
		return "variable"
	case *syntax.ImportSpecifier, *syntax.ExportSpecifier:
		return "specifier"
	case *syntax.EnumMember:
		return "enummember"
	}
	return ""
}
