package schemafile

import (
	"context"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Codes of the warnings that a privilege was not given or not taken, since it was
// not ours to give.
const (
	notRevoked = "01006"
	notGranted = "01007"
)

// grants runs the GRANTs and REVOKEs of a batch once more, one by one, where the
// server warned that they did nothing: what is about its own objects is not ours
// to give, and the guard has it given.
func (l *loader) grants(ctx context.Context, sts []statement) error {
	warned := false
	for _, n := range l.db.Notices() {
		warned = warned || n.Code == notRevoked || n.Code == notGranted
	}
	if !warned || l.db.Guard == nil {
		return nil
	}
	for _, s := range sts {
		if w := sqltext.Words(s.SQL, 1); len(w) == 0 || w[0] != "grant" && w[0] != "revoke" {
			continue
		}
		if err := l.one(ctx, s); err != nil && !mayComeLater(err) { // what it is about was dropped since
			return s.problem(err)
		}
	}
	return nil
}

// lacking is a statement that a role without SUPERUSER may not run. On a server of
// our own roles keep their names and lose what makes them powerful, settings of
// the server stay as they are; everything else is an error.
func (l *loader) lacking(ctx context.Context, s statement, err error) error {
	w := append(sqltext.Words(s.SQL, 3), "", "", "")
	if l.db.Guard == nil {
		return l.notGiven(s, err)
	}
	aboutRole := (w[1] == "role" || w[1] == "user" || w[1] == "group") && w[2] != "mapping"
	switch {
	case w[0] == "create" && aboutRole:
		role := roleName(s.SQL)
		l.note(s, "the role is made without its attributes, which only a superuser gives: "+short(s.SQL))
		if _, err := l.conn.ExecContext(ctx, "CREATE ROLE "+role); err != nil && pgdb.Code(err) != "42710" {
			return err
		}
		return l.db.Guard.Adopt(ctx, l.conn)
	case w[0] == "alter" && aboutRole, w[0] == "set", w[0] == "reset", w[0] == "load", grantRole(s.SQL) == serverWide && (w[0] == "grant" || w[0] == "revoke"):
		l.note(s, "left out, since only a superuser may: "+short(s.SQL))
		return nil
	}
	return err
}

// notGiven is such a statement on somebody's server, where nothing is given away:
// owners are not compared there.
func (l *loader) notGiven(s statement, err error) error {
	words := sqltext.Words(s.SQL, -1)
	n := slices.Index(words, "owner")
	gives := len(words) > 2 && words[0] == "alter" && n > 0 && n+1 < len(words) && words[n+1] == "to"
	acts := len(words) > 1 && words[0] == "set" && (slices.Contains(words[:2], "role") || slices.Contains(words, "authorization"))
	if gives || acts {
		l.note(s, "left out, since owners are left alone on a server that is not ours: "+short(s.SQL))
		return nil
	}
	return err
}

// roleName is the role's name in CREATE ROLE, as it is written.
func roleName(sql string) string {
	scanner := sqltext.NewScanner(sql)
	for n := 0; ; {
		t, ok := scanner.Next()
		if !ok {
			return ""
		}
		if t.Kind == sqltext.Word || t.Kind == sqltext.Identifier {
			if n++; n == 3 {
				return strings.TrimSpace(sql[t.From:t.To])
			}
		}
	}
}
