// Package cage runs a program so that the operating system holds it: it reads
// only what it is shown, writes only where it is told, executes nothing but
// itself, reaches no network and no other program's socket, signals nobody
// outside, and sees nothing of our environment.
//
// Its data come from whoever starts a program (package scratch: PostgreSQL's
// programs, which run other people's SQL); they go to the kernel. On Linux the
// rules are Landlock's, as far as the kernel has it (files since 5.13, TCP since
// 6.7, signals since 6.12), and a seccomp filter's (sockets). Elsewhere nothing is
// enforced, and Enforced says so: there the roles inside PostgreSQL are the
// only layer.
//
// Landlock and seccomp hold for a thread and for all that it starts. So a
// program is started from a thread that was restricted for it, and that ends
// with it: we need not be executed a second time to become the program.
package cage
