//go:build !(linux || darwin || freebsd)

package engine

import "context"

// loopsHere says whether there are event loops on this system.
const loopsHere = false

func newLoops(_ context.Context, r *run) (path, error) { return newClassic(r), nil }
