package scratch

import "syscall"

// dieWithParent has the kernel stop the server when our process is killed. It
// follows the thread that starts the server, which therefore has to live on.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }
