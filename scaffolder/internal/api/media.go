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
	case (t == "*/*" || t == "application/*") && m.Schema.isBytes():
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

// isBytes: the value is a string that is said to hold bytes.
func (s *Schema) isBytes() bool {
	target := s.Target()
	return target != nil && (target.Format == "binary" || target.ContentMediaType == "application/octet-stream" && target.ContentEncoding == "")
}
