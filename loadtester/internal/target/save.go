package target

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// ParseSave reads "name=body.data.token", "name=header.X-CSRF" or
// "name=cookie.sid".
func ParseSave(s string) (Save, error) {
	hint := "write token=body.data.token, csrf=header.X-CSRF-Token or sid=cookie.sid"
	name, from, ok := strings.Cut(s, "=")
	name, from = strings.TrimSpace(name), strings.TrimSpace(from)
	if !ok || name == "" || strings.ContainsAny(name, " {}$") {
		return Save{}, problem.New(hint, "the saved value %q has no name", s)
	}
	kind, path, _ := strings.Cut(from, ".")
	v := Save{Name: name, Path: path}
	switch kind {
	case "body":
		v.From = FromBody
	case "header":
		v.From = FromHeader
	case "cookie":
		v.From = FromCookie
	default:
		return Save{}, problem.New(hint, "the saved value %q comes from neither body, header nor cookie", s)
	}
	if path == "" && v.From != FromBody {
		return Save{}, problem.New(hint, "the saved value %q does not say which %s", s, kind)
	}
	return v, nil
}

// String is "body.data.token", for messages.
func (s Save) String() string {
	kind := [...]string{"body", "header", "cookie"}[s.From]
	if s.Path == "" {
		return kind
	}
	return kind + "." + s.Path
}

// find reads the value from a response.
func (s Save) find(header []Field, body []byte) (string, bool) {
	switch s.From {
	case FromHeader:
		for _, f := range header {
			if strings.EqualFold(f.Name, s.Path) {
				return f.Value, true
			}
		}
		return "", false
	case FromCookie:
		for _, f := range header {
			pair, _, _ := strings.Cut(f.Value, ";")
			if name, value, ok := strings.Cut(pair, "="); ok && strings.EqualFold(f.Name, "Set-Cookie") && strings.TrimSpace(name) == s.Path {
				return strings.TrimSpace(value), true
			}
		}
		return "", false
	}
	if s.Path == "" {
		return string(body), true
	}
	return jsonAt(body, strings.Split(s.Path, "."))
}

// jsonAt walks a JSON document by names and indices. Objects and arrays at the
// end come as their JSON; null counts as missing.
func jsonAt(body []byte, steps []string) (string, bool) {
	raw := json.RawMessage(body)
	for _, step := range steps {
		raw = bytes.TrimSpace(raw)
		if len(raw) == 0 {
			return "", false
		}
		if raw[0] == '[' {
			var list []json.RawMessage
			k, err := strconv.Atoi(step)
			if err != nil || json.Unmarshal(raw, &list) != nil || k < 0 || k >= len(list) {
				return "", false
			}
			raw = list[k]
			continue
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return "", false
		}
		next, ok := object[step]
		if !ok {
			return "", false
		}
		raw = next
	}
	raw = bytes.TrimSpace(raw)
	var text string
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return "", false
	case json.Unmarshal(raw, &text) == nil:
		return text, true
	}
	return string(raw), json.Valid(raw)
}
