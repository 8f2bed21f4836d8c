package engine

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/cookies"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// hops are the redirects that one request is led through. What is on the way
// belongs to one visitor: cookies that a redirect sets come back at its target.
type hops struct {
	jar   *cookies.Jar
	own   string       // the Cookie header that the user wrote
	at    *url.URL     // where the last redirect led; nil: there was none
	class record.Class // why a redirect was not followed; OK: all were
}

type hopsKey struct{}

// mostRedirects bounds what one request follows.
const mostRedirects = 10

// follow makes the hops of a request; nil: redirects are not followed.
func (c *classic) follow(session *target.Session, m *target.Message) *hops {
	if !c.o.FollowRedirects {
		return nil
	}
	h := &hops{}
	if session != nil && session.Jar() != nil {
		h.jar, h.own = session.Jar(), session.OwnCookies(new(target.Scratch))
	} else {
		h.jar = cookies.New()
		var own []string
		for _, f := range m.Fields {
			if strings.EqualFold(f.Name, "Cookie") {
				own = append(own, f.Value)
			}
		}
		h.own = strings.Join(own, "; ")
	}
	h.jar.Named(c.set.Endpoints[m.Endpoint].Authority, m.Authority)
	return h
}

// redirected says whether a redirect to req is followed: up to ten, and to the
// same server only, for only what the user named is contacted. Another one is a
// failure: what it leads to was not measured.
func (r *run) redirected(req *http.Request, via []*http.Request) error {
	h, ok := req.Context().Value(hopsKey{}).(*hops)
	if !ok {
		return http.ErrUseLastResponse
	}
	first, last := via[0].URL, via[len(via)-1].URL
	switch {
	case len(via) > mostRedirects:
		h.class = record.RedirectLoop
		return http.ErrUseLastResponse
	case !strings.EqualFold(addressOf(req.URL), addressOf(first)) || req.URL.Scheme != first.Scheme:
		h.class = record.ForeignRedirect
		return http.ErrUseLastResponse
	}
	h.jar.Keep(last, req.Response.Header.Values("Set-Cookie"))
	h.at = req.URL
	req.Header.Del("Cookie")
	if line := h.jar.Header(req.URL, h.own); line != "" {
		req.Header.Set("Cookie", line)
	}
	return nil
}

// addressOf is the host and port of u; http://h and http://h:80 are one.
func addressOf(u *url.URL) string {
	e := target.Endpoint{Host: u.Hostname(), Port: u.Port()}
	if e.Port == "" {
		e.Port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return e.Address()
}
