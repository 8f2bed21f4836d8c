package route

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// parseRegExp makes a pattern of a regular expression that is one in disguise:
// literals and groups, from the beginning to the end. ok is false for all others.
func parseRegExp(r *eval.RegExp) (p Pattern, ok bool) {
	s := strings.TrimPrefix(r.Pattern, "^")
	s = strings.TrimSuffix(s, "$")
	for _, tail := range []string{`(?:\/)?`, `\/?`, `/?`, `(?=\/|$)`} {
		s = strings.TrimSuffix(s, tail)
	}
	names := &pathParser{}
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`/.-_()[]{}*+?|^$:@~`, s[i+1]) >= 0:
			p = append(p, Piece{Literal: s[i+1 : i+2]})
			i += 2
		case c == '(':
			inner := &pathParser{text: s, pos: i + 1}
			body := inner.balanced()
			if inner.pos < len(s) && strings.IndexByte("?*+{", s[inner.pos]) >= 0 {
				return nil, false
			}
			piece, fine := groupPiece(body, names)
			if !fine {
				return nil, false
			}
			p = append(p, piece)
			i = inner.pos
		case c == '.' && i+1 < len(s) && (s[i+1] == '*' || s[i+1] == '+'):
			p = append(p, Piece{Param: names.wildName(), Wild: true})
			i += 2
		case strings.IndexByte(`\[]{}.*+?|^$`, c) >= 0:
			return nil, false
		default:
			p = append(p, Piece{Literal: string(c)})
			i++
		}
		if i < len(s) && strings.IndexByte("?*+{", s[i]) >= 0 {
			return nil, false
		}
	}
	return p.compact(), len(p) > 0
}

func groupPiece(body string, names *pathParser) (Piece, bool) {
	switch {
	case strings.HasPrefix(body, "?<") && !strings.HasPrefix(body, "?<=") && !strings.HasPrefix(body, "?<!"):
		name, rest, ok := strings.Cut(body[2:], ">")
		return Piece{Param: name, Pattern: rest}, ok
	case strings.HasPrefix(body, "?"):
		return Piece{}, false
	case body == ".*" || body == ".+":
		return Piece{Param: names.wildName(), Wild: true}, true
	}
	return Piece{Param: names.wildName(), Pattern: body}, true
}
