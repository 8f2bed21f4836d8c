package typescript

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"plain":           `'plain'`,
		"it's":            `"it's"`,
		`say "it's"`:      `'say "it\'s"'`,
		"back\\slash":     `'back\\slash'`,
		"a\nb\r\tc":       `'a\nb\r\tc'`,
		"\u2028\u202e":    `'\u2028\u202E'`,
		"</script>${x}`":  "'</script>${x}`'",
		"emoji 🦀 and é":   `'emoji 🦀 and é'`,
		"zero\u200bwidth": `'zero\u200Bwidth'`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestComment(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"one line":              "/** one line */\n",
		"two\nlines":            "/**\n * two\n * lines\n */\n",
		"ends */ evil()":        "/** ends *\\/ evil() */\n",
		"@ts-ignore":            "/** \\@ts-ignore */\n",
		"separator\u2028evil()": "/**\n * separator\n * evil()\n */\n",
	} {
		if got := Comment(0, in); got != want {
			t.Errorf("comment(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzLiterals proves that no text leaves the literal or comment that it is put in.
func FuzzLiterals(f *testing.F) {
	for _, seed := range []string{"", "a", `'"\`, "*/ x /*", "${x}", "`", "\\", "\\u0027", "\r\n\u2028\u2029", "\xff\xfe", "$\\{", "*\\/", "a*", "/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.ToValidUTF8(s, "\uFFFD")
		q := Quote(s)
		if got, ok := unquote(q, rune(q[0])); !ok || (utf8.ValidString(s) && got != want) {
			t.Errorf("quote(%q) = %s reads as %q", s, q, got)
		}
		inner := Template(s)
		if got, ok := unquote("`"+inner+"`", '`'); !ok || (utf8.ValidString(s) && got != want) {
			t.Errorf("template(%q) = %s reads as %q", s, inner, got)
		}
		if opensSubstitution(inner) {
			t.Errorf("template(%q) = %s opens a substitution", s, inner)
		}
		c := Comment(1, s, s)
		if c != "" && (strings.Index(c, "*/") != len(c)-3 || !strings.HasPrefix(c, "  /**")) {
			t.Errorf("comment(%q) ends early: %q", s, c)
		}
		if l := LineComment(s); strings.ContainsAny(l, "\n\r\u2028\u2029") {
			t.Errorf("lineComment(%q) has several lines", s)
		}
	})
}

// unquote reads a literal of JavaScript; ok is false where it ends before its end.
func unquote(s string, q rune) (string, bool) {
	var b strings.Builder
	runes := []rune(s)
	if len(runes) < 2 || runes[0] != q {
		return "", false
	}
	for i := 1; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == q:
			return b.String(), i == len(runes)-1
		case r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029:
			return "", false
		case r == '\\':
			i++
			if i == len(runes) {
				return "", false
			}
			n, text := escape(runes[i:])
			b.WriteString(text)
			i += n
		default:
			b.WriteRune(r)
		}
	}
	return "", false
}

// escape reads what follows a backslash, and says how many more runes it took.
func escape(rest []rune) (int, string) {
	switch rest[0] {
	case 'n':
		return 0, "\n"
	case 'r':
		return 0, "\r"
	case 't':
		return 0, "\t"
	case 'u':
		digits := string(rest[1:min(5, len(rest))])
		n := 4
		if rest[1] == '{' {
			digits, _, _ = strings.Cut(string(rest[2:]), "}")
			n = len(digits) + 2
		}
		code, err := strconv.ParseUint(digits, 16, 32)
		if err != nil {
			return 0, "?"
		}
		return n, string(rune(code))
	}
	return 0, string(rest[0])
}

func opensSubstitution(template string) bool {
	for i := 0; i+1 < len(template); i++ {
		switch {
		case template[i] == '\\':
			i++
		case template[i] == '$' && template[i+1] == '{':
			return true
		}
	}
	return false
}

func TestNumbersKeepNoDigitsThatJavaScriptLoses(t *testing.T) {
	for in, want := range map[string]string{
		"9223372036854775807": "9223372036854776000", "-18014398509481983": "-18014398509481984",
		"9007199254740991": "9007199254740991", "0.1000000000000000055511151231257827": "0.1",
		"1000000000000000000000": "1e21", "1E+5": "1e5", "1.50": "1.5", "-0": "0",
	} {
		if got := Number(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestTypesSayNothingBesideLiterals(t *testing.T) {
	// A text with an apostrophe stands in double quotes, and is a text all the same.
	texts := TextType("'a'").Join(TextType(`"it's"`))
	if got := And([]Type{Atom("number"), NumberType("1").Join(NumberType("-2.5"))}).Text(); got != "1 | -2.5" {
		t.Errorf("numbers are %s", got)
	}
	for _, c := range []struct {
		other Type
		want  string
	}{{texts, `'a' | "it's"`}, {Atom("Name"), "string & Name"}, {TextType("'a'").Or("null"), "string & ('a' | null)"}} {
		if got := And([]Type{Atom("string"), c.other}).Text(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestIntersectionsInUnionsHaveParentheses(t *testing.T) {
	both := And([]Type{Atom("A"), Atom("B")})
	for want, got := range map[string]Type{
		"A & B":                     both.Or(),
		"null | (A & B)":            Atom("null").Join(both),
		"{ a: A & B } | 'x & y'":    Atom("{ a: A & B }").Or("'x & y'"),
		"(A & B) | C":               both.Or("C"),
		"(A & B)[] | Record<A & B>": ListOf(Atom("never").Join(both)).Or("Record<A & B>"),
	} {
		if got.Text() != want {
			t.Errorf("%s, want %s", got.Text(), want)
		}
	}
}
