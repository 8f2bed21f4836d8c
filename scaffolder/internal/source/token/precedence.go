package token

// How strongly binary operators bind: higher binds tighter. As, satisfies and
// instanceof stand with the relational operators.
const (
	PrecedenceNone = iota
	PrecedenceCoalesce
	PrecedenceLogicalOr
	PrecedenceLogicalAnd
	PrecedenceBitwiseOr
	PrecedenceBitwiseXor
	PrecedenceBitwiseAnd
	PrecedenceEquality
	PrecedenceRelational
	PrecedenceShift
	PrecedenceAdditive
	PrecedenceMultiplicative
	PrecedenceExponent
)

var precedences = [last]uint8{
	QuestionQuestion:   PrecedenceCoalesce,
	BarBar:             PrecedenceLogicalOr,
	AmpersandAmpersand: PrecedenceLogicalAnd,
	Bar:                PrecedenceBitwiseOr,
	Caret:              PrecedenceBitwiseXor,
	Ampersand:          PrecedenceBitwiseAnd,
	EqualEqual:         PrecedenceEquality,
	NotEqual:           PrecedenceEquality,
	EqualEqualEqual:    PrecedenceEquality,
	NotEqualEqual:      PrecedenceEquality,
	Less:               PrecedenceRelational,
	Greater:            PrecedenceRelational,
	LessEqual:          PrecedenceRelational,
	GreaterEqual:       PrecedenceRelational,
	Instanceof:         PrecedenceRelational,
	In:                 PrecedenceRelational,
	As:                 PrecedenceRelational,
	Satisfies:          PrecedenceRelational,
	ShiftLeft:          PrecedenceShift,
	ShiftRight:         PrecedenceShift,
	ShiftRightUnsigned: PrecedenceShift,
	Plus:               PrecedenceAdditive,
	Minus:              PrecedenceAdditive,
	Star:               PrecedenceMultiplicative,
	Slash:              PrecedenceMultiplicative,
	Percent:            PrecedenceMultiplicative,
	StarStar:           PrecedenceExponent,
}

// Precedence is how strongly the operator binds, PrecedenceNone if the token is
// no binary operator.
func (k Kind) Precedence() int { return int(precedences[k]) }
