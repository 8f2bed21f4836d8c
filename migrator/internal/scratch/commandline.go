package scratch

import (
	"os/exec"
	"strconv"
)

// commandLine asks ps, where there is no /proc.
func commandLine(pid int) []byte {
	out, _ := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return out
}
