package cli

import (
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/loadtester/internal/target/openapi"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
	"github.com/seniorbackend/tools/shared/report"
)

// fromOpenAPI makes requests from a document. What a user did not choose is said
// on stderr: where they go, what was left out, that credentials are asked for.
func (f *sendFlags) fromOpenAPI(s *session, url string) ([]target.Spec, error) {
	data, err := f.file(s, f.OpenAPI)
	if err != nil {
		return nil, err
	}
	o := openapi.Options{Base: url, Operations: f.Operation, Invalid: f.Invalid, Set: map[string]string{}}
	if o.Header, err = f.headers(); err != nil {
		return nil, err
	}
	for _, pair := range f.Set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, problem.New("write --set id='{{rand 1 100}}'", "--set %q is not NAME=VALUE", pair)
		}
		o.Set[name] = value
	}
	r, err := openapi.Read(data, f.OpenAPI, o)
	if err != nil {
		return nil, err
	}
	if r.Base != url {
		f.note(s, "%s: requests go to %s", f.OpenAPI, redact.URL(r.Base))
	}
	if n := len(r.Skipped); n > 0 {
		more := ""
		if n > 3 {
			more = "; and " + report.Count(n-3) + " more"
		}
		f.note(s, "%s: left out: %s%s", f.OpenAPI, strings.Join(r.Skipped[:min(n, 3)], "; "), more)
	}
	if len(r.Secured) > 0 && len(o.Header) == 0 {
		f.note(s, "%s: its operations ask for credentials (%s): give them by --header", f.OpenAPI, strings.Join(r.Secured, ", "))
	}
	if f.few > 0 && len(r.Specs) > f.few {
		f.note(s, "%s: %s, of which the run sends the first %s: --requests %d sends them all", f.OpenAPI, report.Plural(len(r.Specs), "request", "requests"), report.Count(f.few), len(r.Specs))
	}
	return r.Specs, nil
}
