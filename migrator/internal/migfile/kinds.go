package migfile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// transactionWord is begin, commit, chain (COMMIT AND CHAIN), prepare or rollback for
// a statement that controls the transaction, else "".
func transactionWord(sql string) string {
	w := sqltext.Words(sql, 4)
	if len(w) == 0 {
		return ""
	}
	switch w[0] {
	case "begin":
		return "begin"
	case "start":
		if len(w) > 1 && w[1] == "transaction" {
			return "begin"
		}
	case "commit", "end":
		if len(w) > 1 && w[1] == "prepared" {
			return ""
		}
		if n := len(w); n > 2 && w[n-1] == "chain" && w[n-2] == "and" {
			return "chain"
		}
		return "commit"
	case "prepare":
		if len(w) > 1 && w[1] == "transaction" {
			return "prepare"
		}
	case "rollback", "abort":
		if len(w) > 1 && (w[1] == "to" || w[1] == "prepared") || len(w) > 2 && w[2] == "to" {
			return ""
		}
		return "rollback"
	}
	return ""
}

// NonTransactional says whether PostgreSQL refuses a statement inside of a
// transaction block.
func NonTransactional(sql string) bool {
	w := sqltext.Words(sql, -1)
	has := func(word string) bool { return slices.Contains(w, word) }
	at := func(i int) string {
		if i < len(w) {
			return w[i]
		}
		return ""
	}
	switch at(0) {
	case "vacuum":
		return true
	case "commit", "rollback":
		return at(1) == "prepared"
	case "do":
		return endsTransaction.MatchString(sql)
	case "create":
		switch at(1) {
		case "database", "tablespace", "subscription":
			return true
		case "index":
			return at(2) == "concurrently"
		case "unique":
			return at(3) == "concurrently"
		}
	case "drop":
		return at(1) == "database" || at(1) == "tablespace" || at(1) == "subscription" || at(1) == "index" && at(2) == "concurrently"
	case "reindex":
		return has("concurrently") || at(1) == "database" || at(1) == "system" || at(1) == "schema"
	case "cluster":
		return len(w) == 1 || len(w) == 2 && at(1) == "verbose"
	case "alter":
		switch at(1) {
		case "system":
			return true
		case "table":
			return has("detach") && at(len(w)-1) == "concurrently"
		case "database":
			return has("tablespace")
		}
	}
	return false
}

// endsTransaction is a block that commits by itself, as one that works in batches.
var endsTransaction = regexp.MustCompile(`(?i)\b(?:commit|rollback)\s*(?:and\s+(?:no\s+)?chain\s*)?;`)

// Setting is SET or RESET of any kind.
func Setting(sql string) bool {
	w := sqltext.Words(sql, 2)
	return len(w) > 0 && (w[0] == "reset" || w[0] == "set" && (len(w) < 2 || w[1] != "constraints"))
}

// SessionSetting is SET or RESET of something that outlives a transaction: it
// stays where it stands, between segments.
func SessionSetting(sql string) bool {
	w := sqltext.Words(sql, 2)
	if len(w) == 0 {
		return false
	}
	return w[0] == "reset" || w[0] == "set" && (len(w) < 2 || w[1] != "local" && w[1] != "constraints" && w[1] != "transaction")
}

func copiesFromStdin(sql string) bool {
	w := sqltext.Words(sql, -1)
	if len(w) == 0 || w[0] != "copy" {
		return false
	}
	for i := 1; i < len(w); i++ {
		if w[i] == "stdin" && w[i-1] == "from" {
			return true
		}
	}
	return false
}

// ChangesRole says that what follows is done as another role.
func ChangesRole(sql string) bool {
	w := sqltext.Words(sql, 3)
	if len(w) < 2 || w[0] != "set" {
		return false
	}
	if w[1] == "local" || w[1] == "session" && len(w) > 2 && w[2] != "authorization" {
		w = w[1:]
	}
	return len(w) > 1 && (w[1] == "role" || w[1] == "session" || w[1] == "authorization")
}

// Mentions says that a word stands in one of the file's statements.
func Mentions(f *File, word string) bool {
	return f.has(func(st sqltext.Statement) bool { return slices.Contains(sqltext.Words(st.SQL, -1), word) })
}

// ChangesTransaction says that a statement sets something of its transaction, as the
// isolation level, which must stand before any query.
func ChangesTransaction(f *File) bool {
	return f.has(func(st sqltext.Statement) bool {
		return slices.ContainsFunc(sqltext.Words(st.SQL, 4), func(word string) bool { return strings.HasPrefix(word, "transaction") })
	})
}

func (f *File) has(is func(sqltext.Statement) bool) bool {
	return slices.ContainsFunc(f.Segments, func(s Segment) bool { return slices.ContainsFunc(s.Statements, is) })
}

// Detach is what ALTER TABLE … DETACH PARTITION … CONCURRENTLY is about.
type Detach struct{ Table, Partition string }

// ConcurrentDetach reads its names; Partition is empty for every other statement.
func ConcurrentDetach(sql string) Detach {
	t := words(sql)
	if !t.take("alter", "table") {
		return Detach{}
	}
	t.skip("if", "exists")
	t.skip("only")
	d := Detach{Table: t.name()}
	if !t.take("detach", "partition") {
		return Detach{}
	}
	if d.Partition = t.name(); !t.take("concurrently") {
		return Detach{}
	}
	return d
}
