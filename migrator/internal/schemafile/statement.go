package schemafile

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// statement is one statement of a file.
type statement struct {
	sqltext.Statement
	file    *File
	changed bool  // by psql's variables: places in it are not those of the file
	rows    *rows // of a COPY
}

// role says what is done with a statement.
type role int

const (
	execute    role = iota
	ignore          // transaction control and the like: means nothing for a schema
	moves           // COPY
	serverWide      // roles and the like: only where the server is ours
	elsewhere       // databases, tablespaces: never
)

// roleOf judges a statement by its first words.
func roleOf(st sqltext.Statement) role {
	w := sqltext.Words(st.SQL, 4)
	for len(w) < 4 {
		w = append(w, "")
	}
	switch w[0] {
	case "begin", "commit", "end", "rollback", "abort", "savepoint", "release":
		return ignore
	case "start":
		if w[1] == "transaction" {
			return ignore
		}
	case "copy":
		return moves
	case "vacuum", "analyze", "checkpoint", "listen", "unlisten", "notify", "lock", "declare", "fetch", "move", "close":
		return ignore
	case "create", "alter", "drop":
		switch w[1] {
		case "role", "user", "group":
			if w[1] == "user" && w[2] == "mapping" {
				return execute
			}
			return serverWide
		case "database", "tablespace", "system":
			return elsewhere
		}
	case "comment", "security":
		return aboutRole(sqltext.Words(st.SQL, 8))
	case "grant", "revoke":
		return grantRole(st.SQL)
	}
	return execute
}

// undoes tells whether a statement takes back what its transaction did.
func undoes(st sqltext.Statement) bool {
	w := append(sqltext.Words(st.SQL, 3), "", "", "")
	return (w[0] == "rollback" || w[0] == "abort") && w[1] != "to" && w[2] != "to" && w[1] != "prepared"
}

// begins tells whether a statement opens a transaction.
func begins(st sqltext.Statement) bool {
	w := append(sqltext.Words(st.SQL, 1), "")
	return w[0] == "begin" || w[0] == "start"
}

// commits tells whether a statement ends a transaction that is kept.
func commits(st sqltext.Statement) bool {
	w := append(sqltext.Words(st.SQL, 2), "", "")
	return (w[0] == "commit" || w[0] == "end") && w[1] != "prepared"
}

// aboutRole judges COMMENT ON and SECURITY LABEL … ON by what comes after ON.
func aboutRole(words []string) role {
	for i := 1; i+1 < len(words); i++ {
		if words[i] != "on" {
			continue
		}
		switch words[i+1] {
		case "database", "tablespace":
			return elsewhere
		case "role":
			return serverWide
		}
		break
	}
	return execute
}

// grantRole tells GRANT … ON an object of the schema from membership in a role
// and from rights on databases and tablespaces.
func grantRole(sql string) role {
	words := sqltext.Words(sql, -1)
	for i, w := range words {
		if w != "on" {
			continue
		}
		if i+1 < len(words) && (words[i+1] == "database" || words[i+1] == "tablespace" || words[i+1] == "parameter") {
			return elsewhere
		}
		return execute
	}
	return serverWide
}

// short is the beginning of a statement, for notes.
func short(sql string) string {
	s := strings.Join(strings.Fields(sql), " ")
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:57], "") + "..."
	}
	return s
}
