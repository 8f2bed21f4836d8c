package api

// API is one document, resolved.
type API struct {
	Title       string
	Version     string // of the API, as its author counts
	Description string

	// Source is the document's file name as the user gave it, "-" for stdin.
	Source string

	// Servers are as in the document, variables replaced by their defaults.
	Servers []Server
	// BasePath is the path that all operations stand under, from the first
	// server: "" or "/v1", never with a slash at the end.
	BasePath string

	Tags       []Tag
	Operations []*Operation
	// Webhooks are requests that the API sends and its user answers. Path
	// holds the webhook's name.
	Webhooks []*Operation

	// Schemas holds every named schema, in the order of the document, then
	// those that only other files or odd places define. Name is unique in it.
	Schemas []*Schema
	// Security holds every scheme that the document defines.
	Security []*SecurityScheme

	// Shared names parts that several operations have, for a document that writes each
	// of them once. It says nothing of what the API does.
	Shared Shared

	Notices []Notice
}

// Shared are names of parts, unique among their kind.
type Shared struct {
	Parameters map[*Parameter]string
	Responses  map[*Response]string
}

// Server is a place where the API is served.
type Server struct {
	URL         string
	Description string
}

// Tag groups operations.
type Tag struct {
	Name        string
	Description string
}

// Position is a place in a document. Line and Column count from 1; 0 is unknown.
type Position struct {
	File   string
	Line   int
	Column int
}

// Notice tells the user of something in the document that is left out, bent, or
// most likely a mistake. It stops nothing.
type Notice struct {
	Rule    string // stable, kebab-case: "unknown-key"
	Warning bool   // worth a look; otherwise for information
	Message string // one line, no full stop
	Hint    string // what to do; may be empty
	At      Position
}
