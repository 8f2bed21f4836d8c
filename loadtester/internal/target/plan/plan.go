// Package plan reads loadtester's own target file, YAML or JSON:
//
//	base: http://127.0.0.1:8080          # what relative URLs stand below
//	header: {Accept: application/json}   # sent with all
//	targets:                             # independent requests, by weight or in turn
//	  - {get: "/users?page={{rand 1 9}}", weight: 3}
//	  - {post: /users, json: {email: "{{users.email}}"}}
//
// or, in place of targets, the steps that each user goes through:
//
//	cookies: true
//	chain:
//	  - {post: /login, json: {user: "{{users.name}}"}, save: {token: body.data.token}, expect: [200]}
//	  - {get: /me, header: {Authorization: "Bearer {{$token}}"}}
package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Plan is a file's content.
type Plan struct {
	Specs   []target.Spec
	Chain   bool
	Cookies bool
}

// file is the form of the whole.
type file struct {
	Base    string    `yaml:"base"`
	Header  yaml.Node `yaml:"header"`
	Cookies bool      `yaml:"cookies"`
	Targets []entry   `yaml:"targets"`
	Chain   []entry   `yaml:"chain"`
}

// entry is one request. One of the methods, or method and url, says which.
type entry struct {
	Name   string    `yaml:"name"`
	Method string    `yaml:"method"`
	URL    string    `yaml:"url"`
	Get    string    `yaml:"get"`
	Head   string    `yaml:"head"`
	Post   string    `yaml:"post"`
	Put    string    `yaml:"put"`
	Patch  string    `yaml:"patch"`
	Delete string    `yaml:"delete"`
	Header yaml.Node `yaml:"header"`
	Body   *string   `yaml:"body"` // the text, or @file beside the plan
	JSON   yaml.Node `yaml:"json"`
	Form   yaml.Node `yaml:"form"`
	Weight *float64  `yaml:"weight"`
	Save   yaml.Node `yaml:"save"`
	Expect []int     `yaml:"expect"`
}

const hint = `a plan has "targets:" or "chain:", a list of {get: /path} or {post: /path, json: {…}}; docs/loadtester/targets.md shows all keys`

// Read reads a plan. base, if not empty, is put in the place of the plan's own;
// name is for messages, and body files are looked for beside it.
func Read(data []byte, name, base string) (*Plan, error) {
	var f file
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, problem.New(hint, "it is empty").In(name, 0, 0)
		}
		return nil, unreadable(err, name)
	}
	if base != "" {
		f.Base = base
	}
	p := &Plan{Chain: len(f.Chain) > 0, Cookies: f.Cookies}
	entries := f.Targets
	switch {
	case len(f.Targets) > 0 && len(f.Chain) > 0:
		return nil, problem.New("use two files, or make the targets steps", "it has both targets and a chain").In(name, 0, 0)
	case p.Chain:
		entries = f.Chain
	case len(entries) == 0:
		return nil, problem.New(hint, "it has no targets").In(name, 0, 0)
	}
	weighted := slices.ContainsFunc(entries, func(e entry) bool { return e.Weight != nil })
	common, err := fields(&f.Header)
	if err != nil {
		return nil, place(err, name)
	}
	for i := range entries {
		s, err := entries[i].spec(f.Base, filepath.Dir(name))
		if err != nil {
			return nil, problem.New(hint, "entry %d: %s", i+1, err.Error()).In(name, 0, 0)
		}
		for _, c := range common {
			if !has(s.Header, c.Name) {
				s.Header = append(s.Header, c)
			}
		}
		switch { // beside weights, an entry without one has the weight 1
		case entries[i].Weight != nil:
			s.Weight = *entries[i].Weight
		case weighted:
			s.Weight = 1
		}
		s.File = name
		p.Specs = append(p.Specs, s)
	}
	return p, nil
}

// quotedAnchor is how the YAML reader quotes a value such as *secret.
var quotedAnchor = regexp.MustCompile(`unknown anchor '.*' referenced`)

// unreadable places an error of the YAML reader, which says where in one of two
// ways: "… at L3.C4-C13: text" and "construct errors: line 2: text".
func unreadable(err error, name string) error {
	err = errors.New(quotedAnchor.ReplaceAllString(err.Error(), "an anchor that is not there (a value that begins with * is written in quotes)"))
	m := regexp.MustCompile(`(?s)^(?:.* at L(\d+)\.C\d+(?:-\S+)?: |(?:yaml: )?construct errors:\s+line (\d+): )(.*)$`).FindStringSubmatch(err.Error())
	if m == nil {
		return problem.Wrap(err, hint, "it is not a plan: %v", err).In(name, 0, 0)
	}
	line, _ := strconv.Atoi(m[1] + m[2])
	text := regexp.MustCompile(` in type plan\.\w+`).ReplaceAllString(m[3], "")
	advice := hint
	if strings.Contains(text, "',' or '}'") {
		advice = `within {…}, quote what has braces or commas of its own: {get: "/users?page={{seq}}"}`
	}
	return problem.Wrap(err, advice, "it is not a plan: %s", text).In(name, line, 0)
}

func place(err error, name string) error {
	var p *problem.Problem
	if errors.As(err, &p) && p.File == "" {
		return p.In(name, 0, 0)
	}
	return err
}

func has(list []target.Field, name string) bool {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

func (e *entry) spec(base, dir string) (target.Spec, error) {
	s := target.Spec{Name: e.Name, Method: strings.ToUpper(e.Method), URL: e.URL, Expect: e.Expect, Template: true}
	for method, url := range map[string]string{"GET": e.Get, "HEAD": e.Head, "POST": e.Post, "PUT": e.Put, "PATCH": e.Patch, "DELETE": e.Delete} {
		if url == "" {
			continue
		}
		if s.URL != "" {
			return s, errors.New("it has several URLs")
		}
		s.Method, s.URL = method, url
	}
	switch {
	case s.URL == "":
		return s, errors.New("it has no URL")
	case strings.HasPrefix(s.URL, "/") && base == "":
		return s, errors.New("its URL is relative, and the plan has no base")
	case strings.HasPrefix(s.URL, "/"):
		s.URL = strings.TrimSuffix(base, "/") + s.URL
	}
	var err error
	if s.Header, err = fields(&e.Header); err != nil {
		return s, err
	}
	saves, err := fields(&e.Save)
	if err != nil {
		return s, err
	}
	for _, f := range saves {
		save, err := target.ParseSave(f.Name + "=" + f.Value)
		if err != nil {
			return s, err
		}
		s.Save = append(s.Save, save)
	}
	return s, e.body(&s, dir)
}

// body fills in the one body that is given.
func (e *entry) body(s *target.Spec, dir string) error {
	given := 0
	if e.Body != nil {
		given++
		s.Body = []byte(*e.Body)
		if file, ok := strings.CutPrefix(*e.Body, "@"); ok {
			if !filepath.IsAbs(file) {
				file = filepath.Join(dir, file)
			}
			var err error
			if s.Body, err = target.ReadFile(file); err != nil {
				return err
			}
		}
	}
	if e.JSON.Kind != 0 {
		given++
		var v any
		if err := e.JSON.Decode(&v); err != nil {
			return err
		}
		b, err := encode(v)
		if err != nil {
			return err
		}
		s.Body = b
		if !has(s.Header, "Content-Type") {
			s.Header = append(s.Header, target.Field{Name: "Content-Type", Value: "application/json"})
		}
	}
	if e.Form.Kind != 0 {
		given++
		pairs, err := fields(&e.Form)
		if err != nil {
			return err
		}
		list := make([]string, len(pairs))
		for i, p := range pairs {
			list[i] = p.Name + "=" + p.Value
		}
		var kind string
		if s.Body, kind, err = target.Form(list); err != nil {
			return err
		}
		s.Header = append(s.Header, target.Field{Name: "Content-Type", Value: kind})
	}
	if given > 1 {
		return errors.New("it has several bodies")
	}
	return nil
}

// encode writes JSON without escaping < and >, which may stand in a place.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// fields are the pairs of a mapping, in their order.
func fields(n *yaml.Node) ([]target.Field, error) {
	if n.Kind == 0 {
		return nil, nil
	}
	if n.Kind != yaml.MappingNode {
		return nil, errors.New("line " + strconv.Itoa(n.Line) + ": this has to be name: value")
	}
	var list []target.Field
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i+1].Kind != yaml.ScalarNode {
			return nil, errors.New("line " + strconv.Itoa(n.Content[i+1].Line) + ": this has to be one value")
		}
		list = append(list, target.Field{Name: n.Content[i].Value, Value: n.Content[i+1].Value})
	}
	return list, nil
}
