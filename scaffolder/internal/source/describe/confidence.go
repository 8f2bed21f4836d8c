package describe

import "strings"

// Confidence says how sure a fact is: "high" where the code cannot mean anything else, or
// somebody has written it down; "medium" where nobody judges what it rests on (types, what
// is sent, guards of the project); "low" where use alone tells.
func (f Fact) Confidence() string {
	switch {
	case f.From == "use":
		return "low"
	case strings.HasSuffix(f.From, maybe), f.From == "type", f.From == "model", f.From == "sent", f.From == "thrown", f.From == "guard", f.From == "multipart middleware":
		return "medium"
	}
	return "high"
}

// maybe stands behind where a path comes from that is registered under a condition which is
// not known.
const maybe = ", under a condition that is not known"
