package syntax

// A Diagnostic is a place where the source is no TypeScript or JavaScript, and what
// was wrong or missing there.
type Diagnostic struct {
	Span
	Message string
}
