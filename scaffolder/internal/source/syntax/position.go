package syntax

import "fmt"

// A Pos is an offset in bytes from the beginning of a file's source.
type Pos int32

// A Span is a half-open range of a file's source, without the comments and white
// space before it.
type Span struct{ Start, End Pos }

// Range is the span itself. Nodes embed a Span and have the method from it.
func (s Span) Range() Span { return s }

// Contains says whether p lies in the span.
func (s Span) Contains(p Pos) bool { return s.Start <= p && p < s.End }

// A Position is a place as people read it.
type Position struct {
	File   string
	Line   int // from 1
	Column int // from 1, in UTF-16 code units, as editors and the TypeScript compiler count
}

// String is file:line:column.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }
