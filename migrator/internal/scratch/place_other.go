//go:build !linux

package scratch

// memoryFolder: other systems have none that needs no setting up.
const memoryFolder = ""

func memoryFree() int64 { return 0 }
