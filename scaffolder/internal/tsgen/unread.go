package tsgen

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/security"
)

// unread says, once for each media type, that bodies are handed to handlers, and answers
// taken from them, as text or bytes: their schemas judge nothing.
func unread(a *api.API) []api.Notice {
	n := &unreadNotices{told: map[string]bool{}}
	for _, op := range a.Operations {
		n.rivals(op)
		if op.Body != nil {
			for _, m := range op.Body.Content {
				n.body(m)
			}
		}
		for _, r := range op.Responses {
			for _, m := range r.Content {
				n.answer(m)
			}
		}
	}
	return n.list
}

type unreadNotices struct {
	told map[string]bool
	list []api.Notice
}

func (n *unreadNotices) tell(m *api.Media, rule, hint, message string) {
	if key := rule + " " + m.Type; !n.told[key] {
		n.told[key] = true
		n.list = append(n.list, api.Notice{Rule: rule, At: m.At, Message: message, Hint: hint})
	}
}

// rivals says that nobody can call an operation by a requirement: one header cannot hold both.
func (n *unreadNotices) rivals(op *api.Operation) {
	for _, requirement := range op.Security {
		first, second := security.Rivals(requirement)
		if first == nil {
			continue
		}
		message := fmt.Sprintf("no request can show both %q and %q: each is the header Authorization", first.Name, second.Name)
		if !n.told[message] {
			n.told[message] = true
			n.list = append(n.list, api.Notice{
				Rule: "security-rivals", At: op.At, Message: message,
				Hint: "where one of them is enough, write them as two items of security",
			})
		}
	}
}

func (n *unreadNotices) body(m *api.Media) {
	if as := carriedAs(m); as != "" {
		n.tell(m, "body-as-"+as, "take application/json where the schema shall be kept",
			fmt.Sprintf("bodies of %s reach handlers as %s: their schemas are not looked at", m.Type, as))
	}
	var headers []string
	for _, e := range m.Encoding {
		for _, h := range e.Headers {
			headers = append(headers, fmt.Sprintf("%s of %q", h.Name, e.Property))
		}
	}
	if len(headers) > 0 {
		n.tell(m, "part-headers", "send the value as a part or a property of its own",
			"headers of parts do not reach handlers, and are not looked at: "+strings.Join(headers, ", "))
	}
}

func (n *unreadNotices) answer(m *api.Media) {
	as := carriedAs(m)
	switch m.Kind() {
	case api.Form:
		as = "text"
	case api.Multipart:
		as = "bytes"
	}
	switch {
	case m.IsSequence():
	case m.ItemSchema != nil:
		n.tell(m, "stream", "", fmt.Sprintf("answers of %s are sent as handlers give them: itemSchema is not looked at", m.Type))
	case as != "":
		n.tell(m, "answer-as-"+as, "", fmt.Sprintf("answers of %s are sent as handlers give them, as %s: their schemas are not looked at", m.Type, as))
	}
}

// carriedAs is what a body is to its handler where the schema judges nothing: text or
// bytes. It is "" where there is nothing to judge, too.
func carriedAs(m *api.Media) string {
	if m.ItemSchema == nil && (m.Schema.IsAny() || m.Schema.Target().Is(api.String)) {
		return ""
	}
	switch m.Kind() {
	case api.PlainText:
		if input.IsScalarText(m) {
			return ""
		}
		return "text"
	case api.Binary:
		return "bytes"
	}
	return ""
}
