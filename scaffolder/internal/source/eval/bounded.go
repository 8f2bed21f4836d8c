package eval

// Steps bound how much a program does; these bound how much one step can make, since what
// doubles in a loop is too large for any memory after some forty rounds.
const (
	longestText  = 1 << 20 // bytes
	mostElements = 50_000
)

// bounded is a value that is not too large: of a long text nothing is known, and of a
// long array its beginning.
func (ev *Evaluator) bounded(v Value, at Place) Value {
	switch x := v.(type) {
	case String:
		if len(x) > longestText {
			return Unknown("a long text", at)
		}
	case *Array:
		if len(x.Elements) > mostElements {
			x.Elements, x.Open = x.Elements[:mostElements:mostElements], true
		}
	}
	return v
}

// counted counts what a function of the language, or of a library, has made.
func (ev *Evaluator) counted(v Value) {
	switch x := v.(type) {
	case String:
		ev.makes(sizeElement + len(x))
	case *Array:
		ev.copies(len(x.Elements), sizeElement)
	case *Object, *Term:
		ev.makes(sizeObject)
	}
}
