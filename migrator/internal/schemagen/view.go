package schemagen

import (
	"fmt"
	"strings"
)

// function is a function or procedure in SQL.
type function struct {
	name       string
	args       []typeRef
	result     typeRef
	volatility int
	flags      int
	body       int
	setof      bool
	procedure  bool
	traits
}

func (r *source) function(i int) function {
	f := function{name: name("f", i), result: r.typeRef(), volatility: r.IntN(3), flags: r.IntN(16), body: r.IntN(3), setof: r.chance(10), procedure: r.chance(10), traits: r.traits()}
	for range r.IntN(3) {
		f.args = append(f.args, r.typeRef())
	}
	return f
}

// signature is the function's name with its argument types.
func (s *Schema) signature(f function) string {
	var args []string
	for _, a := range f.args {
		sql, _, _ := s.resolve(a)
		args = append(args, sql)
	}
	return f.name + "(" + strings.Join(args, ", ") + ")"
}

// call is an expression that calls the function with nulls.
func (s *Schema) call(f function) string {
	var args []string
	for _, a := range f.args {
		sql, _, _ := s.resolve(a)
		args = append(args, "NULL::"+sql)
	}
	return f.name + "(" + strings.Join(args, ", ") + ")"
}

// scalar finds the i-th function that may be called in an expression.
func (s *Schema) scalar(i int, immutable bool) (function, bool) {
	for n := range s.functions {
		f := s.functions[(i+n)%len(s.functions)]
		if !f.procedure && !f.setof && (!immutable || f.volatility == 2) {
			return f, true
		}
	}
	return function{}, false
}

func (s *Schema) renderFunction(b *strings.Builder, f function) {
	result, _, _ := s.resolve(f.result)
	kind := "FUNCTION"
	args := strings.TrimPrefix(s.signature(f), f.name)
	if f.procedure {
		kind = "PROCEDURE"
		fmt.Fprintf(b, "CREATE PROCEDURE %s%s LANGUAGE sql AS $f$SELECT %d$f$;\n", f.name, args, f.body)
	} else {
		setof := ""
		if f.setof {
			setof = "SETOF "
		}
		fmt.Fprintf(b, "CREATE FUNCTION %s%s RETURNS %s%s LANGUAGE sql %s", f.name, args, setof, result, []string{"VOLATILE", "STABLE", "IMMUTABLE"}[f.volatility])
		for i, flag := range []string{"STRICT", "SECURITY DEFINER", "PARALLEL SAFE", "SET work_mem TO '1MB'"} {
			if f.flags&(1<<i) != 0 && f.flags%3 == 0 {
				b.WriteString(" " + flag)
			}
		}
		fmt.Fprintf(b, " AS $f$SELECT NULL::%s /* %d; it's */$f$;\n", result, f.body)
	}
	f.traits.render(b, kind, kind, s.signature(f), "EXECUTE")
}

// view reads a table or an earlier view.
type view struct {
	name         string
	source       int
	columns      []string
	where        bool
	call         int // of a function, 0 is none
	materialized bool
	options      int
	index        int
	traits
}

func (r *source) view(i int) view {
	v := view{name: name("v", i), source: r.IntN(12), where: r.chance(40), call: r.pick(4), materialized: r.chance(30), options: r.pick(2), index: r.IntN(3), traits: r.traits()}
	for c := range 7 {
		if r.chance(50) {
			v.columns = append(v.columns, columnName(c))
		}
	}
	return v
}

func (r *source) varyView(v view) view {
	fresh := r.view(0)
	switch r.IntN(4) {
	case 0:
		v.columns = fresh.columns
	case 1:
		v.where, v.call = fresh.where, fresh.call
	case 2:
		v.options, v.index, v.traits = fresh.options, fresh.index, fresh.traits
	case 3:
		v.source = fresh.source
	}
	return v
}

// relation is something that a view can read.
type relation struct {
	name    string
	columns []string
	sorts   map[string]bool // columns that can be indexed
}

func (s *Schema) renderView(b *strings.Builder, v view, sources []relation) relation {
	out := relation{name: v.name, sorts: map[string]bool{}}
	var list []string
	from, filter := "", ""
	if len(sources) > 0 {
		src := sources[v.source%len(sources)]
		from = " FROM " + src.name
		for _, c := range src.columns {
			for _, want := range v.columns {
				if c == want {
					list = append(list, c)
					out.columns = append(out.columns, c)
					out.sorts[c] = src.sorts[c]
				}
			}
		}
		if v.where && len(list) > 0 {
			filter = " WHERE " + list[0] + " IS NOT NULL"
		}
	}
	if f, ok := s.scalar(v.call, false); ok && v.call > 0 {
		list = append(list, s.call(f)+" AS called")
	}
	if len(list) == 0 {
		list = append(list, "1 AS one")
	}
	kind, with := "VIEW", ""
	if !v.materialized {
		v.owner = 0 // a materialized view that reads it would want privileges of the owner's
	}
	if v.materialized {
		kind = "MATERIALIZED VIEW"
		with = []string{"", " WITH (fillfactor=70)", " WITH (autovacuum_enabled=false)"}[v.options]
	} else {
		with = []string{"", " WITH (security_barrier=true)", " WITH (security_invoker=true)"}[v.options]
	}
	fmt.Fprintf(b, "CREATE %s %s%s AS SELECT %s%s%s;\n", kind, v.name, with, strings.Join(list, ", "), from, filter)
	if v.materialized && v.index > 0 {
		for _, c := range out.columns {
			if out.sorts[c] {
				fmt.Fprintf(b, "CREATE %sINDEX %s_i ON %s (%s);\n", []string{"", "", "UNIQUE "}[v.index], v.name[len(v.name)-2:], v.name, c)
				break
			}
		}
	}
	if !v.materialized && v.index == 2 {
		fmt.Fprintf(b, "CREATE TRIGGER instead INSTEAD OF INSERT ON %s FOR EACH ROW EXECUTE FUNCTION app.touch();\n", v.name)
	}
	if len(out.columns) > 0 && v.comment > 0 {
		fmt.Fprintf(b, "COMMENT ON COLUMN %s.%s IS 'of a view %d';\n", v.name, out.columns[0], v.comment)
	}
	v.traits.render(b, kind, "TABLE", v.name, "SELECT")
	return out
}
