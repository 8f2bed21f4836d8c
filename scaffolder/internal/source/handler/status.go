package handler

import (
	"net/http"
	"strings"
	"sync"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// StatusOf is the HTTP status that a value stands for: a number, a text of one, or a
// name of a package of statuses (StatusCodes.NOT_FOUND); 0 where it is not known.
func StatusOf(v eval.Value) int {
	switch x := v.(type) {
	case eval.Number:
		if x >= 100 && x < 600 {
			return int(x)
		}
	case eval.String:
		n := 0
		for _, c := range string(x) {
			if c < '0' || c > '9' || n > 599 {
				return named(string(x))
			}
			n = n*10 + int(c-'0')
		}
		if n >= 100 && n < 600 {
			return n
		}
	case *eval.Term:
		if x.Kind == eval.Member {
			return named(x.Name)
		}
	case *eval.Union:
		for _, one := range x.Of {
			if n := StatusOf(one); n != 0 {
				return n
			}
		}
	}
	return 0
}

// named is the status with a name, as packages write it: NOT_FOUND, NotFound.
func named(name string) int {
	return statuses()[plainName(strings.TrimSuffix(strings.TrimSuffix(name, "Error"), "Exception"))]
}

// plainName is a name without regard to case and what stands between words.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == ' ' || r == '-' || r == '\'' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

// statuses are the statuses by plain name: what the registry calls them, and what
// packages call them besides.
var statuses = sync.OnceValue(func() map[string]int {
	out := map[string]int{
		"UNPROCESSABLEENTITY": 422, "UNPROCESSABLECONTENT": 422, "VALIDATION": 422, "BADDATA": 422,
		"INTERNAL": 500, "SERVER": 500, "BADIMPLEMENTATION": 500,
		"PAYLOADTOOLARGE": 413, "CONTENTTOOLARGE": 413, "RATELIMITED": 429, "TOOMANYREQUEST": 429,
	}
	for n := 200; n < 600; n++ {
		if text := http.StatusText(n); text != "" {
			out[plainName(text)] = n
		}
	}
	return out
})

// ThrownStatus is the status that an error answers with: a property of it that is
// called status, a number it was made with, or its class's name; 0 where it is not known.
func ThrownStatus(ev *eval.Evaluator, v eval.Value) int {
	switch x := v.(type) {
	case *eval.Object:
		if x.Host != nil {
			return 0
		}
		for _, name := range []string{"statusCode", "status", "httpCode", "code", "httpStatus", "httpStatusCode"} {
			if p := x.Get(name); p != nil {
				if n := StatusOf(p); n >= 400 {
					return n
				}
			}
		}
		if t := x.Super(); t != nil {
			if n := ThrownStatus(ev, t); n != 0 {
				return n
			}
		}
		if x.Class != nil {
			if n := named(x.Class.Name); n >= 400 {
				return n
			}
		}
	case *eval.Term:
		return termStatus(x)
	case *eval.Union:
		for _, one := range x.Of {
			if n := ThrownStatus(ev, one); n != 0 {
				return n
			}
		}
	}
	return 0
}

// termStatus reads http-errors, Boom and their like: createError(404), Boom.notFound(),
// new NotFoundError().
func termStatus(t *eval.Term) int {
	if t.Kind != eval.Called && t.Kind != eval.Made {
		return 0
	}
	module, names := t.Path()
	if len(names) > 0 {
		if n := named(names[len(names)-1]); n >= 400 {
			return n
		}
	}
	if module == "" && t.Kind == eval.Called {
		return 0
	}
	for _, a := range t.Args {
		if n := StatusOf(a); n >= 400 {
			return n
		}
		if o, ok := a.(*eval.Object); ok && o.Host == nil {
			for _, name := range []string{"statusCode", "status", "code"} {
				if p := o.Get(name); p != nil {
					if n := StatusOf(p); n >= 400 {
						return n
					}
				}
			}
		}
	}
	return 0
}
