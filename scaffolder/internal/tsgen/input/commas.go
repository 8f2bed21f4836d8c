package input

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// ignoresEncoding says that a comma of a list is a delimiter in each form: no value of
// the list holds one, so %2C, which many clients send for every comma, can mean no
// other thing. Where values may hold one, %2C is part of a value, as OpenAPI says.
func ignoresEncoding(p *api.Parameter) bool {
	if p.Explode || p.Content != nil || p.Style != api.StyleForm || p.In != api.InQuery && p.In != api.InCookie {
		return false
	}
	f := FactsOf(p.ValueSchema(), 0)
	return f.Kinds[api.Array] && !f.Kinds[api.Object] && f.items != nil && !holdsCommas(f.items, 0)
}

// holdsCommas says that a text with a comma may pass; in doubt it may.
func holdsCommas(s *api.Schema, depth int) bool {
	switch {
	case s == nil || depth > 16:
		return true
	case s.HasEnum:
		return slices.ContainsFunc(s.Enum, func(v api.Value) bool { return strings.Contains(string(v), ",") })
	case s.Const != "":
		return strings.Contains(string(s.Const), ",")
	case s.Ref != nil && !holdsCommas(s.Ref, depth+1) || noneHolds(s.AnyOf, depth) || noneHolds(s.OneOf, depth):
		return false
	case s.Pattern != "" && !matchesCommas(s.Pattern):
		return false
	case slices.Contains(commaFree, s.Format) && s.Is(api.String):
		return false
	case len(s.Types) == 0:
		return true
	}
	return s.Is(api.String) || s.Is(api.Array) || s.Is(api.Object)
}

// noneHolds says so of variants, where there are any.
func noneHolds(variants []*api.Schema, depth int) bool {
	return len(variants) > 0 && !slices.ContainsFunc(variants, func(v *api.Schema) bool { return holdsCommas(v, depth+1) })
}

// commaFree are formats that are checked, and whose texts have no comma.
var commaFree = []string{"uuid", "date", "date-time", "ipv4", "ipv6"}

// matchesCommas says that a text with a comma may match; in doubt it may.
func matchesCommas(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err != nil || !edge(re, syntax.OpBeginText, 0) || !edge(re, syntax.OpEndText, -1) || takesComma(re)
}

// edge says that each way through a pattern begins (at 0) or ends (at -1) with op.
func edge(re *syntax.Regexp, op syntax.Op, at int) bool {
	switch re.Op {
	case op:
		return true
	case syntax.OpCapture:
		return edge(re.Sub[0], op, at)
	case syntax.OpConcat:
		return edge(re.Sub[(len(re.Sub)+at)%len(re.Sub)], op, at)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !edge(sub, op, at) })
	}
	return false
}

func takesComma(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return slices.Contains(re.Rune, ',')
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= ',' && ',' <= re.Rune[i+1] {
				return true
			}
		}
	}
	return slices.ContainsFunc(re.Sub, takesComma)
}
