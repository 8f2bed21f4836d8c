package main

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// machine shows what the machine does to a thread that only sleeps until each
// moment of a schedule and looks at the clock: no generator can be more exact
// without polling, and no cheaper.
func (b *bench) machine(rate int) error {
	s, err := b.execute([]string{b.self, "sleep", "-rate", fmt.Sprint(rate), "-duration", b.duration.String()})
	if err != nil {
		return err
	}
	fmt.Printf("  %6d/s: a thread that only sleeps: late by p50 %s; CPU %.0f %% of a core\n", rate, s.out, 100*s.cpu.Seconds()/s.wall.Seconds())
	return nil
}

func sleeper(args []string) error {
	flags := flag.NewFlagSet("sleep", flag.ContinueOnError)
	rate := flags.Int("rate", 1000, "wake-ups per second")
	duration := flags.Duration("duration", time.Second, "how long")
	if err := flags.Parse(args); err != nil {
		return err
	}
	runtime.LockOSThread()
	exactSleep()
	step := time.Second / time.Duration(*rate)
	late := make([]float64, 0, *duration/step)
	start := time.Now()
	for due := step; due < *duration; due += step {
		for {
			left := due - time.Since(start)
			if left <= 0 {
				late = append(late, float64(-left)/1e3)
				break
			}
			t := syscall.NsecToTimespec(int64(left))
			_ = syscall.Nanosleep(&t, nil)
		}
	}
	slices.Sort(late)
	fmt.Printf("%.1f µs, p99 %.1f µs", quantile(late, .5), quantile(late, .99))
	return nil
}
