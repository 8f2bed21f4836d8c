package migdir

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
)

// Compare says which of two versions comes first, as the runner whose files they
// are does: Flyway by its dotted numbers, dbmate and Atlas by letters, the others
// by number.
func (d *Dir) Compare(a, b string) int {
	switch d.Format {
	case migfile.Flyway:
		return compareDotted(a, b)
	case migfile.Dbmate, migfile.Atlas:
		return cmp.Compare(a, b)
	}
	return compareNumbers(a, b)
}

// compareNumbers compares by value where both are numbers, of any length.
func compareNumbers(a, b string) int {
	if !isNumber(a) || !isNumber(b) {
		return cmp.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func compareDotted(a, b string) int {
	parts := func(s string) []string {
		all := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '_' })
		for len(all) > 0 && strings.Trim(all[len(all)-1], "0") == "" {
			all = all[:len(all)-1] // 1.0 is 1
		}
		return all
	}
	return slices.CompareFunc(parts(a), parts(b), compareNumbers)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
