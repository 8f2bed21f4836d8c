package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options choose what is made.
type Options struct {
	Base       string            // where to send to: the document's servers are never contacted for being in it
	Operations []string          // operationIds, or "GET /users"; empty: all
	Invalid    bool              // mutants instead of valid requests
	Set        map[string]string // values of the user's own, by parameter or path into the body
	Header     []target.Field    // added to each request: credentials
}

// Result is what the document gave.
type Result struct {
	Specs   []target.Spec
	Base    string   // where most of them go
	Skipped []string // operations that no request could be made for, with why
	Secured []string // names of security schemes that the chosen operations ask for
}

// Read reads a document and makes requests of it. Errors are *problem.Problem
// with their place in the document.
func Read(data []byte, file string, o Options) (*Result, error) {
	doc, root, err := open(data, file)
	if err != nil {
		return nil, err
	}
	defer doc.close()
	reader, err := newReader(doc, root)
	if err != nil {
		return nil, err
	}
	all, err := reader.operations(root)
	if err != nil {
		return nil, err
	}
	chosen, err := choose(all, o.Operations, file)
	if err != nil {
		return nil, err
	}
	result := &Result{}
	server := firstServer(root)
	if result.Base, err = base(o.Base, server, file); err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, op := range chosen {
		to := result.Base
		if op.server != "" {
			if to, err = base(o.Base, op.server, file); err != nil {
				return nil, err
			}
		}
		if err := op.add(result, to, file, &o, used); err != nil {
			result.Skipped = append(result.Skipped, fmt.Sprintf("%s: %v", op.name(), err))
		}
		for _, name := range op.secured {
			if !slices.Contains(result.Secured, name) {
				result.Secured = append(result.Secured, name)
			}
		}
	}
	for name := range o.Set {
		if !used[name] {
			return nil, problem.New("name a parameter, or a property of a body: --set email='u{{seq}}@example.com', --set address.city=Bern", "--set %s: no chosen operation has it", name).In(file, 0, 0)
		}
	}
	if len(result.Specs) == 0 {
		why := "it has no operations"
		if len(result.Skipped) > 0 {
			why = result.Skipped[0]
		}
		return nil, problem.New("--operation chooses others", "no request can be made from the document: %s", why).In(file, 0, 0)
	}
	return result, nil
}

// choose takes the operations that are named, in the document's order.
func choose(all []*operation, names []string, file string) ([]*operation, error) {
	if len(names) == 0 {
		return all, nil
	}
	found := map[string]bool{}
	var chosen []*operation
	for _, op := range all {
		for _, name := range names {
			method, path, _ := strings.Cut(strings.Join(strings.Fields(name), " "), " ")
			if name == op.id || strings.EqualFold(method, op.method) && path == op.path {
				found[name] = true
				if !slices.Contains(chosen, op) {
					chosen = append(chosen, op)
				}
			}
		}
	}
	for _, name := range names {
		if !found[name] {
			return nil, problem.New(suggestion(all), "the document has no operation %q", name).In(file, 0, 0)
		}
	}
	return chosen, nil
}

// suggestion names some operations that there are.
func suggestion(all []*operation) string {
	var names []string
	for _, op := range all[:min(len(all), 8)] {
		names = append(names, fmt.Sprintf("%q", op.name()))
	}
	if len(names) == 0 {
		return "it has none at all"
	}
	return "operations are named by operationId or as \"GET /path\": " + strings.Join(names, ", ")
}

// base is where requests go: given stands for the document's server. Without a
// path of its own it takes the server's.
func base(given, server, file string) (string, error) {
	server = strings.TrimSuffix(server, "/")
	if given == "" {
		to := "http://127.0.0.1:8080"
		if strings.Contains(server, "://") {
			to = server
		}
		return "", problem.New("loadtester "+to+" --openapi "+file, "--openapi needs a URL: no server gets load for being named in a document")
	}
	_, authority, _ := strings.Cut(given, "://")
	if strings.Contains(authority, "/") {
		return strings.TrimSuffix(given, "/"), nil
	}
	if _, after, ok := strings.Cut(server, "://"); ok {
		_, path, _ := strings.Cut(after, "/")
		server = "/" + path
	}
	return given + strings.TrimSuffix("/"+strings.TrimPrefix(server, "/"), "/"), nil
}

// add makes the operation's requests.
func (o *operation) add(result *Result, base, file string, options *Options, used map[string]bool) error {
	valid, err := o.values(options.Set, used)
	if err != nil {
		return err
	}
	if !options.Invalid {
		r, err := o.encode(valid)
		if err != nil {
			return err
		}
		result.Specs = append(result.Specs, o.spec(r, o.name(), base, file, options))
		return nil
	}
	mutants := o.mutants(valid)
	if len(mutants) == 0 {
		return fmt.Errorf("nothing in it can be invalid")
	}
	for _, m := range mutants {
		result.Specs = append(result.Specs, o.spec(m.request, o.name()+": "+m.what, base, file, options))
	}
	return nil
}

func (o *operation) spec(r request, name, base, file string, options *Options) target.Spec {
	return target.Spec{
		Name: name, Method: o.method, URL: base + r.path, Header: append(r.header, options.Header...), Body: r.body,
		Template: true, Exact: true, File: file,
	}
}
