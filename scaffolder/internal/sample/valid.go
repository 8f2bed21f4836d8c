package sample

import (
	"encoding/json"
	"math"
	"net/mail"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Direction says which properties count: readOnly ones are no part of a request,
// writeOnly ones no part of a response.
type Direction int

const (
	Response Direction = iota
	Request
)

// Valid says whether a value passes a schema.
func Valid(s *api.Schema, v any, d Direction) bool {
	return newJudge(d).valid(s, v, 0)
}

// judge is one run of Valid. Schemas that ask about each level twice would take
// exponential time, so what was found of an object is kept.
type judge struct {
	direction Direction
	known     map[question]bool
}

type question struct {
	schema *api.Schema
	object *Object
}

func newJudge(d Direction) *judge {
	return &judge{direction: d, known: map[question]bool{}}
}

func (j *judge) valid(s *api.Schema, v any, depth int) bool {
	if s == nil || depth > 200 {
		return true
	}
	o, is := v.(*Object)
	if !is {
		return j.judge(s, v, depth)
	}
	asked := question{s, o}
	if found, ok := j.known[asked]; ok {
		return found
	}
	j.known[asked] = true // while a schema leads back to itself
	found := j.judge(s, v, depth)
	j.known[asked] = found
	return found
}

func (j *judge) judge(s *api.Schema, v any, depth int) bool {
	if s.Never {
		return false
	}
	if s.Nullable && v == nil {
		return true
	}
	if s.Ref != nil && !j.valid(s.Ref, v, depth+1) {
		return false
	}
	return hasType(s, v) && inSet(s, v) && j.validKind(s, v, depth) && j.validComposition(s, v, depth)
}

// hasType goes by the implied types, as the types and validators of a server do.
func hasType(s *api.Schema, v any) bool {
	types := s.ImpliedTypes()
	for _, t := range types {
		if is(t, v) {
			return true
		}
	}
	return len(types) == 0
}

func is(t api.Type, v any) bool {
	switch x := v.(type) {
	case nil:
		return t == api.Null
	case bool:
		return t == api.Boolean
	case string:
		return t == api.String
	case json.Number:
		return t == api.Numeric || t == api.Integer && isInteger(x)
	case []any:
		return t == api.Array
	case *Object:
		return t == api.Object
	}
	return false
}

func isInteger(n json.Number) bool {
	f, err := n.Float64()
	return err == nil && f == math.Trunc(f)
}

func inSet(s *api.Schema, v any) bool {
	if s.Const != "" {
		c, err := Parse(s.Const)
		if err != nil || !equal(c, v) {
			return false
		}
	}
	if !s.HasEnum {
		return true
	}
	for _, each := range s.Enum {
		if e, err := Parse(each); err == nil && equal(e, v) {
			return true
		}
	}
	return false
}

func (j *judge) validKind(s *api.Schema, v any, depth int) bool {
	switch x := v.(type) {
	case string:
		return validString(s, x)
	case json.Number:
		return validNumber(s, x)
	case []any:
		return j.validArray(s, x, depth)
	case *Object:
		return j.validObject(s, x, depth)
	}
	return true
}

func validString(s *api.Schema, v string) bool {
	n := utf8.RuneCountInString(v)
	if s.MinLength != "" && n < count(s.MinLength) || s.MaxLength != "" && n > count(s.MaxLength) {
		return false
	}
	if s.Pattern != "" {
		if re := compile(s.Pattern); re == nil || !re.MatchString(v) {
			return false
		}
	}
	return validFormat(s.Format, v)
}

func count(n api.Number) int {
	out, err := strconv.Atoi(string(n))
	if err != nil {
		return math.MaxInt32
	}
	return out
}

var (
	uuidForm     = regexp.MustCompile(`(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)
	uriForm      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]*[/:]?[^\s<>"{}|\\^` + "`" + `]*$`)
	durationForm = regexp.MustCompile(`^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)$`)
	hostForm     = regexp.MustCompile(`(?i)^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	base64Form   = regexp.MustCompile(`^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`)
	urlForm      = regexp.MustCompile(`^(https?|ftp)://[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(:\d{2,5})?(/\S*)?$`)
	ipv4Form     = regexp.MustCompile(`^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}$`)
	timeForm     = regexp.MustCompile(`(?i)^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d\d:\d\d)$`)
)

// validFormat is a little stricter than a server would be: it judges examples.
func validFormat(format, v string) bool {
	switch format {
	case "date-time":
		_, err := time.Parse(time.RFC3339Nano, v)
		return err == nil
	case "date":
		_, err := time.Parse("2006-01-02", v)
		return err == nil
	case "time":
		return timeForm.MatchString(v)
	case "uuid":
		return uuidForm.MatchString(v)
	case "email":
		a, err := mail.ParseAddress(v)
		return err == nil && a.Address == v && strings.Contains(v[strings.LastIndex(v, "@"):], ".")
	case "uri":
		return uriForm.MatchString(v) && strings.ContainsAny(v, "/:")
	case "url":
		return urlForm.MatchString(v)
	case "duration":
		return durationForm.MatchString(v) && len(v) > 1 && !strings.HasSuffix(v, "T")
	case "hostname":
		return hostForm.MatchString(v)
	case "ipv4":
		return ipv4Form.MatchString(v)
	case "byte":
		return base64Form.MatchString(v)
	case "uri-reference":
		return !strings.ContainsAny(v, " <>\"\\^`|{}")
	case "uri-template":
		return !strings.ContainsAny(v, " <>\"\\^`|")
	case "ipv6":
		a, err := netip.ParseAddr(v)
		return err == nil && a.Is6() && a.Zone() == ""
	case "json-pointer":
		return v == "" || strings.HasPrefix(v, "/")
	case "relative-json-pointer":
		return v != "" && v[0] >= '0' && v[0] <= '9'
	}
	return true
}

func validNumber(s *api.Schema, n json.Number) bool {
	v, err := n.Float64()
	if err != nil {
		return false
	}
	bound := func(b api.Number, ok func(float64) bool) bool {
		f, err := strconv.ParseFloat(string(b), 64)
		return b == "" || err != nil || ok(f)
	}
	return bound(s.Minimum, func(b float64) bool { return v >= b }) &&
		bound(s.Maximum, func(b float64) bool { return v <= b }) &&
		bound(s.ExclusiveMinimum, func(b float64) bool { return v > b }) &&
		bound(s.ExclusiveMaximum, func(b float64) bool { return v < b }) &&
		bound(s.MultipleOf, func(b float64) bool { q := v / b; return math.Abs(q-math.Round(q)) < 1e-9 }) &&
		(s.Format != "int32" || math.Abs(v) < 1<<31) &&
		(s.Format != "int64" || math.Abs(v) < 1<<53)
}

func (j *judge) validArray(s *api.Schema, items []any, depth int) bool {
	if s.MinItems != "" && len(items) < count(s.MinItems) || s.MaxItems != "" && len(items) > count(s.MaxItems) {
		return false
	}
	matching := 0
	for i, item := range items {
		schema := s.Items
		if i < len(s.PrefixItems) {
			schema = s.PrefixItems[i]
		}
		if !j.valid(schema, item, depth+1) {
			return false
		}
		if s.Contains != nil && j.valid(s.Contains, item, depth+1) {
			matching++
		}
		for _, other := range items[:i] {
			if s.UniqueItems && equal(other, item) {
				return false
			}
		}
	}
	least := 1
	if s.MinContains != "" {
		least = count(s.MinContains)
	}
	if s.Contains != nil && (matching < least || s.MaxContains != "" && matching > count(s.MaxContains)) {
		return false
	}
	return s.UnevaluatedItems == nil || !s.UnevaluatedItems.Never || len(items) <= len(s.PrefixItems) || s.Items != nil
}

func (j *judge) validObject(s *api.Schema, o *Object, depth int) bool {
	for _, name := range s.Required {
		if !o.Has(name) && !hidden(s.Property(name), j.direction) {
			return false
		}
	}
	for _, key := range o.Keys {
		if !j.validProperty(s, key, o.Values[key], depth) {
			return false
		}
	}
	for _, dependent := range s.DependentRequired {
		for _, name := range dependent.Required {
			if o.Has(dependent.Name) && !o.Has(name) {
				return false
			}
		}
	}
	for _, dependent := range s.DependentSchemas {
		if o.Has(dependent.Name) && !j.valid(dependent.Schema, o, depth+1) {
			return false
		}
	}
	return (s.MinProperties == "" || len(o.Keys) >= count(s.MinProperties)) &&
		(s.MaxProperties == "" || len(o.Keys) <= count(s.MaxProperties))
}

func (j *judge) validProperty(s *api.Schema, key string, v any, depth int) bool {
	if s.PropertyNames != nil && !j.valid(s.PropertyNames, key, depth+1) {
		return false
	}
	known := false
	if p := s.Property(key); p != nil {
		known = true
		if !j.valid(p, v, depth+1) {
			return false
		}
	}
	for _, p := range s.PatternProperties {
		if re := compile(p.Pattern); re != nil && re.MatchString(key) {
			known = true
			if !j.valid(p.Schema, v, depth+1) {
				return false
			}
		}
	}
	return known || j.valid(s.AdditionalProperties, v, depth+1)
}

// hidden says that a property is no part of values in this direction, and that
// required asks for it in the other one only.
func hidden(s *api.Schema, d Direction) bool {
	if s == nil {
		return false
	}
	target := s.Target()
	if d == Response {
		return s.WriteOnly || target != nil && target.WriteOnly
	}
	return s.ReadOnly || target != nil && target.ReadOnly
}

func (j *judge) validComposition(s *api.Schema, v any, depth int) bool {
	for _, each := range s.AllOf {
		if !j.valid(each, v, depth+1) {
			return false
		}
	}
	if !j.validAlternatives(s, v, depth) {
		return false
	}
	if s.Not != nil && j.valid(s.Not, v, depth+1) {
		return false
	}
	if s.If != nil {
		branch := s.Else
		if j.valid(s.If, v, depth+1) {
			branch = s.Then
		}
		return j.valid(branch, v, depth+1)
	}
	return true
}

// validAlternatives goes by the discriminator where it picks one, as a server does.
func (j *judge) validAlternatives(s *api.Schema, v any, depth int) bool {
	if picked := s.Discriminator.Pick(tagOf(s.Discriminator, v)); picked != nil {
		return j.valid(picked, v, depth+1)
	}
	return (len(s.AnyOf) == 0 || j.passing(s.AnyOf, v, depth, 1) > 0) &&
		(len(s.OneOf) == 0 || j.passing(s.OneOf, v, depth, 2) == 1)
}

// tagOf is the text that a value has where the discriminator looks.
func tagOf(d *api.Discriminator, v any) string {
	o, ok := v.(*Object)
	if !ok || d == nil {
		return ""
	}
	tag, _ := o.Values[d.Property].(string)
	return tag
}

// passing counts the alternatives that a value passes, up to enough of them: where
// each asks all of them again, counting on would take forever.
func (j *judge) passing(alternatives []*api.Schema, v any, depth, enough int) int {
	n := 0
	for _, each := range alternatives {
		if n == enough {
			break
		}
		if j.valid(each, v, depth+1) {
			n++
		}
	}
	return n
}

// alternatives lists those of oneOf and anyOf that the value passes, at most one
// of each.
func alternatives(s *api.Schema, v any, d Direction) []*api.Schema {
	if picked := s.Discriminator.Pick(tagOf(s.Discriminator, v)); picked != nil {
		return []*api.Schema{picked}
	}
	var out []*api.Schema
	for _, list := range [][]*api.Schema{s.OneOf, s.AnyOf} {
		for _, each := range list {
			if Valid(each, v, d) {
				out = append(out, each)
				break
			}
		}
	}
	return out
}
