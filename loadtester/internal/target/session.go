package target

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/cookies"
	"github.com/seniorbackend/tools/shared/problem"
)

// Vars are what a session remembers: saved values and cookies.
type Vars struct {
	values  map[string]string
	cookies string // the Cookie header of the current step, ready to send; empty: none
	jar     *cookies.Jar
	at      *url.URL // where the current step goes to, for the jar; nil: there is none
}

// Session is one user's walk through the steps of a chained Set. The engine asks
// Next for a request, sends it, and tells Response what came back. A Session
// belongs to one goroutine at a time.
type Session struct {
	set  *Set
	i    uint64
	step int
	took int // how many values the last step has saved
	vars Vars
	err  error
}

// Session begins the chain for arrival i.
func (s *Set) Session(i uint64) *Session { return &Session{set: s, i: i} }

// Next is the next step's request; false: the chain is done, or broken (Err).
func (s *Session) Next(scratch *Scratch) (Request, bool) {
	if s.err != nil || s.step >= len(s.set.Targets) {
		return Request{}, false
	}
	s.carry(scratch)
	return s.set.request(s.step, s.i, &s.vars, scratch), true
}

// NextMessage is Next in parts.
func (s *Session) NextMessage(scratch *Scratch) (Message, bool) {
	if s.err != nil || s.step >= len(s.set.Targets) {
		return Message{}, false
	}
	s.carry(scratch)
	return s.set.message(s.step, s.i, &s.vars, scratch), true
}

// Step is the target of the next request; false: the chain is done, or broken.
func (s *Session) Step() (target int, more bool) {
	return s.step, s.err == nil && s.step < len(s.set.Targets)
}

// Wants says what of the current step's response is of use to the later ones.
func (s *Session) Wants() (header, body bool) {
	header = s.set.cookies
	for _, save := range s.set.Targets[s.step].save {
		header = header || save.From != FromBody
		body = body || save.From == FromBody
	}
	return header, body
}

// Err is why the chain ended early: a step with an unwanted status, or a value
// that was not in a response.
func (s *Session) Err() error { return s.err }

// Reply is what a walk finds in a step's response.
type Reply int

// The replies.
const (
	Plain    Reply = iota // the step says nothing of its status
	Expected              // one of the statuses that the step expects
	Unwanted              // another one
	Nothing               // what a later step needs is not in the response
)

// Response takes what the later steps need from the response of the current
// step, and goes on to the next.
func (s *Session) Response(status int, header []Field, body []byte) Reply {
	t := s.set.Targets[s.step]
	s.step++
	s.took = 0
	reply := Plain
	switch {
	case slices.Contains(t.expect, status):
		reply = Expected
	case len(t.expect) > 0:
		s.err = fmt.Errorf("step %s answered %d", t.Name, status)
		return Unwanted
	case status >= 400:
		s.err = fmt.Errorf("step %s answered %d", t.Name, status)
		return Plain
	}
	if s.vars.at != nil {
		s.vars.keepCookies(header)
	}
	for _, save := range t.save {
		value, ok := save.find(header, body)
		if !ok {
			s.err = fmt.Errorf("step %s: the response has no %s", t.Name, save)
			return Nothing
		}
		if s.vars.values == nil {
			s.vars.values = map[string]string{}
		}
		s.vars.values[save.Name] = value
		s.took++
	}
	return reply
}

// Taken is a value that a step takes from its response.
type Taken struct {
	Name  string
	From  string // "body.data.token"
	Value string
	Found bool
}

// Taken are the values of the step that was answered last: those that were found,
// and those that the walk did not come to.
func (s *Session) Taken() []Taken {
	if s.step == 0 {
		return nil
	}
	var list []Taken
	for k, save := range s.set.Targets[s.step-1].save {
		t := Taken{Name: save.Name, From: save.String(), Found: k < s.took}
		if t.Found {
			t.Value = s.vars.values[save.Name]
		}
		list = append(list, t)
	}
	return list
}

// Broken ends the chain: the request of the current step got no response.
func (s *Session) Broken(err error) { s.err = err }

// carry makes the Cookie header of the current step.
func (s *Session) carry(scratch *Scratch) {
	if !s.set.cookies {
		return
	}
	if s.vars.jar == nil {
		s.vars.jar = cookies.New()
	}
	t, at := s.set.Targets[s.step], s.set.place(s.i, &s.vars)
	path, _, _ := strings.Cut(t.path.text(at, scratch), "?")
	s.vars.at = &url.URL{Scheme: s.set.Endpoints[t.Endpoint].Scheme, Host: t.authority, Path: path}
	s.vars.cookies = s.vars.jar.Header(s.vars.at, t.cookie.text(at, scratch))
}

// Jar are the cookies of the session; nil: it keeps none.
func (s *Session) Jar() *cookies.Jar { return s.vars.jar }

// OwnCookies is the Cookie header that the user wrote for the current step.
func (s *Session) OwnCookies(scratch *Scratch) string {
	return s.set.Targets[s.step].cookie.text(s.set.place(s.i, &s.vars), scratch)
}

// Moved says that redirects have led the current step to u, whose response comes.
func (s *Session) Moved(u *url.URL) { s.vars.at = u }

// keepCookies reads Set-Cookie.
func (v *Vars) keepCookies(header []Field) {
	var values []string
	for _, f := range header {
		if strings.EqualFold(f.Name, "Set-Cookie") {
			values = append(values, f.Value)
		}
	}
	v.jar.Keep(v.at, values)
}

// savedValue fills {{$name}}.
type savedValue struct {
	name string
	esc  escape
}

func (f savedValue) append(dst []byte, at place) []byte {
	if at.vars == nil {
		return dst
	}
	return appendEscaped(dst, at.vars.values[f.name], f.esc)
}

// checkChain refuses a step that reads what no earlier step saved.
func checkChain(set *Set, specs []Spec) error {
	saved := map[string]bool{}
	for k, t := range set.Targets {
		texts := []text{t.path, t.body, t.cookie}
		for _, f := range t.fields {
			texts = append(texts, f.value)
		}
		for _, tx := range texts {
			for _, p := range tx {
				if v, ok := p.fill.(savedValue); ok && !saved[v.name] {
					return placed(problem.New("an earlier step has to save it", "step %s reads {{$%s}}, which no earlier step saves", t.Name, v.name), &specs[k])
				}
			}
		}
		for _, s := range t.save {
			saved[s.Name] = true
		}
	}
	return nil
}
