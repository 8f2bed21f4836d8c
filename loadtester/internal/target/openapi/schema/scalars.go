package schema

import (
	"encoding/json"
	"iter"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// texts are strings that may fit, of the right length.
func texts(flat []*Schema) iter.Seq[any] {
	least, most := lengths(flat)
	return func(yield func(any) bool) {
		try := func(text string) bool {
			if text == "" && least > 0 {
				return true
			}
			r := []rune(text)
			if len(r) < least && least <= 1<<20 {
				// Repeated whole, so that what a pattern asks for is in it.
				r = []rune(strings.Repeat(text, least/len(r)+1))[:least]
				if !yield(text + strings.Repeat("x", least-len([]rune(text)))) {
					return false
				}
			}
			return yield(string(r[:min(len(r), most)]))
		}
		for _, s := range flat {
			if s.Pattern != nil {
				if text := s.Pattern.write(least, most); !try(text) || !try("Aa1!Aa1!") {
					return
				}
			}
		}
		for _, s := range flat {
			if text := sample(s.Format); text != "" && !try(text) {
				return
			}
		}
		for _, text := range []string{"text", "a@b.co", "http://a", "abc", "ABC", "a1", "1", "12345678", "A", ""} {
			if !try(text) {
				return
			}
		}
	}
}

func lengths(flat []*Schema) (least, most int) {
	most = math.MaxInt
	for _, s := range flat {
		if s.MinLength != nil {
			least = max(least, *s.MinLength)
		}
		if s.MaxLength != nil {
			most = min(most, *s.MaxLength)
		}
	}
	return least, max(most, 0)
}

// bounds are a number's, whether they are part of it or not, and the steps that
// it goes in.
type bounds struct {
	low, high *big.Rat // nil: none
	step      *big.Rat
}

func boundsOf(flat []*Schema, whole bool) bounds {
	b := bounds{step: big.NewRat(1, 1)}
	stepped := false
	for _, s := range flat {
		for _, n := range []*big.Rat{s.Minimum, s.ExclusiveMinimum} {
			if n != nil && (b.low == nil || n.Cmp(b.low) > 0) {
				b.low = n
			}
		}
		for _, n := range []*big.Rat{s.Maximum, s.ExclusiveMaximum} {
			if n != nil && (b.high == nil || n.Cmp(b.high) < 0) {
				b.high = n
			}
		}
		if s.MultipleOf != nil && s.MultipleOf.Sign() > 0 {
			if stepped {
				b.step = new(big.Rat).Mul(b.step, s.MultipleOf)
			} else {
				b.step, stepped = s.MultipleOf, true
			}
		}
	}
	if whole && !b.step.IsInt() {
		b.step = new(big.Rat).SetInt(b.step.Num()) // the smallest whole multiple
	}
	return b
}

// numbers are numbers that may fit.
func numbers(flat []*Schema, whole bool) iter.Seq[any] {
	b := boundsOf(flat, whole)
	list := []*big.Rat{big.NewRat(1, 1), big.NewRat(10, 1), b.step, new(big.Rat)}
	if b.low != nil {
		first := new(big.Rat).Mul(up(quotient(b.low, b.step)), b.step)
		list = append(list, first, new(big.Rat).Add(first, b.step))
	}
	if b.high != nil {
		last := new(big.Rat).Mul(down(quotient(b.high, b.step)), b.step)
		list = append(list, last, new(big.Rat).Sub(last, b.step))
	}
	if b.low != nil && b.high != nil {
		middle := new(big.Rat).Add(b.low, b.high)
		list = append(list, middle.Mul(middle, big.NewRat(1, 2)))
	}
	return func(yield func(any) bool) {
		for _, n := range list {
			if !yield(Decimal(n)) {
				return
			}
		}
	}
}

// down and up round to whole numbers.
func down(n *big.Rat) *big.Rat {
	q := new(big.Int).Div(n.Num(), n.Denom()) // Euclidean: the denominator is above 0
	return new(big.Rat).SetInt(q)
}

func up(n *big.Rat) *big.Rat {
	return new(big.Rat).Neg(down(new(big.Rat).Neg(n)))
}

// like are values near v, for arrays without repeats.
func like(flat []*Schema, v any, n int) iter.Seq[any] {
	return func(yield func(any) bool) {
		switch v := v.(type) {
		case bool:
			yield(!v)
		case json.Number:
			from := Number(string(v))
			if from == nil {
				return
			}
			step := boundsOf(flat, true).step
			for k := 1; k <= n+1; k++ {
				far := new(big.Rat).Mul(step, big.NewRat(int64(k), 1))
				if !yield(Decimal(new(big.Rat).Add(from, far))) || !yield(Decimal(new(big.Rat).Sub(from, far))) {
					return
				}
			}
		case string:
			_, most := lengths(flat)
			for k := 1; k <= n+1; k++ {
				for _, text := range []string{v + strconv.Itoa(k), strconv.Itoa(k) + v, replaced(v, k)} {
					if len(text) <= most && !yield(text) {
						return
					}
				}
			}
			for _, s := range flat {
				for k := 1; s.Pattern != nil && k <= n+1; k++ {
					if !yield(s.Pattern.write(len([]rune(v))+k, most)) {
						return
					}
				}
			}
		}
	}
}

// replaced is a text of the same length whose last letters or digits count.
func replaced(v string, k int) string {
	b := []byte(v)
	for i := len(b) - 1; i >= 0 && k > 0; i-- {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			b[i] = '0' + byte((int(c-'0')+k)%10)
			k /= 10
		case c >= 'a' && c <= 'z':
			b[i] = 'a' + byte((int(c-'a')+k)%26)
			k /= 26
		}
	}
	return string(b)
}
