// Command traffic makes requests of an application as a mapper for Go does: main.mjs
// says how they come. The bookshop and the clinic have it in common.
package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"time"
)

// page is what a request asks for.
type page struct{ limit, offset, id int }

// shop answers requests, by their name.
type shop map[string]func(context.Context, page) error

func pick() string {
	sum := 0.0
	for _, w := range weights {
		sum += w.weight
	}
	at := rand.Float64() * sum
	for _, w := range weights {
		if at -= w.weight; at <= 0 {
			return w.name
		}
	}
	return weights[0].name
}

func chosen() page {
	return page{limit: 6 + rand.IntN(9), offset: rand.IntN(81), id: 1 + rand.IntN(90)}
}

func main() {
	open := mappers[os.Args[1]]
	seconds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	s, err := open(os.Getenv("DATABASE_URL"))
	if err != nil {
		fail(err)
	}
	if len(os.Args) > 3 { // phases
		for _, w := range weights {
			for range int(60 * w.weight) {
				if err := s[w.name](context.Background(), chosen()); err != nil {
					fail(err)
				}
			}
		}
		return
	}
	const rate = 60.0
	stop, err := beside(os.Getenv("DATABASE_URL"))
	if err != nil {
		fail(err)
	}
	defer stop()
	var running sync.WaitGroup
	due, end := time.Now(), time.Now().Add(time.Duration(seconds)*time.Second)
	for due.Before(end) {
		due = due.Add(time.Duration(rand.ExpFloat64() / rate * float64(time.Second)))
		time.Sleep(time.Until(due))
		p, request := chosen(), s[pick()]
		running.Go(func() {
			if err := request(context.Background(), p); err != nil {
				fail(err)
			}
		})
	}
	running.Wait()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
