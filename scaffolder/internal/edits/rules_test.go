package edits

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// FuzzRules reads whatever stands in a file of validators: it ends, and a function asks
// the same as itself.
func FuzzRules(f *testing.F) {
	f.Add("export function checkA(value: unknown, path: string, issues: Issue[]): value is api.A {\n  const x = value.x;\n  if (x === undefined) {\n    fail(issues, path, '');\n  } else if (isLonger(x, 3)) {\n    fail(issues, path, '');\n  }\n}")
	f.Add("function checkB(value) { if (value.length < 3) { fail(issues, path, ''); } for (let i = 0; i < 3; i += 1) { const item = value[i]; checkA(item, path, issues); } }")
	f.Fuzz(func(t *testing.T, source string) {
		file := parsed("validators.ts", []byte(source))
		for _, s := range file.Statements {
			if fn, ok := s.(*syntax.Function); ok && !rulesOf(file, fn).equal(rulesOf(file, fn)) {
				t.Errorf("not the same as itself: %q", source)
			}
		}
	})
}
