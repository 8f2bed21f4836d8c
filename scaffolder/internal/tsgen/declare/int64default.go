package declare

import (
	"math/big"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// DefaultOf is the default of a value that a client leaves out; "" where there is
// none, or none that its schema allows. Exact integers go up to 64 bits.
func (f Int64Form) DefaultOf(s *api.Schema) api.Value {
	target := s.Target()
	if v := DefaultOf(s); v != "" || target == nil || !f.Holds(target) {
		return v
	}
	v := s.Default
	if v == "" {
		v = target.Default
	}
	digits, whole := wholeNumber(string(v))
	n, ok := new(big.Int).SetString(digits, 10)
	if v.Type() != api.Numeric || !whole || !ok || !n.IsInt64() || !withinBounds(target, n) {
		return ""
	}
	rest := *target
	rest.Format, rest.Minimum, rest.Maximum, rest.ExclusiveMinimum, rest.ExclusiveMaximum, rest.MultipleOf = "", "", "", "", "", ""
	if parsed, err := sample.Parse(v); err != nil || !sample.Valid(&rest, parsed, sample.Request) {
		return ""
	}
	return v
}

// withinBounds compares to the last digit.
func withinBounds(s *api.Schema, n *big.Int) bool {
	value := new(big.Rat).SetInt(n)
	holds := func(bound api.Number, ok func(*big.Rat) bool) bool {
		b, isNumber := new(big.Rat).SetString(string(bound))
		return len(bound) > 40 || !isNumber || ok(b)
	}
	return holds(s.Minimum, func(b *big.Rat) bool { return value.Cmp(b) >= 0 }) &&
		holds(s.Maximum, func(b *big.Rat) bool { return value.Cmp(b) <= 0 }) &&
		holds(s.ExclusiveMinimum, func(b *big.Rat) bool { return value.Cmp(b) > 0 }) &&
		holds(s.ExclusiveMaximum, func(b *big.Rat) bool { return value.Cmp(b) < 0 }) &&
		holds(s.MultipleOf, func(b *big.Rat) bool { return b.Sign() > 0 && new(big.Rat).Quo(value, b).IsInt() })
}

// DefaultOf is the default of a value, which only counts where it is valid.
func DefaultOf(s *api.Schema) api.Value {
	value := s.Default
	if target := s.Target(); value == "" && target != nil {
		value = target.Default
	}
	if value == "" {
		return ""
	}
	if v, err := sample.Parse(value); err != nil || !sample.Valid(s, v, sample.Request) {
		return ""
	}
	return value
}
