//go:build darwin || freebsd

package engine

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// kqueue is the poller of the BSDs and macOS.
type kqueue struct {
	fd     int
	tokens map[int]uint64 // by descriptor
	raw    [256]unix.Kevent_t
	events [256]event
}

// wakeIdent names the user event of wake.
const wakeIdent = 1

func newPoller() (poller, error) {
	fd, err := unix.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	unix.CloseOnExec(fd)
	p := &kqueue{fd: fd, tokens: map[int]uint64{}}
	if err := p.change(wakeIdent, unix.EVFILT_USER, unix.EV_ADD|unix.EV_CLEAR, 0); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *kqueue) close() { _ = unix.Close(p.fd) }

func (p *kqueue) change(ident, filter, flags int, fflags uint32) error {
	var k unix.Kevent_t
	unix.SetKevent(&k, ident, filter, flags)
	k.Fflags = fflags
	if _, err := unix.Kevent(p.fd, []unix.Kevent_t{k}, nil, nil); err != nil {
		return os.NewSyscallError("kevent", err)
	}
	return nil
}

func (p *kqueue) add(fd int, token uint64) error {
	p.tokens[fd] = token
	return p.change(fd, unix.EVFILT_READ, unix.EV_ADD, 0)
}

func (p *kqueue) writable(fd int, token uint64, on bool) error {
	p.tokens[fd] = token
	flags := unix.EV_DELETE
	if on {
		flags = unix.EV_ADD
	}
	return p.change(fd, unix.EVFILT_WRITE, flags, 0)
}

func (p *kqueue) remove(fd int) {
	delete(p.tokens, fd)
	_ = p.change(fd, unix.EVFILT_READ, unix.EV_DELETE, 0)
	_ = p.change(fd, unix.EVFILT_WRITE, unix.EV_DELETE, 0) // fails where it was not watched
}

func (p *kqueue) wake() { _ = p.change(wakeIdent, unix.EVFILT_USER, 0, unix.NOTE_TRIGGER) }

func (p *kqueue) wait(timeout time.Duration) []event {
	t := unix.NsecToTimespec(int64(timeout))
	n, err := unix.Kevent(p.fd, nil, p.raw[:], &t)
	if err != nil { // a signal: a wake-up like others
		return nil
	}
	out := p.events[:0]
	for i := range p.raw[:n] {
		k := &p.raw[i]
		if k.Filter == unix.EVFILT_USER {
			continue
		}
		token, ok := p.tokens[int(k.Ident)]
		if !ok {
			continue
		}
		out = append(out, event{token: token, read: k.Filter == unix.EVFILT_READ, write: k.Filter == unix.EVFILT_WRITE})
	}
	return out
}
