package lint

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// routine is a function or a procedure that the files make.
type routine struct {
	sql, text, language string
	body                pgsql.Node // BEGIN ATOMIC, in place of a text
}

// makes notes a routine: its body runs when a statement of the files calls it.
func (f *file) makes(x *pgsql.CreateFunctionStmt) {
	if len(x.Funcname) == 0 {
		return
	}
	name := x.Funcname[len(x.Funcname)-1].Sval
	text, language, _ := x.Body()
	r := routine{f.at.SQL, text, language, x.SqlBody}
	if x.Replace {
		f.routines[name] = nil
	}
	f.routines[name] = append(f.routines[name], r) // one for each signature
	f.uncalled[name]++
}

// calls judges what a call runs: the bodies of the routines of that name.
func (f *file) calls(x *pgsql.FuncCall) {
	f.runs(last(x.Funcname), f.place(x.Location))
}

// runs judges the bodies of the routines of a name, which run because of what stands
// at a place.
func (f *file) runs(name string, at int) {
	all := f.routines[name]
	if len(all) == 0 || slices.Contains(f.calling, name) {
		return
	}
	delete(f.uncalled, name)
	if f.pinned != nil { // what runs it stands in a body that runs from there
		at = *f.pinned
	}
	f.calling = append(f.calling, name)
	for _, r := range all {
		f.inBody(func(inner *file) {
			inner.pinned, inner.at.SQL = &at, r.sql
			switch {
			case r.body != nil:
				inner.query(r.body)
			case r.language == "sql":
				inner.sqlBody(r.text)
			default:
				inner.body(r.sql, r.text, r.language)
			}
		})
	}
	f.calling = f.calling[:len(f.calling)-1]
}

// do judges the body of DO.
func (f *file) do(x *pgsql.DoStmt) {
	text, language, _ := x.Body()
	sql := f.at.SQL
	f.inBody(func(inner *file) { inner.body(sql, text, language) })
}

// inBody lets judge look at what runs within the present statement, which is a
// transaction or a part of one. What it finds is of that statement, and nothing of it
// can be mended where it stands.
func (f *file) inBody(judge func(*file)) {
	inner := *f
	inner.inside, inner.begun = true, false
	together := f.together()
	if !together {
		inner.values, inner.locked, inner.open = nil, "", map[string]bool{}
	}
	before := len(f.result.Findings)
	judge(&inner)
	for i := range inner.result.Findings[before:] {
		inner.result.Findings[before+i].Fix = nil
	}
	f.result, f.warned = inner.result, inner.warned
	if together {
		f.values, f.locked = inner.values, inner.locked
	}
}

// body judges a body in PL/pgSQL. sql is the statement that holds it.
func (f *file) body(sql, text, language string) {
	if language != "plpgsql" {
		f.unread("the body is written in " + language)
		return
	}
	all, err := pgsql.Bodies(sql)
	if names, ok := filled(sql); err != nil && ok {
		sql = names
		text, _ = filled(text)
		if all, err = pgsql.Bodies(sql); err == nil {
			f.template()
		}
	}
	if err != nil {
		f.unread("PostgreSQL's parser refuses the body: " + err.Error())
		return
	}
	around, start := f.at, strings.Index(sql, text)
	made := variables{}
	for _, in := range all {
		at, lead := startOf(text, in)
		f.at.SQL, f.at.Offset = in.SQL, around.Offset+max(0, start)+at
		switch {
		case in.SQL == "":
			f.ended()
		case in.Dynamic:
			f.dynamic(in.SQL, made)
		case in.Target != "":
			f.inner(in.SQL, lead)
			made.set(in.Target, in.SQL)
		default:
			f.inner(in.SQL, lead)
		}
	}
	f.at = around
}

// startOf is where a statement stands in its body, by its line and its first word.
// lead is how much of it does not stand there: the SELECT before an expression.
func startOf(body string, in pgsql.Inner) (at, lead int) {
	for range in.Line - 1 {
		at += strings.IndexByte(body[at:], '\n') + 1
	}
	expression := strings.TrimPrefix(in.SQL, "SELECT ")
	for _, text := range []string{in.SQL, expression, strings.TrimSpace(expression), firstWord(expression)} {
		if i := strings.Index(body[at:], text); i >= 0 && text != "" {
			if text != in.SQL {
				lead = strings.Index(in.SQL, text)
			}
			return at + i, lead
		}
	}
	return at, 0
}

func firstWord(sql string) string {
	words := strings.Fields(sql)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

func (f *file) sqlBody(text string) {
	for _, st := range sqltext.Split(text) {
		if st.SQL != "" {
			f.inner(st.SQL, 0)
		}
	}
}

// inner judges one statement of a body, whose first lead bytes are not in the file.
func (f *file) inner(sql string, lead int) {
	node, err := pgsql.ParseOne(sql)
	if err != nil {
		f.unread("a statement of the body does not parse: " + err.Error())
		return
	}
	around := f.at.SQL
	f.at.SQL, f.shift = sql, f.at.Offset-lead
	f.judge(node)
	f.at.SQL = around
}

// dynamic judges EXECUTE, as far as the text that it executes can be told.
func (f *file) dynamic(expression string, made variables) {
	node, err := pgsql.ParseOne("SELECT " + expression)
	if err == nil {
		f.query(node) // it may call what the files make
	}
	text, ok := filled(made.text(node))
	statements, err := pgsql.Parse(text)
	if err != nil || len(statements) == 0 {
		f.unread("it executes a text that is made at run time (" + shortened(expression) + ")")
		return
	}
	if ok {
		f.template()
	}
	if f.pinned == nil { // places of the text are none of the file
		at := f.at.Offset
		f.pinned = &at
		defer func() { f.pinned = nil }()
	}
	for _, st := range statements {
		f.at.SQL, f.shift = text[st.From:st.To], f.at.Offset-st.From
		f.judge(st.Node)
	}
}

func shortened(sql string) string {
	const most = 60
	sql = strings.Join(strings.Fields(sql), " ")
	if r := []rune(sql); len(r) > most {
		return string(r[:most]) + "…"
	}
	return sql
}

// unread says that something that runs was not judged.
func (f *file) unread(why string) {
	f.foundAt("not-looked-into", f.at.Offset, "not judged: "+why)
}
