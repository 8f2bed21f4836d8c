package eval

// scope holds the variables of a block, a function or a module.
type scope struct {
	parent *scope
	slots  []slot
	index  map[string]*binding // where there are many
	frame  *frame
	module *Module
}

// slot is a variable of a scope.
type slot struct {
	name string
	*binding
}

// frame is one call of a function.
type frame struct {
	this      Value
	home      *Class
	fn        *Function
	newTarget Value
	yields    []Value
	args      []Value
}

// binding is a variable. An import is one that is read where it comes from.
type binding struct {
	value Value
	level int // of the branch that it was declared in
	from  *Module
	name  string
}

func (s *scope) child() *scope {
	return &scope{parent: s, frame: s.frame, module: s.module}
}

func (s *scope) own(name string) *binding {
	if s.index != nil {
		return s.index[name]
	}
	for i := range s.slots {
		if s.slots[i].name == name {
			return s.slots[i].binding
		}
	}
	return nil
}

func (s *scope) find(name string) *binding {
	for at := s; at != nil; at = at.parent {
		if b := at.own(name); b != nil {
			return b
		}
	}
	return nil
}

func (s *scope) declare(name string, v Value, level int) *binding {
	if b := s.own(name); b != nil {
		b.value, b.level, b.from = v, level, nil
		return b
	}
	b := &binding{value: v, level: level}
	s.add(name, b)
	return b
}

func (s *scope) add(name string, b *binding) {
	s.slots = append(s.slots, slot{name, b})
	switch {
	case s.index != nil:
		s.index[name] = b
	case len(s.slots) > 12:
		s.index = make(map[string]*binding, 2*len(s.slots))
		for _, one := range s.slots {
			s.index[one.name] = one.binding
		}
	}
}

// functionScope is the scope that var declares in.
func (s *scope) functionScope() *scope {
	at := s
	for at.parent != nil && at.parent.frame == at.frame && at.parent.module == at.module {
		at = at.parent
	}
	return at
}
