package typescript

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names hands out identifiers that are unique among themselves.
type Names struct {
	taken map[string]bool
	// Those of functions inside of this file are no names of the file, nor the other
	// way round: a variable would hide what its function calls.
	around *Names
	inside map[string]bool
}

func NewNames(reserved ...string) *Names {
	n := &Names{taken: map[string]bool{}, inside: map[string]bool{}}
	for _, r := range reserved {
		n.taken[r] = true
	}
	return n
}

// Unique is name, or name with the first free number from 2 behind it.
func (n *Names) Unique(name string) string {
	out := name
	for i := 2; n.isTaken(out); i++ {
		out = fmt.Sprintf("%s%d", name, i)
	}
	n.taken[out] = true
	if n.around != nil {
		n.around.inside[out] = true
	}
	return out
}

// Take reserves a name that was given before.
func (n *Names) Take(name string) { n.taken[name] = true }

func (n *Names) isTaken(name string) bool {
	return n.taken[name] || n.inside[name] || n.around != nil && n.around.taken[name]
}

// Within are the names of a function in a file of such names.
func (n *Names) Within(reserved ...string) *Names {
	inner := NewNames(reserved...)
	inner.around = n
	return inner
}

// Words splits a text at everything that is neither letter nor digit, and before
// capitals, so that list_users, list-users and listUsers are the same words.
func Words(s string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	var last rune
	for _, r := range s {
		switch {
		case !IsNameRune(r):
			flush()
		case unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last)):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
	}
	flush()
	return out
}

// IsNameRune says that a rune can stand in a name: letters and digits of all scripts,
// and the marks that belong to letters.
func IsNameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

// Pascal makes a type name: PetStore, V1Pet, X2.
func Pascal(s string) string {
	var b strings.Builder
	for _, w := range Words(s) {
		b.WriteString(capital(w))
	}
	return startingWithLetter(b.String(), "X")
}

// Camel makes a value name: listUsers, getV1Pets. It is never a reserved word.
func Camel(s string) string {
	ws := Words(s)
	if len(ws) == 0 {
		return "x"
	}
	first := ws[0]
	if strings.ToUpper(first) == first {
		first = strings.ToLower(first)
	} else {
		r, n := utf8.DecodeRuneInString(first)
		first = string(unicode.ToLower(r)) + first[n:]
	}
	var b strings.Builder
	b.WriteString(first)
	for _, w := range ws[1:] {
		b.WriteString(capital(w))
	}
	out := startingWithLetter(b.String(), "x")
	if isReserved(out) {
		out += "_"
	}
	return out
}

// capital is a word with its first letter in upper case, where it has one.
func capital(word string) string {
	r, n := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[n:]
}

// startingWithLetter puts a letter before what cannot begin an identifier.
func startingWithLetter(name, letter string) string {
	if r, _ := utf8.DecodeRuneInString(name); name == "" || !unicode.IsLetter(r) {
		return letter + name
	}
	return name
}

// Kebab makes a file name: user-accounts.
func Kebab(s string) string {
	var out []string
	for _, w := range Words(s) {
		out = append(out, strings.ToLower(w))
	}
	return strings.Join(out, "-")
}

// Plain is a name in the letters that a package of npm or an environment variable can
// have, without what it cannot have: "" of what is all in other scripts.
func Plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return -1
		}
		return r
	}, name)
}

// IsIdentifier says that a property can be written without quotes.
func IsIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r == '$' || r < 0x80 && unicode.IsLetter(r)
		if !letter && (i == 0 || r >= 0x80 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// IsPlainKey says that prettier writes a property without quotes: letters of all
// scripts count.
func IsPlainKey(s string) bool {
	for i, r := range s {
		letter := r == '_' || r == '$' || r < 0x10000 && unicode.IsLetter(r)
		if !letter && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// IsInherited says that every object has a property of that name from its prototype.
func IsInherited(name string) bool {
	switch name {
	case "constructor", "__proto__", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
		"toLocaleString", "toString", "valueOf", "__defineGetter__", "__defineSetter__",
		"__lookupGetter__", "__lookupSetter__":
		return true
	}
	return false
}

// isReserved says that a word may not name a value in a strict module, or that the
// generated code has the name for something else.
func isReserved(word string) bool {
	switch word {
	case "abstract", "any", "arguments", "as", "async", "await", "boolean", "break", "case", "catch",
		"class", "const", "constructor", "continue", "debugger", "declare", "default", "delete", "do",
		"else", "enum", "eval", "export", "extends", "false", "finally", "for", "from", "function", "get",
		"if", "implements", "import", "in", "infer", "instanceof", "interface", "is", "keyof", "let",
		"module", "namespace", "never", "new", "null", "number", "object", "of", "package", "private",
		"protected", "public", "readonly", "require", "return", "set", "static", "string", "super",
		"switch", "symbol", "this", "throw", "true", "try", "type", "typeof", "undefined", "unique",
		"unknown", "var", "void", "while", "with", "yield", "handlers", "operations", "source", "issues",
		"value", "path":
		return true
	}
	return false
}

// PropertyKey is a property as an object literal has it.
func PropertyKey(name string) string {
	switch {
	case name == "__proto__":
		return "['__proto__']"
	case IsPlainKey(name):
		return name
	}
	return Quote(name)
}

// Limit keeps names that were made of a long way through a document readable.
func Limit(name string) string {
	const most = 60
	if len(name) <= most {
		return name
	}
	end := most
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}
