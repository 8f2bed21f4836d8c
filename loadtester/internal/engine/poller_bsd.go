//go:build darwin || freebsd

package engine

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// bsdKernel is kevent(2) of this system.
type bsdKernel struct {
	fd  int
	raw [256]unix.Kevent_t
}

func newPoller() (poller, error) {
	fd, err := unix.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	unix.CloseOnExec(fd)
	return newKqueue(&bsdKernel{fd: fd})
}

func (b *bsdKernel) close() { _ = unix.Close(b.fd) }

func (b *bsdKernel) change(c kevent) error {
	filter := [...]int{kRead: unix.EVFILT_READ, kWrite: unix.EVFILT_WRITE, kUser: unix.EVFILT_USER}[c.filter]
	flags := [...]int{kAdd: unix.EV_ADD, kDelete: unix.EV_DELETE, kTrigger: 0}[c.action]
	if c.filter == kUser && c.action == kAdd {
		flags |= unix.EV_CLEAR
	}
	var k unix.Kevent_t
	unix.SetKevent(&k, c.ident, filter, flags)
	if c.action == kTrigger {
		k.Fflags = unix.NOTE_TRIGGER
	}
	if _, err := unix.Kevent(b.fd, []unix.Kevent_t{k}, nil, nil); err != nil {
		return os.NewSyscallError("kevent", err)
	}
	return nil
}

func (b *bsdKernel) wait(timeout time.Duration, events []kevent) int {
	t := unix.NsecToTimespec(int64(timeout))
	n, err := unix.Kevent(b.fd, nil, b.raw[:min(len(b.raw), len(events))], &t)
	if err != nil { // a signal: a wake-up like others
		return 0
	}
	for i := range b.raw[:n] {
		k := &b.raw[i]
		filter := kUser
		switch k.Filter {
		case unix.EVFILT_READ:
			filter = kRead
		case unix.EVFILT_WRITE:
			filter = kWrite
		}
		events[i] = kevent{ident: int(k.Ident), filter: filter, eof: k.Flags&unix.EV_EOF != 0}
	}
	return n
}
