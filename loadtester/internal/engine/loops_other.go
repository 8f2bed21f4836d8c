//go:build !(linux || darwin || freebsd)

package engine

// loopsHere says whether there are event loops on this system.
const loopsHere = false

func newLoops(r *run) (path, error) { return newClassic(r), nil }
