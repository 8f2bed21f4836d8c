package eval

// convertGlobal is a function that makes one type of another. A host hears of it.
func convertGlobal(name string) Value {
	members := NewObject()
	if name == "Number" {
		for _, m := range []string{"parseInt", "parseFloat", "isInteger", "isNaN", "isFinite", "isSafeInteger"} {
			members.Put(m, convertGlobal(m))
		}
		members.Put("MAX_SAFE_INTEGER", Number(1<<53-1))
	}
	return &Native{Name: name, Members: members, Call: func(c *Call) Value {
		v := c.Arg(0)
		if h, ok := hostOf[ConvertHost](v); ok {
			return h.Converted(name, v)
		}
		switch name {
		case "String":
			if s, ok := knownText(v); ok {
				return String(s)
			}
			return v
		case "Number", "parseInt", "parseFloat":
			if len(c.Args) == 0 {
				return Number(0)
			}
			return toNumber(v, c.At)
		case "Boolean":
			if truth, ok := Truth(v); ok {
				return Bool(truth)
			}
		case "encodeURIComponent", "decodeURIComponent":
			return v
		}
		return Unknown(name, c.At)
	}}
}

// ConvertHost is a Host that wants to know what its object is converted to.
type ConvertHost interface {
	Host
	// Converted is the converted value; by is the function: Number, parseInt, String, …
	Converted(by string, self Value) Value
}
