package api

// Operation is one method on one path.
type Operation struct {
	// ID is unique among the document's operations: the document's
	// operationId, or one made of method and path when it gives none (Named is
	// false then). It is not necessarily an identifier of any language.
	ID    string
	Named bool

	Method      string // "GET", upper case
	Path        string // "/users/{id}" as in the document, below BasePath
	Summary     string
	Description string
	Tags        []string
	Deprecated  bool

	// Parameters are those of the path item and of the operation, the
	// operation's winning where both have the same name and place.
	Parameters []*Parameter
	Body       *Body // nil: none
	Responses  []*Response

	// Security lists alternatives, one of which must be met; each asks for all
	// of its schemes. Empty: anybody may call. An alternative without schemes:
	// anybody may call, and credentials are looked at where they are given.
	Security []Requirement

	// Confidence is how sure what was read of code is, part by part; nil: nobody asked.
	Confidence []Confidence
	// RateLimit is from x-rate-limit; nil: the server's general limit.
	RateLimit *RateLimit

	// Callbacks are requests that the server sends because of this operation.
	// Path holds the run-time expression.
	Callbacks []*Operation

	At Position
}

// Confidence is how sure a part of an operation is.
type Confidence struct {
	What  string // "path", "query parameter page"
	Level string // "high", "medium", "low"
}

// RateLimit allows Limit requests in each window of Seconds, per client.
type RateLimit struct {
	Limit   int
	Seconds int
}

// In is where a parameter stands in a request.
type In string

const (
	InPath   In = "path"
	InQuery  In = "query"
	InHeader In = "header"
	InCookie In = "cookie"
	// InQueryString is the whole query string as one value (OpenAPI 3.2).
	InQueryString In = "querystring"
)

// Style is how a value that is not a single string is written in a parameter.
type Style string

const (
	StyleSimple         Style = "simple"
	StyleLabel          Style = "label"
	StyleMatrix         Style = "matrix"
	StyleForm           Style = "form"
	StyleSpaceDelimited Style = "spaceDelimited"
	StylePipeDelimited  Style = "pipeDelimited"
	StyleDeepObject     Style = "deepObject"
	// StyleCookie is form without percent-encoding (OpenAPI 3.2).
	StyleCookie Style = "cookie"
)

// Parameter is a value outside the body.
type Parameter struct {
	Name        string
	In          In
	Description string
	Required    bool
	Deprecated  bool

	// Style, Explode, AllowReserved and AllowEmpty hold defaults too. They say
	// nothing where Content is set.
	Style         Style
	Explode       bool
	AllowReserved bool
	AllowEmpty    bool // an empty query value passes

	// Exactly one of Schema and Content is set. Content: the value is one
	// document of that media type (JSON in a query parameter).
	Schema  *Schema
	Content *Media

	Example Value // of the parameter itself; "" when there is none
	At      Position
}

// ValueSchema is the schema of the value, wherever it stands; one that passes
// everything where the document gives none.
func (p *Parameter) ValueSchema() *Schema {
	switch {
	case p.Schema != nil:
		return p.Schema
	case p.Content != nil && p.Content.Schema != nil:
		return p.Content.Schema
	}
	return &Schema{}
}

// Body is what a request carries.
type Body struct {
	Description string
	Required    bool
	Content     []*Media // by media type, in the order of the document
	At          Position
}

// Media is a body or a response in one media type.
type Media struct {
	Type string // "application/json", "image/*", in lower case, parameters kept
	// Schema is nil where the document gives none: anything passes.
	Schema *Schema
	// ItemSchema is each item of a sequential type: jsonl, event-stream (3.2).
	ItemSchema *Schema
	Encoding   []*Encoding
	Examples   []Example
	At         Position
}

// Encoding is how one property is written in a form or multipart body.
type Encoding struct {
	Property     string
	ContentTypes []string // allowed types of the part; empty: by its schema
	Headers      []*Header
	// Style is "" where the document does not say: then ContentTypes rules.
	Style         Style
	Explode       bool
	AllowReserved bool
}

// Example is a value that the document shows.
type Example struct {
	Name    string
	Summary string
	Value   Value
}

// Response is an answer for one status.
type Response struct {
	Status      string // "200", "4XX" (upper case), "default"
	Description string
	Headers     []*Header
	Content     []*Media
	At          Position
}

// Header is a header of a response or of a part.
type Header struct {
	Name        string
	Description string
	Required    bool
	Deprecated  bool
	Explode     bool
	Schema      *Schema // or Content
	Content     *Media
	Example     Value
}
