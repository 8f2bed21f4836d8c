package main

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// drain prints in nanoseconds what one answer costs the frozen server when its
// freeze is over and there is nobody to read: the same thread, the same code, and
// as many connections, whose other ends lie idle. What a server with a client
// needs beyond that, the client may have to answer for.
func drain(args []string) error {
	flags := flag.NewFlagSet("drain", flag.ContinueOnError)
	connections := flags.Int("connections", 1000, "how many have an answer to get")
	reading := flags.Bool("reading", false, "requests have yet to be read when the freeze ends")
	turns := flags.Int("turns", 5, "how many freezes; the least counts, since other work only adds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	runtime.LockOSThread()
	s := &frozen{stalls: stalls{every: time.Second}}
	if !*reading {
		s.freeze = s.every // all the time: what comes is answered at the next second
	}
	port, err := s.listen()
	if err != nil {
		return err
	}
	ends := make([]int, *connections)
	for i := range ends {
		if ends[i], err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0); err != nil {
			return err
		}
		if err = syscall.Connect(ends[i], &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			return err
		}
	}
	var costs []float64
	for range *turns {
		took, err := s.drain(ends, *reading)
		if err != nil {
			return err
		}
		costs = append(costs, float64(took.Nanoseconds())/float64(len(ends)))
	}
	fmt.Printf("%.0f", slices.Min(costs))
	return nil
}

// drain lets each of the ends ask once, stands still, and says how long the
// answers took.
func (s *frozen) drain(ends []int, reading bool) (time.Duration, error) {
	for i, fd := range ends {
		if _, err := syscall.Write(fd, fmt.Appendf(nil, "GET /%d HTTP/1.1\r\n\r\n", i)); err != nil {
			return 0, err
		}
	}
	s.visits = s.visits[:0]
	begin := time.Now().Add(s.every)
	if !reading {
		for len(s.queue) < len(ends) {
			if err := s.round(); err != nil {
				return 0, err
			}
		}
		begin = s.start.Add(s.queue[0].at)
	}
	time.Sleep(time.Until(begin) - early)
	for time.Now().Before(begin) {
	}
	for s.answerDue(); len(s.visits) < len(ends) || len(s.queue) > 0; s.answerDue() {
		if err := s.round(); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}
