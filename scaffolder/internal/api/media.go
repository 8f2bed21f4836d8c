package api

import "strings"

// MediaKind is how a body of a media type is read and written.
type MediaKind string

const (
	JSON      MediaKind = "json"
	Form      MediaKind = "form" // application/x-www-form-urlencoded
	Multipart MediaKind = "multipart"
	PlainText MediaKind = "text"
	Binary    MediaKind = "binary" // whatever else there is
)

// Kind is how a body of the type is read and written.
func (m *Media) Kind() MediaKind {
	t, _, _ := strings.Cut(m.Type, ";")
	t = strings.TrimSpace(t)
	switch {
	case (t == "*/*" || t == "application/*") && m.Schema.Target().IsBytes():
		return Binary
	case t == "application/json" || strings.HasSuffix(t, "+json") || t == "*/*" || t == "application/*" || t == "text/json":
		return JSON
	case t == "application/x-www-form-urlencoded":
		return Form
	case t == "multipart/form-data":
		return Multipart
	case strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+xml") || t == "application/xml" ||
		t == "application/x-ndjson" || t == "application/jsonl" || t == "application/yaml" || t == "application/graphql":
		return PlainText
	}
	return Binary
}

// IsSequence says that an answer is items behind each other whose schema is known: lines
// or records of JSON, or events. Parts of multipart/mixed are none that are written here.
func (m *Media) IsSequence() bool {
	if m.ItemSchema == nil {
		return false
	}
	t, _, _ := strings.Cut(m.Type, ";")
	switch t = strings.TrimSpace(t); t {
	case "application/jsonl", "application/x-ndjson", "application/x-jsonlines", "application/json-seq", "text/event-stream":
		return true
	}
	return strings.HasSuffix(t, "+json-seq") || strings.HasSuffix(t, "+jsonl")
}

// IsBytes says that a value is a string that holds bytes. It looks at no reference.
func (s *Schema) IsBytes() bool {
	if s == nil {
		return false
	}
	if s.Format == "binary" || s.ContentEncoding == "binary" {
		return true
	}
	as := Media{Type: s.ContentMediaType}
	return s.ContentMediaType != "" && s.ContentEncoding == "" && as.Kind() == Binary
}

// IsJSON says that a media type is JSON, and no range that JSON is within.
func IsJSON(mediaType string) bool {
	as := Media{Type: mediaType}
	return as.Kind() == JSON && !strings.Contains(mediaType, "*")
}
