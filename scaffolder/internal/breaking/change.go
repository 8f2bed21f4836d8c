package breaking

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Audience is who has to follow a change.
type Audience int

const (
	Callers  Audience = iota // those who call the API
	Handlers                 // the functions that answer
)

// Change is a difference between two versions of an API that somebody has to follow.
type Change struct {
	Where string // "GET /users: response 200", "schema User in requests: property age"
	What  string // "type changed from string to integer"
	For   Audience
	// At is in the new document, or in the old one for what was removed.
	At api.Position
}

// place is where something stands in the API, in words.
type place struct {
	head string // "GET /users", "schema User"
	path string // "response 200, property age"; may be empty
	// shared: the head is a schema that requests and answers may use.
	shared bool
	// nested: the path ends in a property, which more names may follow.
	nested bool
}

func (p place) then(step string) place {
	p.nested = false
	if p.path != "" {
		step = p.path + ", " + step
	}
	p.path = step
	return p
}

// found is a change with the direction in which it was seen.
type found struct {
	place place
	what  string
	who   Audience
	in    direction
	at    api.Position
}

// sink collects changes. A schema that both requests and answers use is compared twice;
// what breaks in both is told once.
type sink struct {
	list []*found
	seen map[seenKey]*found
	used map[string]direction // by head of shared places
}

type seenKey struct {
	head, path, what string
	who              Audience
}

func newSink() *sink { return &sink{seen: map[seenKey]*found{}, used: map[string]direction{}} }

func (s *sink) add(p place, who Audience, in direction, at api.Position, what string) {
	key := seenKey{p.head, p.path, what, who}
	if before := s.seen[key]; before != nil {
		before.in |= in
		return
	}
	f := &found{p, what, who, in, at}
	s.seen[key] = f
	s.list = append(s.list, f)
}

// changes are those found, callers' first.
func (s *sink) changes() []Change {
	var out []Change
	for _, f := range s.list {
		where := f.place.head
		if f.place.shared && s.used[f.place.head]&^f.in != 0 {
			where += " " + f.in.words()
		}
		if f.place.path != "" {
			where += ": " + f.place.path
		}
		out = append(out, Change{Where: where, What: f.what, For: f.who, At: f.at})
	}
	slices.SortStableFunc(out, func(a, b Change) int { return int(a.For) - int(b.For) })
	return out
}

// direction is which way a value goes.
type direction int

const (
	request direction = 1 << iota
	answer
)

func (d direction) other() direction { return (request | answer) ^ d }

func (d direction) words() string {
	if d == request {
		return "in requests"
	}
	return "in answers"
}
