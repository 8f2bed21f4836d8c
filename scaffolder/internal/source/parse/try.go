package parse

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/scan"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// maxTries is how many attempts may be under way inside of each other, and wasteLimit
// how many times the length of the source failed attempts may have read in all. Behind
// them nothing is tried any more, which only hostile sources come to.
const (
	maxTries   = 16
	wasteLimit = 8
)

// tries remembers where attempts failed, so that none is made twice: what stands in a
// failed attempt is read again, and its own attempts with it.
type tries struct {
	depth  int
	wasted int // bytes that failed attempts have read
	failed map[attempt]struct{}
}

// An attempt is a way of reading what begins at a place.
type attempt struct {
	at  syntax.Pos
	way way
}

type way uint8

const (
	tryTypeArguments way = iota // f<T>
	tryGenericArrow             // <T>(x) =>
	tryReturnType               // (x): T =>
	tryFunctionType             // (x: T) => U
)

// A place is where the parser stood, to go back to.
type place struct {
	scanner scan.Scanner
	lastEnd syntax.Pos
	context context
	depth   int
}

func (p *parser) save() place { return place{p.Scanner, p.lastEnd, p.context, p.depth} }

func (p *parser) restore(at place) {
	p.Scanner, p.lastEnd, p.context, p.depth = at.scanner, at.lastEnd, at.context, at.depth
}

// peek runs look, which may go on over tokens, and comes back.
func (p *parser) peek(look func() bool) bool {
	at := p.save()
	ok := look()
	p.restore(at)
	return ok
}

// try runs read, and comes back if it fails.
func (p *parser) try(w way, read func() bool) bool {
	key := attempt{p.Start, w}
	if _, failed := p.tries.failed[key]; failed || p.tries.depth >= maxTries ||
		p.tries.wasted > wasteLimit*len(p.Source) {
		return false
	}
	at := p.save()
	p.tries.depth++
	ok := read()
	p.tries.depth--
	if ok {
		return true
	}
	p.tries.wasted += int(p.End - key.at)
	p.restore(at)
	if p.tries.failed == nil {
		p.tries.failed = map[attempt]struct{}{}
	}
	p.tries.failed[key] = struct{}{}
	return false
}

// clean says whether nothing was reported since the parser had n diagnostics.
func (p *parser) clean(n int) bool { return len(p.Diagnostics) == n }
