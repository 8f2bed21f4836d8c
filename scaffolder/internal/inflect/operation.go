package inflect

import (
	"strings"
	"unicode"
)

// OperationName names an operation that has no name of its own by its method and path: listUsers,
// createUser, getUser, updateUser, patchUser, deleteUser for what can be done with
// /users and /users/{id}, listUserPosts for GET /users/{id}/posts. A path that is no
// collection keeps the method's own name: postUsersLogin.
func OperationName(method, path string) string {
	var b strings.Builder
	segments := segmentsOf(path)
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case len(s.parameters) == 0 && last && method == "POST" && s.isPlural():
			b.WriteString(pascal(Singular(s.name)))
		case len(s.parameters) == 1 && s.isPlural():
			b.WriteString(pascal(Singular(s.name)))
		case len(s.parameters) > 0 && s.isPlural():
			b.WriteString(pascal(Singular(s.name)) + by(s.parameters))
		default:
			b.WriteString(pascal(s.name) + by(s.parameters))
		}
	}
	if b.Len() == 0 {
		b.WriteString("Root")
	}
	return verb(method, segments) + b.String()
}

// verb is what an operation does.
func verb(method string, segments []segment) string {
	n := len(segments)
	collection := n > 0 && segments[n-1].isPlural() && len(segments[n-1].parameters) == 0
	switch {
	case method == "GET" && collection:
		return "list"
	case method == "POST" && collection:
		return "create"
	case method == "PUT":
		return "update"
	}
	return strings.ToLower(method)
}

// segment is a part of a path with a name, and the parameters behind it.
type segment struct {
	name       string // "" where the path begins with a parameter
	parameters []string
}

func (s segment) isPlural() bool { return IsPlural(s.name) }

func segmentsOf(path string) []segment {
	var out []segment
	for _, text := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
		if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && strings.Count(text, "{") == 1 {
			if len(out) == 0 {
				out = append(out, segment{})
			}
			out[len(out)-1].parameters = append(out[len(out)-1].parameters, text)
			continue
		}
		out = append(out, segment{name: text})
	}
	return out
}

// by tells apart what the name of a segment does not: ByOwnerAndRepo.
func by(parameters []string) string {
	var out []string
	for _, p := range parameters {
		out = append(out, pascal(p))
	}
	if len(out) == 0 {
		return ""
	}
	return "By" + strings.Join(out, "And")
}

// pascal joins the words of a text, each with a capital.
func pascal(text string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		runes := []rune(word)
		b.WriteString(string(unicode.ToUpper(runes[0])) + string(runes[1:]))
	}
	return b.String()
}
