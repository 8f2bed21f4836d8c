// Command traffic makes requests of a bookshop as a mapper for Go does: main.mjs
// says how they come.
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

// weights are those of weights.json.
var weights = []struct {
	name   string
	weight float64
}{
	{"authorsWithBooks", 1.5}, {"booksWithPublisher", 1.5}, {"booksWithReviewCount", 1.5}, {"booksWithTags", 1.5},
	{"authorsWithAwards", 1.5}, {"reviewsWithReader", 1.5},
	{"stores", 1}, {"employeesOfStore", 10}, {"cities", 1}, {"country", 10},
}

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
	open := map[string]func(string) (shop, error){"gorm": gormShop, "bun": bunShop, "ent": entShop}[os.Args[1]]
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
