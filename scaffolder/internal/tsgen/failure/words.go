package failure

import (
	"slices"
	"strings"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// The names that people give to the properties of errors, without case and separators.
var (
	messageWords = []string{"message", "msg", "detail", "description", "errordescription", "errormessage", "usermessage", "developermessage", "reason", "faultstring", "text"}
	codeWords    = []string{"code", "errorcode", "key", "slug", "errorkey", "errortype", "faultcode"}
	titleWords   = []string{"title", "name", "summary", "label", "statustext"}
	fieldWords   = []string{"field", "property", "name", "path", "param", "parameter", "location", "target", "attribute", "key", "propertyname", "fieldname", "loc", "source", "argument"}
	statusWords  = []string{"status", "statuscode", "httpstatus", "httpstatuscode", "httpcode"}
	idWords      = []string{"id", "requestid", "traceid", "correlationid", "transactionid", "trackingid", "errorid", "logid", "instanceid"}
	timeWords    = []string{"timestamp", "time", "date", "datetime", "occurredat", "createdat"}
	listWords    = []string{"details", "detail", "errors", "violations", "invalidparams", "issues", "fielderrors", "messages", "causes", "validationerrors", "problems", "errormessages", "suberrors", "validation", "innererrors", "invalidparameters"}
	objectWords  = []string{"error", "fault", "problem", "meta", "metadata", "source", "status", "exception", "failure", "errorresponse"}
	failureWords = []string{"success", "ok", "succeeded"}
)

// plain is a name without case and separators.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' || r == '@' || r == '$' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

func isList(name string) bool { return slices.Contains(listWords, name) }

func code(text string, of func(e example, d detail) any) (value, bool) {
	return value{ts.Text(text), of}, true
}

// text is what a property that is a string says.
func (w *writer) text(name, format string, names map[string]bool, in scope) (value, bool) {
	is := func(words []string) bool { return slices.Contains(words, name) }
	switch {
	case is(timeWords):
		if format == "date" {
			return value{}, false
		}
		return code("new Date().toISOString()", func(example, detail) any { return "2026-01-31T12:00:00.000Z" })
	case is(statusWords):
		return code("String(error.status)", func(e example, _ detail) any { return string(e.number()) })
	case name == "type":
		if w.isProblem || names["title"] && names["detail"] || strings.HasPrefix(format, "uri") {
			return code("'about:blank'", func(example, detail) any { return "about:blank" })
		}
		return code("error.code", func(e example, _ detail) any { return e.code })
	}
	if in == inDetail {
		return w.detailText(name, is)
	}
	switch {
	case is(idWords):
		w.asksID = true
		return code("requestId", func(example, detail) any { return requestID })
	case is(messageWords) && name != "detail" || name == "detail" && !names["message"] || name == "error" && !hasMessage(names):
		w.says = true
		return code("error.message", func(e example, _ detail) any { return e.message })
	case is(codeWords) || name == "error":
		return code("error.code", func(e example, _ detail) any { return e.code })
	case is(titleWords):
		w.uses["titleOf"] = true
		return code("titleOf(error)", func(e example, _ detail) any { return e.title })
	case isList(name):
		w.uses["lineOf"] = true
		return code("error.details.map(lineOf).join('; ')", func(e example, _ detail) any {
			var lines []string
			for _, d := range e.details {
				lines = append(lines, d.line())
			}
			return strings.Join(lines, "; ")
		})
	}
	return value{}, false
}

// detailText is that of a detail: the field, what is wrong with it, or what all share.
func (w *writer) detailText(name string, is func(words []string) bool) (value, bool) {
	switch {
	case name == "pointer" || name == "jsonpointer":
		w.field = true
		if w.byCauses { // the error itself has no field
			return code("field === '' ? '' : `/${field}`", func(_ example, d detail) any { return d.pointer() })
		}
		return code("`/${field}`", func(_ example, d detail) any { return d.pointer() })
	case is(messageWords) || name == "error" || name == "issue" || name == "problem":
		w.told = true
		return code("message", func(_ example, d detail) any { return d.message })
	case is(fieldWords):
		w.field = true
		return code("field", func(_ example, d detail) any { return d.field })
	case is(codeWords) || name == "rule":
		return code("error.code", func(e example, _ detail) any { return e.code })
	case is(titleWords):
		w.uses["titleOf"] = true
		return code("titleOf(error)", func(e example, _ detail) any { return e.title })
	}
	return value{}, false
}

func hasMessage(names map[string]bool) bool {
	return slices.ContainsFunc(messageWords, func(word string) bool { return names[word] })
}

// number is what a property that is a number says.
func number(name string) (value, bool) {
	if slices.Contains(statusWords, name) || slices.Contains(codeWords, name) {
		return code("error.status", func(e example, _ detail) any { return e.number() })
	}
	return value{}, false
}

func boolean(name string) (value, bool) {
	switch {
	case slices.Contains(failureWords, name):
		return code("false", func(example, detail) any { return false })
	case name == "error" || name == "failed" || name == "iserror":
		return code("true", func(example, detail) any { return true })
	}
	return value{}, false
}
