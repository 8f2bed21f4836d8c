package engine

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// epoll is the poller of Linux. It waits with epoll_pwait2, whose timeout is in
// nanoseconds; where that is missing (before 5.11) a timerfd ends the wait.
type epoll struct {
	fd     int
	event  int // eventfd for wake
	timer  int // timerfd; -1 with epoll_pwait2
	raw    [256]unix.EpollEvent
	events [256]event
}

func newPoller() (poller, error) { return newEpoll(false) }

// newEpoll makes an epoll; old keeps it from using epoll_pwait2.
func newEpoll(old bool) (poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	p := &epoll{fd: fd, event: -1, timer: -1}
	if p.event, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		p.close()
		return nil, os.NewSyscallError("eventfd", err)
	}
	if err = p.add(p.event, wakeToken); err != nil {
		p.close()
		return nil, err
	}
	if _, number := p.pwait2(0); old || number == unix.ENOSYS {
		if p.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
			p.close()
			return nil, os.NewSyscallError("timerfd_create", err)
		}
		if err = p.add(p.timer, wakeToken); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

func (p *epoll) close() {
	for _, fd := range []int{p.timer, p.event, p.fd} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

func (p *epoll) control(op, fd int, token uint64, events uint32) error {
	e := unix.EpollEvent{Events: events, Fd: int32(token), Pad: int32(token >> 32)}
	if err := unix.EpollCtl(p.fd, op, fd, &e); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	return nil
}

// watched is what a connection is watched for: changes of it (edges). By level
// the system would look at each socket once more after its event, which is some
// percent of the cost of a request.
const watched = unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET

// ended are the events of a connection on which nothing more will come.
const ended = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR

func (p *epoll) add(fd int, token uint64) error {
	return p.control(unix.EPOLL_CTL_ADD, fd, token, watched)
}

func (p *epoll) writable(fd int, token uint64, on bool) error {
	events := uint32(watched)
	if on {
		events |= unix.EPOLLOUT
	}
	return p.control(unix.EPOLL_CTL_MOD, fd, token, events)
}

func (p *epoll) remove(fd int) { _ = unix.EpollCtl(p.fd, unix.EPOLL_CTL_DEL, fd, nil) }

func (p *epoll) wake() {
	one := [8]byte{7: 1}
	// It fails only when the counter is full: then a wake-up is under way.
	_, _ = unix.Write(p.event, one[:])
}

// pwait2 waits. RawSyscall keeps the thread for us: going through the scheduler
// costs three times the context switches. The loop never waits longer than
// longestWait, so that the rest of the process is not held up.
func (p *epoll) pwait2(timeout time.Duration) (int, syscall.Errno) {
	t := unix.NsecToTimespec(int64(timeout))
	n, _, number := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.fd), uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(p.raw)),
		uintptr(unsafe.Pointer(&t)), 0, 0)
	return int(n), number
}

// pwait is pwait2 by a timerfd.
func (p *epoll) pwait(timeout time.Duration) (int, syscall.Errno) {
	milliseconds := 0
	if timeout > 0 {
		milliseconds = int(longestWait/time.Millisecond) + 1
		spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(timeout))}
		if err := unix.TimerfdSettime(p.timer, 0, &spec, nil); err != nil {
			milliseconds = 0
		}
	}
	n, _, number := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd), uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(p.raw)),
		uintptr(milliseconds), 0, 0)
	return int(n), number
}

func (p *epoll) wait(timeout time.Duration) []event {
	var n int
	var number syscall.Errno
	if p.timer < 0 {
		n, number = p.pwait2(timeout)
	} else {
		n, number = p.pwait(timeout)
	}
	if number != 0 { // EINTR: a signal of the runtime; it is a wake-up like others
		return nil
	}
	out := p.events[:0]
	for i := range p.raw[:n] {
		e := &p.raw[i]
		token := uint64(uint32(e.Fd)) | uint64(uint32(e.Pad))<<32
		if token == wakeToken {
			var counter [8]byte
			_, _ = unix.Read(p.event, counter[:])
			if p.timer >= 0 {
				_, _ = unix.Read(p.timer, counter[:])
			}
			continue
		}
		out = append(out, event{
			token: token,
			read:  e.Events&(unix.EPOLLIN|ended) != 0,
			end:   e.Events&ended != 0,
			write: e.Events&unix.EPOLLOUT != 0,
		})
	}
	return out
}
