//go:build linux || darwin || freebsd

package engine

import "time"

// kqueue is the poller of the BSDs and macOS, above the system calls: what is
// asked of the kernel, and what its answers mean. It is built on Linux too, where
// the tests put a kernel beneath it that is made of poll(2).
type kqueue struct {
	kernel kevents
	tokens map[int]uint64 // by descriptor
	raw    [256]kevent
	events [256]event
}

// kevents is kevent(2).
type kevents interface {
	// change applies one change, and says at once what is wrong with it.
	change(kevent) error
	// wait fills events with what is there, or comes within timeout. It gives
	// none when a signal ends it.
	wait(timeout time.Duration, events []kevent) int
	close()
}

// kevent is the part of struct kevent that is needed here. Its ident is a
// descriptor, or wakeIdent for kUser.
type kevent struct {
	ident  int
	filter kfilter
	action kaction // of a change
	eof    bool    // of an event: EV_EOF, the other side has closed or the connection has failed
}

type kfilter int

const (
	kRead  kfilter = iota // EVFILT_READ
	kWrite                // EVFILT_WRITE
	kUser                 // EVFILT_USER, cleared when it is told (EV_CLEAR)
)

type kaction int

const (
	kAdd     kaction = iota // EV_ADD
	kDelete                 // EV_DELETE
	kTrigger                // NOTE_TRIGGER
)

// wakeIdent names the user event of wake.
const wakeIdent = 1

// newKqueue makes a poller of a kernel, which it closes.
func newKqueue(k kevents) (poller, error) {
	if err := k.change(kevent{ident: wakeIdent, filter: kUser, action: kAdd}); err != nil {
		k.close()
		return nil, err
	}
	return &kqueue{kernel: k, tokens: map[int]uint64{}}, nil
}

func (p *kqueue) close() { p.kernel.close() }

func (p *kqueue) add(fd int, token uint64) error {
	if err := p.kernel.change(kevent{ident: fd, filter: kRead, action: kAdd}); err != nil {
		return err
	}
	p.tokens[fd] = token
	return nil
}

func (p *kqueue) writable(fd int, _ uint64, on bool) error {
	action := kDelete
	if on {
		action = kAdd
	}
	return p.kernel.change(kevent{ident: fd, filter: kWrite, action: action})
}

func (p *kqueue) remove(fd int) {
	delete(p.tokens, fd)
	_ = p.kernel.change(kevent{ident: fd, filter: kRead, action: kDelete})
	_ = p.kernel.change(kevent{ident: fd, filter: kWrite, action: kDelete}) // fails where it was not watched
}

func (p *kqueue) wake() {
	// The user event is there as long as the poller is.
	_ = p.kernel.change(kevent{ident: wakeIdent, filter: kUser, action: kTrigger})
}

// wait gives an event for each filter that has one: a descriptor that can be both
// read and written comes twice.
func (p *kqueue) wait(timeout time.Duration) []event {
	n := p.kernel.wait(timeout, p.raw[:])
	out := p.events[:0]
	for _, k := range p.raw[:n] {
		token, ok := p.tokens[k.ident]
		if k.filter == kUser || !ok {
			continue
		}
		// With EV_EOF both filters speak; the read one leads to the data before
		// the end and to the error, the write one would only fail.
		out = append(out, event{token: token, read: k.filter == kRead || k.eof, end: k.eof, write: k.filter == kWrite && !k.eof})
	}
	return out
}
