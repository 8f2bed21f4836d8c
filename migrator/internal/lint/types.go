package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// sized is a type with its modifiers: "numeric(10,2)".
var sized = regexp.MustCompile(`^([^([]+)(?:\((\d+)(?:,(-?\d+))?\))?$`)

// sameBytes are types whose values are those of the other as they are stored.
var sameBytes = [...][2]string{{"varchar", "text"}, {"text", "varchar"}, {"cidr", "inet"}, {"text", "citext"}, {"varchar", "citext"}, {"citext", "text"}, {"citext", "varchar"}, {"xml", "text"}}

// keeps says that values of the old type are of the new one as they are stored.
func keeps(old, now string) bool {
	if old == "" {
		return false
	}
	if old == now {
		return true
	}
	a, b := sized.FindStringSubmatch(old), sized.FindStringSubmatch(now)
	if a == nil || b == nil {
		return false // arrays
	}
	if a[1] != b[1] {
		return b[2] == "" && slices.Contains(sameBytes[:], [2]string{a[1], b[1]})
	}
	switch a[1] {
	case "varchar", "varbit", "timestamp", "timestamptz", "time", "timetz":
		return wider(a[2], b[2])
	case "numeric":
		return b[2] == "" || a[2] != "" && wider(a[2], b[2]) && a[3] == b[3]
	}
	return false
}

// wider says that a limit is none, or no smaller than it was.
func wider(old, now string) bool {
	if now == "" || old == now {
		return true
	}
	a, err := strconv.Atoi(old)
	b, again := strconv.Atoi(now)
	return err == nil && again == nil && b >= a
}

// zoned says that a type gets, or loses, its time zone: with UTC the values stay as
// they are.
func zoned(old, now string) bool {
	if strings.HasPrefix(old, "timestamptz") {
		old, now = now, old
	}
	rest, ok := strings.CutPrefix(now, "timestamptz")
	if !ok {
		return false
	}
	plain, ok := strings.CutPrefix(old, "timestamp")
	return ok && (plain == rest || plain == "" || rest == "")
}

// domain is what is known of a domain: a column of it is stored as one of its type.
type domain struct {
	base    string
	checked bool
}

func (f *file) domain(x *pgsql.CreateDomainStmt) {
	if len(x.Domainname) == 0 {
		return
	}
	d := domain{base: f.stored(typeText(x.TypeName))}
	d.checked = slices.ContainsFunc(x.Constraints, func(c *pgsql.Constraint) bool { return c.Contype == "CONSTR_CHECK" || c.Contype == "CONSTR_NOTNULL" }) || f.domains[typeText(x.TypeName)].checked
	f.domains[x.Domainname[len(x.Domainname)-1].Sval] = d
}

// stored is a type as it is stored: of a domain its own.
func (f *file) stored(typ string) string {
	if d, ok := f.domains[typ]; ok {
		return d.base
	}
	return typ
}
