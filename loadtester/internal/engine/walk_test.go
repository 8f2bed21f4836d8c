package engine

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// shop is a server whose users log in, and are then known by what they were
// given: a token in the body, a ticket in a header and a cookie.
type shop struct {
	mu     sync.Mutex
	logins int
	seen   map[string]int // by user: how many of the later steps came
	wrong  []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/login" {
		s.logins++
		user, _ := io.ReadAll(r.Body)
		if string(user) == "u-nobody" {
			w.WriteHeader(403)
			return
		}
		w.Header().Set("X-Ticket", "t-"+string(user))
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "c-" + string(user)})
		_, _ = io.WriteString(w, `{"data": {"filler": "`+strings.Repeat("x", s.logins%3*5000)+`",`)
		w.(http.Flusher).Flush() // chunked
		_, _ = io.WriteString(w, `"token": "b-`+string(user)+`"}}`)
		return
	}
	user := r.URL.Query().Get("user")
	cookie, _ := r.Cookie("sid")
	if got := r.Header.Get("Authorization") + " " + r.Header.Get("Ticket"); got != "b-"+user+" t-"+user || cookie == nil || cookie.Value != "c-"+user {
		s.wrong = append(s.wrong, fmt.Sprint(user, " came with ", got, cookie))
	}
	s.seen[user]++
}

func (s *shop) chain(t *testing.T, url, user string) *target.Set {
	t.Helper()
	later := []target.Field{{Name: "Authorization", Value: "{{$token}}"}, {Name: "Ticket", Value: "{{$ticket}}"}}
	set, err := target.Compile([]target.Spec{
		{Method: "POST", URL: url + "/login", Body: []byte(user), Template: true, Save: []target.Save{
			{Name: "token", From: target.FromBody, Path: "data.token"}, {Name: "ticket", From: target.FromHeader, Path: "x-ticket"},
		}},
		{URL: url + "/cart?user=" + user, Header: later, Template: true},
		{URL: url + "/buy?user=" + user, Header: later, Template: true},
	}, target.Options{Chain: true, Cookies: true})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Each walk of a chain carries its own values from step to step, on each path.
func TestChains(t *testing.T) {
	for _, speak := range []struct {
		protocol Protocol
		secure   bool
	}{{Auto, false}, {Auto, true}, {HTTP2, true}, {H2C, false}} {
		paths(t, func(t *testing.T, p PathChoice) {
			for name, o := range map[string]Options{
				"open":                  {Schedule: pace.Constant(200).For(0, 40)},
				"open, one connection":  {Schedule: pace.Constant(200).For(0, 40), MaxConns: 1},
				"closed":                {Concurrency: 5, Requests: 40},
				"closed, two loops":     {Concurrency: 5, Requests: 40, Loops: 2},
				"closed, no keep-alive": {Concurrency: 5, Requests: 40, NoKeepAlive: true},
			} {
				s := &shop{seen: map[string]int{}}
				srv := startHTTP(t, speak.secure, s.ServeHTTP)
				o.Path, o.Protocol, o.Dial.TLS = p, speak.protocol, nil
				if speak.secure {
					o.Dial.TLS = trust(srv)
				}
				r := runOne(t, s.chain(t, srv.URL, "u{{seq}}"), o)
				s.mu.Lock()
				if r.Record.Sent != 120 || r.Record.Succeeded != 120 || s.logins != 40 || len(s.seen) != 40 || len(s.wrong) > 0 {
					t.Errorf("%s: sent %d, succeeded %d, %d logins of %d users, errors %v, wrong %v", name, r.Record.Sent, r.Record.Succeeded, s.logins, len(s.seen), named(r.Record), s.wrong)
				}
				s.mu.Unlock()
				if got := slices.Collect(func(yield func(int64) bool) {
					for k := range r.Record.Targets {
						yield(r.Record.Targets[k].Sent)
					}
				}); !slices.Equal(got, []int64{40, 40, 40}) {
					t.Errorf("%s: the steps were sent %v times", name, got)
				}
			}
		})
	}
}

// A step that fails ends its walk, and no other. A closed loop whose time is over
// lets the walks that have begun come to their ends.
func TestChainsEnd(t *testing.T) {
	paths(t, func(t *testing.T, p PathChoice) {
		s := &shop{seen: map[string]int{}}
		srv := startHTTP(t, false, s.ServeHTTP)
		r := runOne(t, s.chain(t, srv.URL, "u-nobody"), Options{Path: p, Concurrency: 2, Requests: 10})
		s.mu.Lock()
		if r.Record.Sent != 10 || r.Record.Statuses[403] != 10 || len(s.seen) != 0 {
			t.Errorf("sent %d, 403: %d, seen %v", r.Record.Sent, r.Record.Statuses[403], s.seen)
		}
		s.logins = 0
		s.mu.Unlock()
		slow := startHTTP(t, false, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(20 * time.Millisecond)
			s.ServeHTTP(w, r)
		})
		r = runOne(t, s.chain(t, slow.URL, "u{{seq}}"), Options{Path: p, Concurrency: 3, Duration: 150 * time.Millisecond})
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.Record.Sent != 3*int64(s.logins) || r.Record.Succeeded != r.Record.Sent || len(s.wrong) > 0 {
			t.Errorf("%d walks sent %d requests, %d succeeded, wrong %v", s.logins, r.Record.Sent, r.Record.Succeeded, s.wrong)
		}
	})
}
