package datagen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// tableFile is the file of one table: its definition.
func (g *generator) tableFile(r *restapi.Resource) string {
	const apiModule, tableModule = "../types/api.js", "./table.js"
	file := typescript.NewFile(typescript.Module{Path: apiModule, As: "api", Types: true}, typescript.Module{Path: compositesModule, As: "composites"},
		typescript.Module{Path: tableModule}, typescript.Module{Path: valuesModule})
	table := file.Use(tableModule, "Table")
	here := codecs{composite: func(t *relation.Type) string { return file.Use(compositesModule, g.composites.names[t.Name]) }, value: valuesOf(file)}
	members := []typescript.Doc{
		member("path", quoted(r.Path)),
		member("from", quoted(tableName(r.Table)+" AS t")),
	}
	if len(r.Table.Heirs) > 0 {
		members = append(members, member("family", quoted(tableName(r.Table))))
	}
	members = append(members,
		member("columns", rows(columns(r, here))),
		member("key", texts(fieldNames(r.Key))),
		member("expansions", g.expansions(r, here)),
		member("filters", rows(filters(r))),
		member("sortable", texts(sortable(r))),
		member("constraints", rows(constraints(r))),
		member("references", texts(references(r))),
		member("parents", rows(parents(r))),
	)
	if r.SoftDelete != nil {
		column := identifier(r.SoftDelete.Column.Name)
		members = append(members,
			member("live", quoted("t."+column+" IS NULL")),
			member("remove", quoted("UPDATE "+tableName(r.Table)+" AS t SET "+column+" = now()")))
	}
	var b strings.Builder
	b.WriteString(g.toolHeader() + "\n\n// " + typescript.LineComment(r.Table.Schema+"."+r.Table.Name) + ": its columns, their SQL, and what a request may ask for.\n\n")
	declared := declaration("export const "+g.constants[r]+": "+table, []string{file.Use(apiModule, r.Row), file.Use(apiModule, r.View)}, "new "+table, members)
	b.WriteString(file.Imports() + "\n" + typescript.Comment(0, r.Table.Comment) + typescript.Render(declared, 0) + "\n")
	return b.String()
}

// declaration is a constant of a type with arguments, made by a call with one object.
// Where name and type nearly fill the line, the call or the object begins the next one.
func declaration(name string, arguments []string, call string, members []typescript.Doc) typescript.Doc {
	value := typescript.Cat(typescript.Text(call+"("), typescript.Expanded(members...), typescript.Text(");"))
	head := name + "<" + strings.Join(arguments, ", ") + "> ="
	switch n := typescript.Columns(head); {
	case n > typescript.Width:
		var each []typescript.Doc
		for _, a := range arguments {
			each = append(each, typescript.Text(a))
		}
		return typescript.Cat(typescript.Text(name), typescript.TypeArguments(each...), typescript.Text(" = "), value)
	case n+len(" "+call+"(") > typescript.Width:
		return typescript.Cat(typescript.Text(head), typescript.Indent(typescript.Hardline, value))
	case n+len(" "+call+"({") > typescript.Width:
		return typescript.Cat(typescript.Text(head+" "+call+"("), typescript.Indent(typescript.Hardline, typescript.Expanded(members...), typescript.Text(",")),
			typescript.Hardline, typescript.Text(");"))
	}
	return typescript.Cat(typescript.Text(head+" "), value)
}

func quoted(s string) typescript.Doc { return typescript.Text(typescript.Quote(s)) }

// member is a property. A long text stands on a line of its own, unless the name
// is so short that nothing is won.
func member(name string, value typescript.Doc) typescript.Doc {
	if t, is := value.(typescript.Text); is && len(t) > 0 && (t[0] == '\'' || t[0] == '"') && len(name) >= 5 {
		return typescript.Cat(typescript.Text(name+":"), typescript.Group(typescript.Indent(typescript.Line, value)))
	}
	return typescript.Cat(typescript.Text(name+": "), value)
}

func rows(items []typescript.Doc) typescript.Doc { return typescript.RowList(items) }

func texts(items []string) typescript.Doc {
	var docs []typescript.Doc
	for _, i := range items {
		docs = append(docs, quoted(i))
	}
	return typescript.List(docs...)
}

func fieldNames(fields []*restapi.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}

func columns(r *restapi.Resource, here codecs) []typescript.Doc {
	var out []typescript.Doc
	for _, f := range r.Fields {
		c := f.Column
		members := []typescript.Doc{
			member("name", quoted(f.Name)),
			member("sql", quoted(identifier(c.Name))),
			member("read", quoted(read("t."+identifier(c.Name), c.Type))),
			member("codec", typescript.Text(here.of(c.Type))),
			member("nullable", typescript.Text(truth(!c.NotNull))),
		}
		if by := order("t."+identifier(c.Name), c.Type); by != "" {
			members = append(members, member("order", quoted(by)))
		}
		if f.Input {
			members = append(members, member("input", typescript.Text("true")))
		}
		out = append(out, typescript.Object(members...))
	}
	return out
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func (g *generator) expansions(r *restapi.Resource, here codecs) typescript.Doc {
	var out []typescript.Doc
	for i, e := range r.Expands {
		alias := "e" + string(rune('0'+i%10))
		if i >= 10 {
			alias = "e" + string(rune('0'+i/10)) + alias[1:]
		}
		var on []string
		for j, c := range e.Key.Columns {
			on = append(on, alias+"."+identifier(e.Key.Targets[j].Name)+" = t."+identifier(c.Name))
		}
		var list []typescript.Doc
		for _, f := range e.Target.Fields {
			list = append(list, typescript.List(quoted(f.Name), quoted(read(alias+"."+identifier(f.Column.Name), f.Column.Type)), typescript.Text(here.of(f.Column.Type))))
		}
		if e.Target.SoftDelete != nil {
			on = append(on, alias+"."+identifier(e.Target.SoftDelete.Column.Name)+" IS NULL")
		}
		out = append(out, typescript.Cat(typescript.Text(key(e.Name)+": "), typescript.Expanded(
			member("join", quoted("LEFT JOIN "+referred(e.Target.Table)+" AS "+alias+" ON "+strings.Join(on, " AND "))),
			member("present", quoted(alias+"."+identifier(e.Key.Targets[0].Name))),
			member("columns", rows(list)))))
	}
	return typescript.Expanded(out...)
}

// referred is what a foreign key refers to: rows of tables that inherit are not meant.
func referred(t *relation.Table) string {
	if len(t.Heirs) > 0 {
		return "ONLY " + tableName(t)
	}
	return tableName(t)
}

// key is the name of a property; __proto__ would be no property without brackets.
func key(name string) string {
	if name == "__proto__" {
		return "['__proto__']"
	}
	return typescript.PropertyKey(name)
}

// comparisons are the operators of SQL behind those of parameters.
var comparisons = map[restapi.Comparison]string{
	"ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "like": "LIKE", "in": "in", "is": "is",
}

func filters(r *restapi.Resource) []typescript.Doc {
	var out []typescript.Doc
	for _, f := range r.Fields {
		if !f.Filter {
			continue
		}
		out = append(out, typescript.List(quoted(f.Parameter), quoted(f.Name), quoted("=")))
		for _, o := range restapi.Operators(f) {
			out = append(out, typescript.List(quoted(f.Parameter+"["+string(o)+"]"), quoted(f.Name), quoted(comparisons[o])))
		}
	}
	return out
}

func sortable(r *restapi.Resource) []string {
	var out []string
	for _, f := range r.Fields {
		if f.Filter {
			out = append(out, f.Name)
		}
	}
	return out
}

// constraints are the fields behind the name of each constraint, also of those by
// which other tables refer to this one.
func constraints(r *restapi.Resource) []typescript.Doc {
	var out []typescript.Doc
	add := func(name string, columns []*relation.Column) {
		var fields []string
		for _, c := range columns {
			if f := r.Field(c); f != nil {
				fields = append(fields, f.Name)
			}
		}
		out = append(out, typescript.List(quoted(name), texts(fields)))
	}
	for _, u := range r.Table.Uniques {
		add(u.Name, u.Columns)
	}
	for _, f := range r.Table.ForeignKeys {
		add(f.Name, f.Columns)
	}
	for _, c := range r.Table.Checks {
		var columns []*relation.Column
		for _, name := range c.Columns {
			columns = append(columns, r.Table.Column(name))
		}
		add(c.Name, columns)
	}
	return out
}

func references(r *restapi.Resource) []string {
	var out []string
	for _, f := range r.Table.ForeignKeys {
		out = append(out, f.Name)
	}
	return out
}

// parents are the rows that lists of this table may be bound to: the fields that
// refer to them, and how to see whether there is one.
func parents(r *restapi.Resource) []typescript.Doc {
	var out []typescript.Doc
	for _, e := range r.Expands {
		var fields, conditions []string
		for i, c := range e.Key.Columns {
			fields = append(fields, r.Field(c).Name)
			conditions = append(conditions, "t."+identifier(e.Key.Targets[i].Name))
		}
		text := "SELECT 1 FROM " + tableName(e.Target.Table) + " AS t WHERE (" + strings.Join(conditions, ", ") + ")"
		if e.Target.SoftDelete != nil {
			text = "SELECT 1 FROM " + tableName(e.Target.Table) + " AS t WHERE t." + identifier(e.Target.SoftDelete.Column.Name) + " IS NULL AND (" + strings.Join(conditions, ", ") + ")"
		}
		out = append(out, typescript.List(texts(fields), quoted(text)))
	}
	return out
}
