package tree

// Owner is who a generated file belongs to.
type Owner string

const (
	// Tool owns it: each run writes it anew, and nobody else may edit it.
	Tool Owner = "tool"
	// User owns it: written once; afterwards only stubs are appended.
	User Owner = "user"
)

// File is a file that a generator wants to stand in the output directory.
type File struct {
	// Path is relative to the output directory, with slashes.
	Path    string
	Content []byte
	Owner   Owner
	// Stubs are the parts of a user-owned file that may be appended where the
	// file already exists and its text does not have their symbol.
	Stubs []Stub
	// Record marks a tool-owned file that says how the others came about. That
	// it is not the latest is no drift.
	Record bool
}

// Stub is one top-level declaration of a user-owned file.
type Stub struct {
	Symbol string // the identifier that it declares
	Text   string // with a line break at the end
	// Imports are lines that the file must have, above the declaration: those that it
	// lacks are put below its last import when the stub is appended.
	Imports []string
}
