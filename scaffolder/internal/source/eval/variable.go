package eval

// Variable is what a name at the top of a module stands for, exported or not; nil where
// there is none.
func (ev *Evaluator) Variable(m *Module, name string) Value {
	if m == nil || m.scope == nil {
		return nil
	}
	ev.Ensure(m)
	if b := m.scope.own(name); b != nil {
		return ev.read(b)
	}
	return nil
}
