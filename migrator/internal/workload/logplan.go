package workload

import (
	"encoding/json"
	"regexp"
	"strings"
)

// planLine is where the plan begins behind the text of a query.
var planLine = regexp.MustCompile(`(?m)^\s*(?:Query Parameters: .*|[A-Z][A-Za-z ]*(?: (?:on|using) .*)?  \((?:cost|actual|never).*)$`)

// explained reads the query, and the values of its parameters, of a message of
// auto_explain in its text or JSON form; the others (xml, yaml) give "".
func explained(message string) (sql string, values []string) {
	message = strings.TrimSpace(message)
	if strings.HasPrefix(message, "{") {
		var m struct {
			Text       string `json:"Query Text"`
			Parameters string `json:"Query Parameters"`
		}
		if err := json.Unmarshal([]byte(message), &m); err != nil {
			return "", nil
		}
		return strings.TrimSpace(m.Text), parameters("parameters: " + m.Parameters)
	}
	text, ok := strings.CutPrefix(message, "Query Text: ")
	if !ok {
		return "", nil
	}
	if at := planLine.FindStringIndex(text); at != nil {
		if line := strings.TrimSpace(text[at[0]:at[1]]); strings.HasPrefix(line, "Query Parameters: ") {
			values = parameters("parameters: " + strings.TrimPrefix(line, "Query Parameters: "))
		}
		text = text[:at[0]]
	}
	return strings.TrimSuffix(strings.TrimSpace(text), ";"), values
}
