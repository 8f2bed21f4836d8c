package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// frozen is a server as near to an ideal one as can be: one thread, which does
// nothing but read what has come and answer each request after the same delay, to
// the microsecond. In the last part of each period it is frozen: what comes then
// is answered when the period is over, in order and at once.
type frozen struct {
	stalls

	listener, epoll int
	clients         map[int]*[]byte // what has been read of the next request
	start           time.Time       // of the first request
	visits          []visit
	queue           []answer // in order: each is due later than the one before
	events          [256]syscall.EpollEvent
	buf             [64 << 10]byte
}

// answer is one that has to be given at a moment.
type answer struct {
	at    time.Duration
	fd    int
	visit int
}

// early is how long before an answer is due the server stops sleeping.
const early = 60 * time.Microsecond

func (s *frozen) listen() (port int, err error) {
	runtime.LockOSThread()
	exactSleep()
	if s.listener, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0); err != nil {
		return 0, err
	}
	if err = syscall.Bind(s.listener, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	if err = syscall.Listen(s.listener, 4096); err != nil {
		return 0, err
	}
	at, err := syscall.Getsockname(s.listener)
	if err != nil {
		return 0, err
	}
	if s.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return 0, err
	}
	s.clients = map[int]*[]byte{}
	address, ok := at.(*syscall.SockaddrInet4)
	if !ok {
		return 0, fmt.Errorf("it listens on a %T", at)
	}
	return address.Port, s.watch(s.listener)
}

func (s *frozen) watch(fd int) error {
	return syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

// serve goes on for ever.
func (s *frozen) serve() error {
	for {
		if err := s.round(); err != nil {
			return err
		}
	}
}

// round gives what is due, and takes what has come.
func (s *frozen) round() error {
	s.answerDue()
	n, err := s.wait()
	if err != nil {
		return err
	}
	for _, e := range s.events[:n] {
		if int(e.Fd) == s.listener {
			err = s.accept()
		} else {
			err = s.read(int(e.Fd))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wait gives the events that come before the next answer is due.
func (s *frozen) wait() (int, error) {
	const epollPwait2 = 441
	timeout := syscall.NsecToTimespec(int64(time.Second))
	if len(s.queue) > 0 {
		timeout = syscall.NsecToTimespec(int64(max(s.queue[0].at-time.Since(s.start)-early, 0)))
	}
	n, _, number := syscall.Syscall6(epollPwait2, uintptr(s.epoll), uintptr(unsafe.Pointer(&s.events[0])), uintptr(len(s.events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	switch number {
	case 0:
		return int(n), nil
	case syscall.EINTR:
		return 0, nil
	default:
		return 0, fmt.Errorf("epoll_pwait2: %w", number)
	}
}

func (s *frozen) accept() error {
	for {
		fd, _, err := syscall.Accept4(s.listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		if err == syscall.EAGAIN {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		_ = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
		s.clients[fd] = new([]byte)
		if err := s.watch(fd); err != nil {
			return err
		}
	}
}

// read takes requests, which have no body.
func (s *frozen) read(fd int) error {
	rest, ok := s.clients[fd]
	if !ok {
		return nil
	}
	n, err := syscall.Read(fd, s.buf[:])
	if err == syscall.EAGAIN {
		return nil
	}
	if n <= 0 {
		delete(s.clients, fd)
		return syscall.Close(fd)
	}
	*rest = append(*rest, s.buf[:n]...)
	for {
		head, tail, whole := bytes.Cut(*rest, []byte("\r\n\r\n"))
		if !whole {
			return nil
		}
		path, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("GET /")), []byte(" "))
		if string(path) == "stamps" {
			return s.tell(fd)
		}
		s.visit(fd, string(path))
		*rest = append((*rest)[:0], tail...)
	}
}

// visit notes a request, whose path is its place in the schedule, and when its
// answer is due. Periods begin with the first request, and a freeze is the end of
// one, so that the run begins well.
func (s *frozen) visit(fd int, path string) {
	now := time.Now()
	if s.start.IsZero() {
		s.start = now
	}
	at := now.Sub(s.start)
	number, err := strconv.Atoi(path)
	if err != nil {
		number = len(s.visits)
	}
	for len(s.visits) <= number {
		s.visits = append(s.visits, visit{-1, -1})
	}
	s.visits[number].Came = at
	s.queue = append(s.queue, answer{s.release(at), fd, number})
}

// answerDue gives the answers whose time has come, and what comes due meanwhile.
func (s *frozen) answerDue() {
	for len(s.queue) > 0 {
		next := s.queue[0]
		at := time.Since(s.start)
		if at < next.at {
			return
		}
		s.queue = s.queue[1:]
		s.visits[next.visit].Answered = at
		if s.clients[next.fd] != nil {
			// A client that has gone away is its own affair.
			_, _ = syscall.Write(next.fd, []byte(response))
		}
	}
}

// tell gives the visits, and ends the connection.
func (s *frozen) tell(fd int) error {
	text, err := json.Marshal(s.visits)
	if err != nil {
		return err
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		return err
	}
	text = append(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", len(text)), text...)
	for len(text) > 0 {
		n, err := syscall.Write(fd, text)
		if err != nil {
			break
		}
		text = text[n:]
	}
	delete(s.clients, fd)
	return syscall.Close(fd)
}
