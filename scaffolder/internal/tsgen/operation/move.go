package operation

import (
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Move is an operation that has another name or file than the document would give it
// now: nothing of the user's is renamed or moved unasked.
type Move struct {
	API      *api.Operation
	From, To Known
}

// Renames says that the handler gets another name.
func (m Move) Renames() bool { return m.From.Symbol != m.To.Symbol }

// Moves are all of them, in the order of the document. Names that are freed by some may
// be taken by others.
func Moves(a *api.API, routesBy string, known []Known) []Move {
	before := recognize(a, known)
	symbols := newSymbols()
	leaving := map[string]bool{}
	var out []Move
	for _, op := range Plan(a, routesBy, known) {
		k, ok := before[op.API]
		if !ok {
			continue
		}
		to := k
		to.Operation, to.File = keyOf(op.API), fileOf(op.API, routesBy)
		if op.API.Named && k.ID != op.API.ID {
			to.ID = op.API.ID
			leaving[k.Symbol] = true
		}
		if to.File != k.File || to.ID != k.ID {
			out = append(out, Move{op.API, k, to})
		}
	}
	for _, k := range known {
		if !leaving[k.Symbol] {
			symbols.Take(k.Symbol)
		}
	}
	for i := range out {
		if to := &out[i].To; to.ID != out[i].From.ID {
			to.Symbol = symbols.Unique(ts.Limit(ts.Camel(to.ID)))
		}
	}
	return slices.DeleteFunc(out, func(m Move) bool { return !m.Renames() && m.From.File == m.To.File })
}

// Follow has the moves done in what is known.
func Follow(known []Known, moves []Move) []Known {
	to := map[string]Known{}
	for _, m := range moves {
		to[m.From.Symbol] = m.To
	}
	var out []Known
	for _, k := range known {
		if now, ok := to[k.Symbol]; ok {
			k = now
		}
		out = append(out, k)
	}
	return out
}

// Kept are notices of the moves that nobody has asked for; hint says how they are done.
func Kept(moves []Move, hint string) []api.Notice {
	var out []api.Notice
	for _, m := range moves {
		if m.Renames() {
			out = append(out, api.Notice{
				Rule: "kept-name", At: m.API.At, Hint: hint,
				Message: fmt.Sprintf("the handler of %s is still %s: its operationId was %s when it was written", keyOf(m.API), m.From.Symbol, m.From.ID),
			})
		}
		if m.From.File != m.To.File {
			out = append(out, api.Notice{
				Rule: "kept-file", At: m.API.At, Hint: hint,
				Message: fmt.Sprintf("the handler of %s stays in %s.ts: by its tag it would stand in %s.ts now", keyOf(m.API), m.From.File, m.To.File),
			})
		}
	}
	return out
}
