package restapi

import (
	"strings"
	"unicode"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// narrowFolded reads upper(x) = 'A' and lower(x) IN ('a', 'b') as a pattern of both
// cases; blanks is what may follow. What other characters become the locale says:
// texts with any of them are left to the server.
func narrowFolded(s *api.Schema, e *expression, column, blanks string) {
	if s.HasEnum || s.Pattern != "" || len(e.args) != 2 {
		return
	}
	call := e.args[0]
	if call.op != "call" || call.value != "upper" && call.value != "lower" || len(call.args) != 1 || !isColumn(call.args[0], column, false) {
		return
	}
	texts := []*expression{e.args[1]}
	switch {
	case e.op == "any" && e.value == "=" && e.args[1].op == "array":
		texts = e.args[1].args
	case e.op != "=":
		return
	}
	var choices []string
	for _, each := range texts {
		if each.op != "text" {
			return
		}
		choice, ok := bothCases(strings.TrimRight(each.value, blanks))
		if !ok {
			return
		}
		choices = append(choices, choice)
	}
	narrowPattern(s, "^(?:"+strings.Join(choices, "|")+")"+blanks+`$|[^\x00-\x7f]`)
}

// bothCases is a pattern of the texts that a text of ASCII is a case of.
func bothCases(text string) (string, bool) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r > unicode.MaxASCII:
			return "", false
		case unicode.IsLetter(r):
			b.WriteString("[" + string(unicode.ToLower(r)) + string(unicode.ToUpper(r)) + "]")
		default:
			b.WriteString(escaped(r))
		}
	}
	return b.String(), true
}
