package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/redact"
)

// shown is SQL as it may be printed. A migration has to hold the passwords of
// roles, user mappings, servers and subscriptions; what is told of it must not.
func shown(sql string) string {
	var out strings.Builder
	scanner, secret := sqltext.NewScanner(sql), false
	for {
		t, more := scanner.Next()
		if !more {
			return out.String()
		}
		text := sql[t.From:t.To]
		switch t.Kind {
		case sqltext.String:
			out.WriteString(shownLiteral(text, secret))
			secret = false
		case sqltext.Word, sqltext.Identifier:
			out.WriteString(text)
			secret = redact.Name(strings.Trim(text, `"`))
		case sqltext.Space, sqltext.Comment:
			out.WriteString(text)
		default:
			out.WriteString(text)
			secret = secret && slices.Contains([]string{"=", "=>", ":=", ":"}, text) // password => 'x'
		}
	}
}

// tag is a dollar quote.
var tag = regexp.MustCompile(`^\$[^$]*\$`)

// shownLiteral is a string constant without its secrets: all of it where it is
// one, the SQL in a dollar quote, and a connection string.
func shownLiteral(text string, secret bool) string {
	quote := tag.FindString(text)
	switch {
	case secret:
		return "'" + redact.Mask + "'"
	case quote != "" && len(text) >= 2*len(quote) && strings.HasSuffix(text, quote):
		return quote + shown(text[len(quote):len(text)-len(quote)]) + quote
	case quote == "" && !strings.Contains(text, "\n"):
		prefix, rest, _ := strings.Cut(text, "'")
		inner, end := strings.CutSuffix(rest, "'")
		if masked := redact.Text(redact.DSN(strings.ReplaceAll(inner, "''", "'"))); end && masked != strings.ReplaceAll(inner, "''", "'") {
			return prefix + "'" + strings.ReplaceAll(masked, "'", "''") + "'"
		}
	}
	return text
}

// shownDifference is a difference as it may be printed. The values of options are
// not quoted, so that nothing after the first secret is safe.
func shownDifference(d catalog.Difference) catalog.Difference {
	switch d.ID.Kind {
	case catalog.KindUserMapping, catalog.KindServer, catalog.KindForeignWrapper, catalog.KindForeignTable, catalog.KindSubscription:
		d.Old, d.New = uptoSecret(d.Old), uptoSecret(d.New)
	default:
		d.Old, d.New = shown(d.Old), shown(d.New)
	}
	return d
}

var option = regexp.MustCompile(`([^\s=,]+)\s*=`)

// uptoSecret is a list of options up to the first that is a secret. A whole
// connection string that is a URL keeps what is no secret.
func uptoSecret(options string) string {
	if strings.Contains(options, "://") {
		options = redact.DSN(options)
	}
	for _, m := range option.FindAllStringSubmatchIndex(options, -1) {
		if redact.Name(options[m[2]:m[3]]) {
			return options[:m[1]] + redact.Mask
		}
	}
	return options
}
