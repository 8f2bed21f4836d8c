package lint

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// runner is how the runner of a file sends it to the server, as far as its name and
// its marks tell.
type runner struct {
	transaction bool // it opens a transaction around the file
	unless      bool // but not where PostgreSQL refuses one of the statements there
	bare        bool // the file asks for none
	whole       bool // the file is sent in one piece, which the server takes as a transaction
}

var (
	flyway    = regexp.MustCompile(`^[VR][0-9._]*__.*\.sql$`)
	liquibase = regexp.MustCompile(`(?i)^\s*--\s*liquibase\s+formatted\s+sql\b`)
	changeset = regexp.MustCompile(`(?i)^--\s*changeset\s`)
	apart     = regexp.MustCompile(`(?i)\brunInTransaction:"?false\b`)
)

func runnerOf(name, text string) runner {
	base := filepath.Base(name)
	small := strings.ToLower(base)
	r := runner{
		transaction: sqltext.Marked(text) || liquibase.MatchString(text),
		bare:        sqltext.Untransacted(text),
		// golang-migrate, dbmate and Prisma.
		whole: strings.HasSuffix(small, ".up.sql") || small == "migration.sql" || sqltext.SentWhole(text),
	}
	if !r.transaction && (flyway.MatchString(base) || small == "up.sql") { // Flyway, Diesel
		r.transaction, r.unless = true, true
	}
	return r
}

// Order compares the names of files as runners order them: numbers by their value,
// times also with hyphens in them, and Flyway's repeatable files last.
func Order(a, b string) int {
	a, b = stamp.ReplaceAllString(a, "$1$2$3$4"), stamp.ReplaceAllString(b, "$1$2$3$4")
	again := func(name string) int {
		if strings.HasPrefix(filepath.Base(name), "R__") {
			return 1
		}
		return 0
	}
	if c := again(a) - again(b); c != 0 {
		return c
	}
	one, other := pieces.FindAllString(a, -1), pieces.FindAllString(b, -1)
	return cmp.Or(slices.CompareFunc(one, other, func(a, b string) int {
		x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if digits(a) && digits(b) {
			return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
		}
		return cmp.Compare(a, b)
	}), cmp.Compare(a, b))
}

var stamp = regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)-(\d{6})`) // of Diesel

var pieces = regexp.MustCompile(`\d+|\D`)

func digits(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// changeset begins a changeset of Liquibase, which has a transaction of its own.
func (f *file) changeset(comments []string) {
	i := slices.IndexFunc(comments, changeset.MatchString)
	if i < 0 {
		return
	}
	f.ended()
	f.inside = !apart.MatchString(comments[i])
}

// ended forgets what was in force in a transaction that is over.
func (f *file) ended() {
	f.values, f.locked = nil, ""
	clear(f.open)
}

// together says that what was done before in this file is in the same transaction.
func (f *file) together() bool { return f.inside || f.whole && f.several }

// refused says that PostgreSQL refuses a statement in a transaction.
func refused(n pgsql.Node) bool {
	switch x := n.(type) {
	case *pgsql.IndexStmt:
		return x.Concurrent
	case *pgsql.DropStmt:
		return x.Concurrent
	case *pgsql.VacuumStmt:
		return x.IsVacuumcmd
	case *pgsql.ReindexStmt:
		return slices.ContainsFunc(x.Params, func(o *pgsql.DefElem) bool { return o.Defname == "concurrently" })
	}
	return false
}
