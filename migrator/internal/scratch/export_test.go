package scratch

import (
	"runtime"

	"github.com/seniorbackend/tools/migrator/internal/cage"
)

// Free are options of a server that the operating system does not hold: what is
// left then are the roles.
func Free(o Options) Options {
	o.hold = func(cage.Rules) func(func() error) error {
		return func(run func() error) error {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			return run()
		}
	}
	return o
}
