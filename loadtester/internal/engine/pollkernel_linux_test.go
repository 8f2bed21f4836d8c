package engine

import (
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// pollKernel is kevent(2) made of poll(2), so that kqueue can run where there is
// none. By level, like the filters that kqueue asks for; changes fail where the
// manual says that they fail.
type pollKernel struct {
	watched  map[int]*[2]bool // by descriptor: for reading, for writing
	pipe     int              // eventfd of the user event
	user     bool
	triggers atomic.Int64
}

func newPollKernel() (*pollKernel, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	return &pollKernel{watched: map[int]*[2]bool{}, pipe: fd}, err
}

// kqueueOnPoll is a kqueue over a pollKernel.
func kqueueOnPoll() (poller, error) {
	k, err := newPollKernel()
	if err != nil {
		return nil, err
	}
	return newKqueue(k)
}

func (k *pollKernel) close() { _ = unix.Close(k.pipe) }

func (k *pollKernel) change(c kevent) error {
	switch {
	case c.filter == kUser && c.action == kAdd:
		k.user = true
		return nil
	case c.filter == kUser && c.action == kTrigger: // from any goroutine
		k.triggers.Add(1)
		_, err := unix.Write(k.pipe, []byte{7: 1})
		return err
	case c.filter == kUser:
		return errors.New("the user event is never deleted")
	}
	if _, err := unix.FcntlInt(uintptr(c.ident), unix.F_GETFD, 0); err != nil {
		return err // EBADF
	}
	w := k.watched[c.ident]
	switch c.action {
	case kAdd:
		if w == nil {
			w = new([2]bool)
			k.watched[c.ident] = w
		}
		w[c.filter] = true
	case kDelete:
		if w == nil || !w[c.filter] {
			return unix.ENOENT
		}
		w[c.filter] = false
	default:
		return unix.EINVAL
	}
	return nil
}

func (k *pollKernel) wait(timeout time.Duration, events []kevent) int {
	fds := []unix.PollFd{{Fd: int32(k.pipe), Events: unix.POLLIN}}
	for fd, w := range k.watched {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			delete(k.watched, fd) // closing a descriptor ends its events
			continue
		}
		p := unix.PollFd{Fd: int32(fd)}
		if w[kRead] {
			p.Events |= unix.POLLIN | unix.POLLRDHUP
		}
		if w[kWrite] {
			p.Events |= unix.POLLOUT
		}
		if p.Events != 0 {
			fds = append(fds, p)
		}
	}
	t := unix.NsecToTimespec(int64(timeout))
	if _, err := unix.Ppoll(fds, &t, nil); err != nil {
		return 0
	}
	n := 0
	tell := func(e kevent) {
		if n < len(events) {
			events[n] = e
			n++
		}
	}
	if fds[0].Revents != 0 {
		var counter [8]byte
		_, _ = unix.Read(k.pipe, counter[:])
		tell(kevent{ident: wakeIdent, filter: kUser})
	}
	for _, p := range fds[1:] {
		eof := p.Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
		if p.Events&unix.POLLIN != 0 && (p.Revents&unix.POLLIN != 0 || eof) {
			tell(kevent{ident: int(p.Fd), filter: kRead, eof: eof})
		}
		if p.Events&unix.POLLOUT != 0 && (p.Revents&unix.POLLOUT != 0 || eof) {
			tell(kevent{ident: int(p.Fd), filter: kWrite, eof: p.Revents&(unix.POLLHUP|unix.POLLERR) != 0})
		}
	}
	return n
}
