package handler

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Part is a part of a request.
type Part string

const (
	Body    Part = "body"
	Query   Part = "query"
	Params  Part = "params"
	Headers Part = "headers"
	Cookies Part = "cookies"
	Files   Part = "files"
)

// Node is a value of a request part: the part itself, or what stands under a name in it.
type Node struct {
	Name     string
	Children []*Node
	At       eval.Place
	// Items is what an element of it is; nil where it is not used as a list.
	Items *Node

	Number  bool // it is converted to a number, or compared with one
	Integer bool // by parseInt
	Boolean bool
	Text    bool
	List    bool
	Date    bool
	// Whole says that all of it is handed to somebody: it may have further members.
	Whole bool
	// Mixed says that it was read from several parts that were put into one object.
	Mixed bool
	// Given are members that the program sets itself, and has not read before.
	Given []string
	// Needed says that the handler refuses requests without it.
	Needed   bool
	Defaults []eval.Value
	// Types are those that the source says it has, in the order in which they came.
	Types []TypeAt
	// Equals are values that it is compared with.
	Equals []eval.Value
}

// TypeAt is a type with the module that it stands in.
type TypeAt struct {
	Type   syntax.Type
	Module *eval.Module
}

// Child is the member of a name, made where it is not there.
func (n *Node) Child(name string, at eval.Place) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	c := &Node{Name: name, At: at}
	n.Children = append(n.Children, c)
	return c
}

// Send is an answer.
type Send struct {
	Status int // 0: the handler does not say
	// Unclear says that a status is given, and not known.
	Unclear bool
	Body    eval.Value // nil: none
	Media   string     // "" where the kind of body decides
	At      eval.Place
	Headers []string
}

// Thrown is an error that is thrown, or passed on.
type Thrown struct {
	Value eval.Value
	At    eval.Place
}

// Check is a schema that judges a part of the request.
type Check struct {
	Term *eval.Term // the call: schema.parse(req.body)
	At   eval.Place
}

// Facts are what a handler does.
type Facts struct {
	Parts  map[Part]*Node
	Sends  []*Send
	Throws []Thrown
	// Checks are calls of unknown code with parts of the request among the arguments.
	Checks []Check
	// Calls are all calls of unknown code.
	Calls []*eval.Term
	// Next says that the request is passed on.
	Next bool
	// Functions got the request: the handler, and those that it wraps.
	Functions []*eval.Function
	// Delegates are routers that the request is passed to.
	Delegates []*route.Router
	// Answering are functions of which the result is sent as the answer.
	Answering []*eval.Function
	// Properties are members of the request that are no parts of it, as they are read:
	// user, session, file.
	Properties map[string]eval.Place
	// Sets are members that it gives to the request.
	Sets map[string]eval.Place
	// Method says that the method of the request was looked at: what it does is not the
	// same for all.
	Method bool
	// Returned is what it gives back.
	Returned eval.Value
}

// Reads says whether anything of a part is read.
func (f *Facts) Reads(p Part) bool { return f.Parts[p] != nil }

func newFacts() *Facts {
	return &Facts{Parts: map[Part]*Node{}, Properties: map[string]eval.Place{}, Sets: map[string]eval.Place{}}
}

// part is the root of a part of the request, made where it is not there.
func (f *Facts) part(p Part, at eval.Place) *Node {
	n := f.Parts[p]
	if n == nil {
		n = &Node{Name: string(p), At: at}
		f.Parts[p] = n
	}
	return n
}
