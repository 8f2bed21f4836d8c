package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// security compares what callers must present: who could call before, with what they
// had, must be let in now.
func (c *comparison) security(old, now *api.Operation, at place) {
	for _, had := range alternatives(old) {
		if !slices.ContainsFunc(alternatives(now), func(asked api.Requirement) bool { return meets(had, asked) }) {
			what := "asks for " + textOf(alternatives(now)) + " now"
			if len(had) > 0 {
				what += "; " + requirementText(had) + " is not enough any more"
			}
			c.sink.add(at, Callers, request, now.At, what)
		}
	}
	if !anonymous(old) && anonymous(now) {
		c.sink.add(at, Handlers, request, now.At, "may be called without credentials now")
	}
}

func alternatives(op *api.Operation) []api.Requirement {
	if len(op.Security) == 0 {
		return []api.Requirement{{}}
	}
	return op.Security
}

func anonymous(op *api.Operation) bool {
	return slices.ContainsFunc(alternatives(op), func(r api.Requirement) bool { return len(r) == 0 })
}

// meets says that who has all of had can show all that is asked for.
func meets(had, asked api.Requirement) bool {
	for _, use := range asked {
		ok := slices.ContainsFunc(had, func(h api.Use) bool {
			return h.Scheme.Name == use.Scheme.Name && !slices.ContainsFunc(use.Scopes, func(s string) bool { return !slices.Contains(h.Scopes, s) })
		})
		if !ok {
			return false
		}
	}
	return true
}

func textOf(list []api.Requirement) string {
	var out []string
	for _, r := range list {
		out = append(out, requirementText(r))
	}
	return strings.Join(out, " or ")
}

func requirementText(r api.Requirement) string {
	if len(r) == 0 {
		return "nothing"
	}
	var out []string
	for _, use := range r {
		text := use.Scheme.Name
		if len(use.Scopes) > 0 {
			text += " (" + strings.Join(use.Scopes, ", ") + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, " with ")
}

// schemes compares how the credentials of one name are sent.
func (c *comparison) schemes() {
	for _, s := range c.after.Security {
		i := slices.IndexFunc(c.before.Security, func(o *api.SecurityScheme) bool { return o.Name == s.Name })
		if i < 0 {
			continue
		}
		if was, is := sent(c.before.Security[i]), sent(s); was != is {
			c.sink.add(place{head: "security scheme " + s.Name}, Callers, request, s.At, fmt.Sprintf("changed from %s to %s", was, is))
		}
	}
}

// sent is how a credential is sent.
func sent(s *api.SecurityScheme) string {
	switch s.Type {
	case api.SchemeAPIKey:
		return fmt.Sprintf("the %s %s", s.In, s.KeyName)
	case api.SchemeHTTP:
		return s.Scheme
	case api.SchemeOAuth2, api.SchemeOpenID:
		return "bearer"
	}
	return string(s.Type)
}
