package schema

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// Model is a model of a database that gets all of the body, or of a value in it, as in
// User.create(req.body): what the model has is what callers can send.
type Model struct {
	Part   *handler.PartHost
	Fields []Field
	// Class is the class of the program that says what the fields are; nil: Fields do.
	Class *eval.Class
	// Without are the fields that the program gives itself.
	Without []string
	// Partly says that fields may be left out: something is changed.
	Partly bool
	At     eval.Place
}

// Model reads a call that stores the body, or a value in it.
func (r *Reader) Model(t *eval.Term) (Model, bool) {
	out := Model{At: t.At}
	var of eval.Value
	switch callee, ok := t.Of.(*eval.Term); {
	case t.Kind == eval.Made:
		of = t.Of
	case ok && t.Kind == eval.Called && callee.Kind == eval.Member && stores(callee.Name):
		of, out.Partly = callee.Of, changes(callee.Name)
	default:
		return out, false
	}
	for _, a := range t.Args {
		if part, without := wholePart(a); part != nil && part.Part == handler.Body {
			out.Part, out.Without = part, without
			break
		}
	}
	if out.Part == nil {
		return out, false
	}
	for _, v := range append([]eval.Value{of}, t.Args...) {
		if c, ok := v.(*eval.Class); ok {
			out.Class = c // manager.create(User, req.body)
			return out, true
		}
		if out.Class, out.Fields = r.modelOf(v); out.Class != nil || len(out.Fields) > 0 {
			return out, true
		}
	}
	return out, false
}

// stores says whether a method of models takes what is to be stored.
func stores(name string) bool {
	switch name {
	case "create", "insert", "insertMany", "insertOne", "build", "bulkCreate", "bulkBuild", "save", "upsert", "preload":
		return true
	}
	return changes(name)
}

func changes(name string) bool {
	switch name {
	case "update", "updateOne", "findByIdAndUpdate", "findOneAndUpdate", "findOneAndReplace", "replaceOne", "merge":
		return true
	}
	return false
}

// wholePart is the part of the request that a value is, or that was put into it as a whole,
// with the names that are given beside it.
func wholePart(v eval.Value) (*handler.PartHost, []string) {
	if p := handler.PartOf(v); p != nil {
		return p, nil
	}
	o, ok := v.(*eval.Object)
	if !ok || o.Host != nil {
		return nil, nil
	}
	if set, ok := o.Get("$set").(*eval.Object); ok {
		return wholePart(set)
	}
	for _, s := range o.Spread() {
		if p := handler.PartOf(s); p != nil {
			return p, slices.Clone(o.Keys())
		}
	}
	return nil, nil
}

// modelOf is what the fields of a model are: of mongoose.model(name, schema),
// sequelize.define(name, attributes), getModelForClass(Class), getRepository(Class).
func (r *Reader) modelOf(v eval.Value) (*eval.Class, []Field) {
	t, ok := v.(*eval.Term)
	if !ok || t.Kind != eval.Called {
		return nil, nil
	}
	callee, ok := t.Of.(*eval.Term)
	if !ok || callee.Kind != eval.Member {
		return nil, nil
	}
	switch callee.Name {
	case "model", "define", "discriminator":
		if len(t.Args) > 1 {
			return nil, r.columns(t.Args[1])
		}
	case "getModelForClass", "getRepository", "getMongoRepository", "getTreeRepository":
		if len(t.Args) > 0 {
			c, _ := t.Args[0].(*eval.Class)
			return c, nil
		}
	}
	return nil, nil
}

// columns are the fields of a definition, or of the schema that was made of one.
func (r *Reader) columns(v eval.Value) []Field {
	if t, ok := v.(*eval.Term); ok && (t.Kind == eval.Made || t.Kind == eval.Called) && len(t.Args) > 0 {
		v = t.Args[0]
	}
	o, ok := v.(*eval.Object)
	if !ok || o.Host != nil {
		return nil
	}
	var out []Field
	for _, k := range o.Keys() {
		if IsKept(k) {
			continue
		}
		s, required := r.column(o.Get(k), 0)
		if s != nil {
			out = append(out, Field{k, s, required})
		}
	}
	return out
}

// IsKept says whether a database keeps a field by itself.
func IsKept(name string) bool {
	switch name {
	case "id", "_id", "__v", "createdAt", "updatedAt", "deletedAt", "created_at", "updated_at", "deleted_at":
		return true
	}
	return false
}

// column is the schema of one field: of a type, a list of them, {type: …}, or an object of
// fields.
func (r *Reader) column(v eval.Value, depth int) (s *api.Schema, required bool) {
	if depth > 6 {
		return &api.Schema{}, false
	}
	switch x := v.(type) {
	case *eval.Native:
		return columnType(x.Name), false
	case eval.String:
		return columnType(string(x)), false
	case *eval.Term:
		if len(x.Args) > 0 && x.Kind == eval.Made {
			if inner, ok := x.Args[0].(*eval.Object); ok { // a schema in a schema
				return r.columnObject(inner, depth), false
			}
		}
		return columnType(lastOf(x)), false
	case *eval.Array:
		s = &api.Schema{Types: []api.Type{api.Array}, Items: &api.Schema{}}
		if len(x.Elements) > 0 {
			s.Items, _ = r.column(x.Elements[0], depth+1)
		}
		return s, false
	case *eval.Object:
		if x.Host != nil {
			return &api.Schema{}, false
		}
		typ := x.Get("type")
		if inner, ok := typ.(*eval.Object); typ == nil || ok && inner.Get("type") != nil {
			return r.columnObject(x, depth), false
		}
		s, _ = r.column(typ, depth+1)
		return r.columnRules(s, x)
	}
	return &api.Schema{}, false
}

func (r *Reader) columnObject(o *eval.Object, depth int) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}}
	for _, k := range o.Keys() {
		if k == "_id" || k == "timestamps" {
			continue
		}
		inner, required := r.column(o.Get(k), depth+1)
		s.Properties = append(s.Properties, &api.Property{Name: k, Schema: inner})
		if required {
			s.Required = append(s.Required, k)
		}
	}
	return s
}

// columnRules takes what a definition says beside the type.
func (r *Reader) columnRules(s *api.Schema, o *eval.Object) (*api.Schema, bool) {
	out := *s
	values, _ := o.Get("enum").(*eval.Array)
	if e, ok := o.Get("enum").(*eval.Object); ok {
		values, _ = e.Get("values").(*eval.Array)
	}
	if values != nil && !values.Open {
		for _, v := range values.Elements {
			if json, ok := JSON(v); ok && v != (eval.Value)(eval.Null{}) {
				out.Enum, out.HasEnum = append(out.Enum, json), true
			}
		}
	}
	required := o.Get("required")
	if list, ok := required.(*eval.Array); ok && len(list.Elements) > 0 {
		required = list.Elements[0] // [true, 'a message']
	}
	_, said := required.(eval.String) // required: 'a message'
	if null, ok := o.Get("allowNull").(eval.Bool); ok && !bool(null) {
		said = true
	}
	given := o.Get("default") != nil || o.Get("defaultValue") != nil || o.Get("autoIncrement") != nil
	return &out, (said || required == eval.Value(eval.Bool(true))) && !given
}

// lastOf is the last name of a term: Schema.Types.ObjectId, DataTypes.STRING(20).
func lastOf(t *eval.Term) string {
	for t.Kind == eval.Called || t.Kind == eval.Made {
		of, ok := t.Of.(*eval.Term)
		if !ok {
			return ""
		}
		t = of
	}
	return t.Name
}

func columnType(name string) *api.Schema {
	switch name {
	case "String", "string", "ObjectId", "ObjectID", "STRING", "TEXT", "CHAR", "UUID", "ENUM", "CITEXT", "Buffer", "Decimal128", "UUIDV4":
		return &api.Schema{Types: []api.Type{api.String}}
	case "Date", "date", "DATE":
		return &api.Schema{Types: []api.Type{api.String}, Format: "date-time"}
	case "DATEONLY":
		return &api.Schema{Types: []api.Type{api.String}, Format: "date"}
	case "Number", "number", "FLOAT", "DOUBLE", "DECIMAL", "REAL", "NUMBER":
		return &api.Schema{Types: []api.Type{api.Numeric}}
	case "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT":
		return &api.Schema{Types: []api.Type{api.Integer}}
	case "Boolean", "boolean", "BOOLEAN":
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case "Array", "ARRAY":
		return &api.Schema{Types: []api.Type{api.Array}, Items: &api.Schema{}}
	case "Object", "Map", "JSON", "JSONB":
		return &api.Schema{Types: []api.Type{api.Object}}
	}
	return &api.Schema{}
}
