package check

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Wants is what is asked of the answers, beside what the steps of a chain ask.
type Wants struct {
	Statuses *expect.Statuses // nil: below 400
	Body     *expect.Body     // nil: any
}

// Walk is what was sent, in order, and what came back.
type Walk struct {
	Steps   []Step
	Missing []string // names of the steps that the walk did not come to
	Chain   bool
	Run     result.Run
}

// Step is one request and its answer. It holds no secret.
type Step struct {
	Name     string
	Request  Message
	Answer   *Message // nil: none came
	Status   int      // 0: no answer
	Took     time.Duration
	Saved    []Saved
	Expected []Expectation
}

// Message is a request or an answer: the first line, the header and the body.
type Message struct {
	Line   string
	Header []target.Field
	Body   Body
}

// Saved is a value that a step takes for the later ones.
type Saved struct {
	Name  string
	From  string
	Value string // as it may be shown
	Found bool
}

// Expectation is one thing that was asked of an answer.
type Expectation struct {
	Name string
	Want string
	Got  string
	Pass bool
}

// Run sends n requests of set, or n walks through a chain, one after the other.
func Run(ctx context.Context, set *target.Set, o engine.Options, n int, w Wants) (*Walk, error) {
	var mu sync.Mutex
	var traces []*engine.Trace
	o.Schedule, o.Concurrency, o.Loops, o.Requests = nil, 1, 1, uint64(n)
	o.Trace = func(t *engine.Trace) {
		mu.Lock()
		defer mu.Unlock()
		traces = append(traces, t)
	}
	results, err := engine.Run(ctx, set, o)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(traces, func(a, b *engine.Trace) int { return cmp.Compare(a.Request, b.Request) })
	walk := &Walk{Chain: set.Chained(), Run: results[0].Run}
	hide := newHider(traces)
	for _, t := range traces {
		walk.Steps = append(walk.Steps, step(set, t, w, hide))
	}
	if walk.Chain && len(traces) > 0 {
		for _, later := range set.Targets[traces[len(traces)-1].Target+1:] {
			walk.Missing = append(walk.Missing, later.Name)
		}
	}
	return walk, nil
}

// step reads one trace.
func step(set *target.Set, t *engine.Trace, w Wants, hide *hider) Step {
	s := Step{
		Name: set.Targets[t.Target].Name, Status: t.Status, Took: t.Done - t.Sent,
		Request: hide.message(t.Wire, nil),
	}
	if t.Status != 0 {
		answer := hide.message(t.Head, t.Body)
		s.Answer = &answer
	}
	for _, v := range t.Taken {
		shown := v.Value
		if secretSource(v) {
			shown = length(v.Value)
		}
		s.Saved = append(s.Saved, Saved{Name: v.Name, From: v.From, Value: hide.text(shown), Found: v.Found})
	}
	s.Expected = expectations(set.Targets[t.Target], t, w, hide)
	return s
}

// expectations judges an answer.
func expectations(at *target.Target, t *engine.Trace, w Wants, hide *hider) []Expectation {
	if !t.Class.Answered() && t.Class != record.OK {
		got := t.Class.String()
		if t.Reason != nil {
			got += ": " + hide.text(t.Reason.Error())
		}
		return []Expectation{{Name: "answer", Want: "a whole response", Got: got}}
	}
	list := []Expectation{status(at, t.Status, w)}
	for _, v := range t.Taken {
		e := Expectation{Name: "save " + v.Name, Want: "a value at " + v.From, Got: "found", Pass: v.Found}
		if !v.Found {
			e.Got = missing(v, t.Body)
		}
		list = append(list, e)
	}
	if t.Class.Redirect() {
		list = append(list, Expectation{Name: "redirect", Want: "an answer of the same server", Got: t.Class.String()})
	}
	if w.Body != nil {
		e := Expectation{Name: "body", Want: w.Body.Wanted(), Got: "it does", Pass: t.Class != record.UnexpectedBody}
		if !e.Pass {
			e.Got = "it does not"
		}
		list = append(list, e)
	}
	return list
}

// Failed counts the expectations that were missed, of all.
func (w *Walk) Failed() (failed, all int) {
	for _, s := range w.Steps {
		for _, e := range s.Expected {
			all++
			if !e.Pass {
				failed++
			}
		}
	}
	return failed, all
}

// split parts a message's head from its body.
func split(wire []byte) (head, body []byte) {
	head, body, _ = bytes.Cut(wire, []byte("\r\n\r\n"))
	return head, body
}
