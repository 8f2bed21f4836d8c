package verify

import (
	"encoding/json"
	"fmt"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// record is the list as boot writes it.
type record struct {
	Outcome   string `json:"outcome"`
	Listened  bool   `json:"listened"`
	Node      string `json:"node"`
	Notes     []Note `json:"notes"`
	Endpoints []struct {
		Methods   []string `json:"methods"`
		Pieces    []piece  `json:"pieces"`
		Dialect   string   `json:"dialect"`
		Automatic bool     `json:"automatic"` // the framework's own HEAD
		Package   string   `json:"package"`
		At        *struct {
			File   string `json:"file"`
			Line   int    `json:"line"`
			Column int    `json:"column"`
		} `json:"at"`
	} `json:"endpoints"`
}

// piece is a path that a router was given: a text, a regular expression, or a choice.
type piece struct {
	Text    string  `json:"text"`
	Pattern string  `json:"pattern"`
	Flags   string  `json:"flags"`
	Any     []piece `json:"any"`
}

func (p piece) paths() []route.Path {
	switch {
	case p.Any != nil:
		var out []route.Path
		for _, one := range p.Any {
			out = append(out, one.paths()...)
		}
		return out
	case p.Pattern != "":
		return []route.Path{{RegExp: &eval.RegExp{Pattern: p.Pattern, Flags: p.Flags}}}
	}
	return []route.Path{{Text: p.Text}}
}

func dialect(name string) route.Dialect {
	switch name {
	case "express5":
		return route.Express5
	case "koa6":
		return route.Koa6
	case "fastify":
		return route.Fastify
	}
	return route.Express4
}

func listed(data []byte) (*Boot, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("reading the list of routes: %w", err)
	}
	out := &Boot{Outcome: r.Outcome, Listened: r.Listened, Notes: r.Notes, Node: r.Node}
	for _, e := range r.Endpoints {
		if e.Automatic {
			continue
		}
		steps := make([][]route.Path, 0, len(e.Pieces))
		for _, p := range e.Pieces {
			steps = append(steps, p.paths())
		}
		paths, unclear := route.Forms(dialect(e.Dialect), steps)
		out.Unclear = append(out.Unclear, unclear...)
		for _, path := range paths {
			for _, method := range e.Methods {
				one := Endpoint{Method: method, Path: path, Package: e.Package}
				if e.At != nil {
					one.At = syntax.Position{File: e.At.File, Line: e.At.Line, Column: e.At.Column}
				}
				out.Endpoints = append(out.Endpoints, one)
			}
		}
	}
	return out, nil
}
