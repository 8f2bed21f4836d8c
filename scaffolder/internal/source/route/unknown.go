package route

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// UnknownMethod is the method of an application or router whose name nobody knows: a call
// of it with a path and something behind it is a route, and is told.
func UnknownMethod(self *eval.Object, key eval.Value, at eval.Place) eval.Value {
	return &eval.Native{Name: "[…]", Call: func(c *eval.Call) eval.Value {
		if len(c.Args) > 1 && IsPath(c.Arg(0)) {
			c.Report("unknown-method", c.At, "the method of this route is not known ("+eval.Describe(key)+"); it is left out", "")
		}
		return self
	}}
}

// NoPath tells of a route that is registered without a path, as the program is read.
func NoPath(c *eval.Call) {
	c.Report("unknown-path", c.At, "the path is "+eval.Describe(c.Arg(0))+" here; what it leads to is left out", "")
}
