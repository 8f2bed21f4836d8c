package cage

import (
	"fmt"
	"os"
	"runtime"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// What Landlock may grant. Devices, links across folders and ioctl are nobody's
// need.
const (
	readFile  = landlock.AccessFSSet(ll.AccessFSReadFile)
	readTree  = readFile | ll.AccessFSReadDir
	writeTree = readTree | ll.AccessFSWriteFile | ll.AccessFSTruncate | ll.AccessFSRemoveDir | ll.AccessFSRemoveFile |
		ll.AccessFSMakeDir | ll.AccessFSMakeReg | ll.AccessFSMakeSock | ll.AccessFSMakeFifo | ll.AccessFSMakeSym
	runFile = readFile | ll.AccessFSExecute
)

// Enforced are the layers that this machine holds programs with.
func Enforced() []Layer {
	var held []Layer
	abi, err := ll.LandlockGetABIVersion()
	if err != nil {
		abi = 0
	}
	if abi >= 1 {
		held = append(held, Files)
	}
	if abi >= 4 {
		held = append(held, Network)
	}
	if abi >= 6 {
		held = append(held, Signals)
	}
	if filters() {
		held = append(held, Sockets)
	}
	return held
}

// filters tells whether socket calls can be filtered here: by the numbers of the
// architectures that have one call for each.
func filters() bool {
	return (runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64") && seccomp.Supported()
}

// enter restricts the calling thread, for good.
func (r Rules) enter() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("restricting a program: no_new_privs: %w", err)
	}
	fd, flags, err := landlock.V7.BestEffort().NewRulesetFD(r.landlock()...)
	if err != nil {
		return fmt.Errorf("restricting a program: Landlock: %w", err)
	}
	if fd >= 0 {
		err := ll.LandlockRestrictSelf(fd, flags)
		unix.Close(fd)
		if err != nil {
			return fmt.Errorf("restricting a program: Landlock: %w", err)
		}
	}
	if !filters() {
		return nil
	}
	if err := seccomp.LoadFilter(seccomp.Filter{Policy: r.filter()}); err != nil {
		return fmt.Errorf("restricting a program: %w", err)
	}
	return nil
}

// landlock are the rules as Landlock has them.
func (r Rules) landlock() []landlock.Rule {
	rules := []landlock.Rule{
		landlock.PathAccess(readFile|ll.AccessFSWriteFile, os.DevNull),
		landlock.PathAccess(readFile, "/dev/urandom", "/dev/random", "/dev/zero").IgnoreIfMissing(),
	}
	for _, path := range r.Read {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir():
			rules = append(rules, landlock.PathAccess(readTree, path).IgnoreIfMissing())
		default:
			rules = append(rules, landlock.PathAccess(readFile, path).IgnoreIfMissing())
		}
	}
	for _, path := range r.Write {
		rules = append(rules, landlock.PathAccess(writeTree, path))
	}
	for _, path := range r.Run {
		rules = append(rules, landlock.PathAccess(runFile, path).IgnoreIfMissing())
	}
	if r.Listen != 0 {
		rules = append(rules, landlock.BindTCP(uint16(r.Listen)))
	}
	return rules
}

// refused are calls that a database server never makes, and with which a program
// would look into others or get around the rules.
var refused = []string{
	"sendmsg", "sendmmsg", "io_uring_setup", "io_uring_enter", "io_uring_register", "ptrace", "process_vm_readv", "process_vm_writev",
	"pidfd_getfd", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "bpf", "perf_event_open", "userfaultfd",
	"add_key", "request_key", "keyctl", "open_by_handle_at", "kexec_load", "init_module", "finit_module",
}

// The lengths of the addresses of IPv4 and IPv6. That of a socket in the file
// system is longer.
const (
	sizeIPv4 = unix.SizeofSockaddrInet4
	sizeIPv6 = unix.SizeofSockaddrInet6
)

// filter refuses every connection, and sockets of other families. What a server
// must do (listen, accept, send on a connection) is left.
func (r Rules) filter() seccomp.Policy {
	type is = seccomp.Condition
	not := func(argument uint32, values ...uint64) (all seccomp.ArgumentConditions) {
		for _, v := range values {
			all = append(all, is{Argument: argument, Operation: seccomp.NotEqual, Value: v})
		}
		return all
	}
	families := []uint64{unix.AF_UNIX}
	if r.Listen != 0 || r.Datagrams {
		families = append(families, unix.AF_INET, unix.AF_INET6)
	}
	names := refused
	conditions := []seccomp.NameWithConditions{
		{Name: "socket", Conditions: not(0, families...)},
		{Name: "sendto", Conditions: not(4, 0)}, // an address
	}
	if r.Datagrams {
		conditions = append(conditions, seccomp.NameWithConditions{Name: "connect", Conditions: not(2, sizeIPv4, sizeIPv6)})
		if r.Listen == 0 {
			stream := is{Argument: 1, Operation: seccomp.BitsSet, Value: unix.SOCK_STREAM}
			conditions = append(conditions, seccomp.NameWithConditions{Name: "socket", Conditions: append(not(0, unix.AF_UNIX), stream)})
		}
	} else {
		names = append([]string{"connect"}, refused...)
	}
	refuse := seccomp.ActionErrno | seccomp.Action(unix.EACCES)
	return seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{
		{Action: refuse, Names: names, NamesWithCondtions: conditions},
	}}
}
