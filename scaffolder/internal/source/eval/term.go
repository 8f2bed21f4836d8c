package eval

import "strings"

// TermKind says how a Term was made.
type TermKind int

const (
	// Import is a module from outside of the project: Name.
	Import TermKind = iota
	// Member is a property of Of: Name, or Key where it is computed.
	Member
	// Called is the result of calling Of with Args.
	Called
	// Made is the result of new Of with Args.
	Made
	// Env is an environment variable: Name.
	Env
	// Param is an argument that nobody knows: of the parameter Name.
	Param
	// Opaque is anything else: Name says what.
	Opaque
)

// Term is a value that is known by how it was made only.
type Term struct {
	Kind TermKind
	Name string
	Of   Value
	Key  Value
	Args []Value
	At   Place

	// Label is the variable or property that it was first assigned to.
	Label string

	// root is the module that it comes from, as Root found it.
	root   string
	rooted bool
	// around is the library's object that unknown code was given to make this.
	around *Object

	members []*Term
	where   map[string]*Term // members, where there are many
	props   map[string]Value // what the project assigned to it
}

// Path is the module that the term comes from and the names that lead to it from
// there: z.object(…).optional is "zod" and "object.optional" as Path("zod") sees it;
// calls are passed through. module is "" where it comes from no module.
func (t *Term) Path() (module string, names []string) {
	var at Value = t
	for n := 0; n < 256; n++ {
		x, ok := at.(*Term)
		if !ok {
			break
		}
		switch x.Kind {
		case Import:
			return x.Name, reversed(names)
		case Member:
			names = append(names, x.Name)
			at = x.Of
		case Called, Made:
			at = x.Of
		default:
			return "", reversed(names)
		}
	}
	return "", reversed(names)
}

// Root is the module that the term comes from, as Path says it: "" where it comes from none.
func (t *Term) Root() string {
	if t.rooted {
		return t.root
	}
	root := ""
	switch t.Kind {
	case Import:
		root = t.Name
	case Member, Called, Made:
		at := t
		for n := 0; n < 256; n++ {
			of, ok := at.Of.(*Term)
			if !ok {
				break
			}
			if of.Kind == Import || of.rooted {
				root = of.Root()
				break
			}
			if of.Kind != Member && of.Kind != Called && of.Kind != Made {
				break
			}
			at = of
		}
	}
	t.root, t.rooted = root, true
	return root
}

func reversed(names []string) []string {
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return names
}

// IsImport says whether v is what a module exports under a name; name "" or
// "default" is the module itself.
func IsImport(v Value, module, name string) bool {
	t, ok := v.(*Term)
	if !ok {
		return false
	}
	if t.Kind == Member && t.Name == name {
		of, ok := t.Of.(*Term)
		return ok && of.Kind == Import && of.Name == module
	}
	return t.Kind == Import && t.Name == module && (name == "" || name == "default")
}

// String is the term as the source would write it, shortened.
func (t *Term) String() string {
	var b strings.Builder
	t.write(&b, 0)
	return b.String()
}

func (t *Term) write(b *strings.Builder, depth int) {
	of := func() {
		if x, ok := t.Of.(*Term); ok && depth < 12 {
			x.write(b, depth+1)
		} else {
			b.WriteString("…")
		}
	}
	switch t.Kind {
	case Import:
		b.WriteString(strings.TrimPrefix(t.Name[strings.LastIndexByte(t.Name, '/')+1:], "@"))
	case Member:
		of()
		if t.Key != nil {
			b.WriteString("[…]")
		} else {
			b.WriteString("." + t.Name)
		}
	case Called:
		of()
		b.WriteString("(…)")
	case Made:
		b.WriteString("new ")
		of()
	case Env:
		b.WriteString("process.env." + t.Name)
	default:
		b.WriteString(t.Name)
	}
}

// member is the property of a term: the same term each time.
func (t *Term) member(name string, at Place) *Term {
	if t.where != nil {
		if m, ok := t.where[name]; ok {
			return m
		}
	} else {
		for _, m := range t.members {
			if m.Name == name {
				return m
			}
		}
	}
	m := &Term{Kind: Member, Of: t, Name: name, At: at}
	t.members = append(t.members, m)
	switch {
	case t.where != nil:
		t.where[name] = m
	case len(t.members) > manyNames:
		t.where = make(map[string]*Term, 2*len(t.members))
		for _, m := range t.members {
			t.where[m.Name] = m
		}
	}
	return m
}

// Unknown is a value of which nothing but its description is known.
func Unknown(what string, at Place) *Term { return &Term{Kind: Opaque, Name: what, At: at} }
