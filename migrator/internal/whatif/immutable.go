package whatif

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// makeable says why the server would not make an index whose keys are expressions:
// only what is immutable may be one. HypoPG knows that itself; elsewhere the planner
// is asked, which computes immutable expressions of constants beforehand and leaves
// all others in the plan.
func (p *pool) makeable(ctx context.Context, i *advise.Index) (refused, err error) {
	for _, k := range i.Keys {
		if k.Column != "" {
			continue
		}
		s, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		refused, err := s.immutable(ctx, i.Table, k.Expr)
		p.give(s)
		if refused != nil || err != nil {
			return refused, err
		}
	}
	return nil, nil
}

// examples are values that most functions take, by type.
var examples = map[string]string{
	"text": "1", "character varying": "1", "character": "1", "citext": "1", "bigint": "1", "integer": "1", "smallint": "1", "numeric": "1",
	"double precision": "1", "real": "1", "boolean": "true", "date": "2020-01-01", "timestamp without time zone": "2020-01-01 00:00:00",
	"timestamp with time zone": "2020-01-01 00:00:00Z", "interval": "1 day", "uuid": "00000000-0000-0000-0000-000000000001",
	"tsvector": "a", "inet": "127.0.0.1", "bytea": "a",
}

var (
	typeModifier = regexp.MustCompile(`\(\d+(?:,-?\d+)?\)`)
	quoted       = regexp.MustCompile(`'((?:[^']|'')*)'`)
)

// example is a value of a type, for an expression. In JSON the constants of the
// expression are taken for keys, one below the other.
func example(typ, expr string) (value string, known bool) {
	typ = typeModifier.ReplaceAllString(typ, "")
	switch {
	case strings.HasSuffix(typ, "[]"):
		return "{}", true
	case typ == "json" || typ == "jsonb":
		keys := quoted.FindAllStringSubmatch(expr, -1)
		var doc any = "1"
		for range keys {
			level := map[string]any{}
			for _, k := range keys {
				level[strings.ReplaceAll(k[1], "''", "'")] = doc
			}
			doc = level
		}
		text, err := json.Marshal(doc)
		return string(text), err == nil
	}
	value, known = examples[typ]
	return value, known
}

// immutable asks the planner for an expression of a table's columns, which have
// some value each. What cannot be told is refused: a migration that fails is worse
// than one index less.
func (s *session) immutable(ctx context.Context, t *advise.Table, expr string) (refused, err error) {
	if known, ok := s.expressions[expr+" of "+t.String()]; ok {
		return known, nil
	}
	defer func() {
		if err == nil {
			s.expressions[expr+" of "+t.String()] = refused
		}
	}()
	cannot := func(why string) (error, error) {
		return &advise.Refusal{Reason: "cannot tell whether " + expr + " is immutable: " + why}, nil
	}
	var columns []string
	for _, c := range t.Columns {
		if !strings.Contains(expr, catalog.Quote(c.Name)) {
			continue
		}
		value, known := example(c.Type, expr)
		if !known {
			return cannot("its column " + c.Name + " is of type " + c.Type)
		}
		columns = append(columns, catalog.Literal(value)+"::"+c.Type+" AS "+catalog.Quote(c.Name))
	}
	if len(columns) == 0 {
		return cannot("it names no column")
	}
	answer, err := s.answer(ctx, "EXPLAIN "+workload.Tag+" (VERBOSE, FORMAT JSON) SELECT ("+expr+") FROM (SELECT "+strings.Join(columns, ", ")+") t")
	if e := pgdb.AsError(err); e != nil {
		return cannot(e.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("asking for an expression: %w", err)
	}
	var plans []struct{ Plan struct{ Output []string } }
	if err := json.Unmarshal([]byte(answer), &plans); err != nil || len(plans) != 1 || len(plans[0].Plan.Output) != 1 {
		return nil, errors.Join(fmt.Errorf("reading the plan of an expression: %s", answer), err)
	}
	if out := plans[0].Plan.Output[0]; !isConstant(out) {
		return &advise.Refusal{Reason: expr + " is not immutable"}, nil
	} else if strings.HasPrefix(out, "NULL::") && strings.Contains(expr, "(") {
		return cannot("no example for its columns") // a strict function of NULL is NULL whatever it is
	}
	return nil, nil
}

// isConstant says whether an expression of a plan is a computed value.
func isConstant(text string) bool {
	n, err := pgsql.ParseOne("SELECT " + text)
	if err != nil {
		return false
	}
	q, ok := n.(*pgsql.SelectStmt)
	if !ok || len(q.TargetList) != 1 {
		return false
	}
	target, ok := q.TargetList[0].(*pgsql.ResTarget)
	if !ok {
		return false
	}
	value := target.Val
	if cast, ok := value.(*pgsql.TypeCast); ok {
		value = cast.Arg // of the constant; a second one would be left to do
	}
	_, ok = value.(*pgsql.AConst)
	return ok
}
