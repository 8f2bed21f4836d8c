//go:build unix && !linux

package scratch

import "syscall"

// dieWithParent cannot be had here: the next run stops a server that was left.
func dieWithParent(*syscall.SysProcAttr) {}
