package schemafile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Rename is a wish that something be renamed instead of dropped and made anew:
// names as in SQL, qualified as far as needed.
type Rename struct {
	Old, New string
	File     string
	Line     int
}

// Using says how the values of a column get its new type.
type Using struct {
	Column     string // "t.c"
	Expression string
	File       string
	Line       int
}

// Backfill is a statement that fills what a migration adds to a table.
type Backfill struct {
	Table string
	SQL   string
	File  string
	Line  int
}

const name = `(?:[^\s".=:]|"(?:[^"]|"")*")+`

var (
	versioned    = regexp.MustCompile(`(?is)^\s*(?:CREATE|ALTER)\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]+"|\w+)\s.*\b(?:VERSION|UPDATE)\b`)
	mark         = regexp.MustCompile(`^--\s*migrator:(\w*)\s*(.*?)\s*$`)
	renameMark   = regexp.MustCompile(`^((?:[^\s"]|"[^"]*")+)\s+(?:to\s+)?((?:[^\s"]|"[^"]*")+)$`)
	shortRename  = regexp.MustCompile(`^` + name + `$`)
	usingMark    = regexp.MustCompile(`^(` + name + `(?:\.` + name + `){1,2})\s*=\s*(.+)$`)
	backfillMark = regexp.MustCompile(`^(` + name + `(?:\.` + name + `)?)\s*:\s*(.+?);?$`)
)

// annotations collects what comments say to us: above a statement, and inside of
// one. What is not understood stops: it would otherwise be left out in silence.
func (l *loader) annotations(s statement) error {
	for _, c := range s.Comments {
		if err := l.annotation(s, c, 0, ""); err != nil {
			return err
		}
	}
	if m := versioned.FindStringSubmatch(s.SQL); m != nil {
		l.loaded.Versioned = append(l.loaded.Versioned, strings.Trim(m[1], `"`))
	}
	if !strings.Contains(s.SQL, "migrator:") {
		return nil
	}
	table := tableOf(s.SQL)
	scan := sqltext.NewScanner(s.SQL)
	for {
		t, ok := scan.Next()
		if !ok {
			return nil
		}
		if t.Kind != sqltext.Comment {
			continue
		}
		column := ""
		if table != "" {
			column = table + "." + nextName(s.SQL[t.To:])
		}
		if err := l.annotation(s, s.SQL[t.From:t.To], t.From, column); err != nil {
			return err
		}
	}
}

// annotation reads one comment; column is the one that follows it inside of
// CREATE TABLE, or "".
func (l *loader) annotation(s statement, comment string, offset int, column string) error {
	m := mark.FindStringSubmatch(strings.TrimSpace(comment))
	if m == nil {
		return nil
	}
	line := s.Line + strings.Count(s.SQL[:min(offset, len(s.SQL))], "\n")
	text := m[2]
	switch m[1] {
	case "rename":
		if column != "" && shortRename.MatchString(text) {
			table, now, _ := cutLast(column)
			l.loaded.Renames = append(l.loaded.Renames, Rename{Old: table + "." + text, New: now, File: s.file.Name, Line: line})
			return nil
		}
		if r := renameMark.FindStringSubmatch(text); r != nil {
			l.loaded.Renames = append(l.loaded.Renames, Rename{Old: r[1], New: r[2], File: s.file.Name, Line: line})
			return nil
		}
	case "using":
		if u := usingMark.FindStringSubmatch(text); u != nil {
			l.loaded.Usings = append(l.loaded.Usings, Using{u[1], u[2], s.file.Name, line})
			return nil
		}
		if column != "" && text != "" {
			l.loaded.Usings = append(l.loaded.Usings, Using{column, text, s.file.Name, line})
			return nil
		}
	case "ignore":
		return nil // for migrator lint
	case "backfill":
		if b := backfillMark.FindStringSubmatch(text); b != nil {
			l.loaded.Backfills = append(l.loaded.Backfills, Backfill{b[1], b[2], s.file.Name, line})
			return nil
		}
	}
	return s.fail("write -- migrator:rename OLD NEW, -- migrator:using t.c = expression, or -- migrator:backfill t: UPDATE …",
		"this annotation is not understood: "+strings.TrimSpace(comment), offset)
}

func cutLast(path string) (before, last string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// tableOf is the name in CREATE TABLE, as it is written; "" for other statements.
func tableOf(sql string) string {
	scan := sqltext.NewScanner(sql)
	var words []string
	for {
		t, ok := scan.Next()
		if !ok || t.Kind == sqltext.Open {
			break
		}
		if t.Kind != sqltext.Space && t.Kind != sqltext.Comment {
			words = append(words, sql[t.From:t.To])
		}
	}
	at := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "table") })
	if at < 1 || !strings.EqualFold(words[0], "create") {
		return ""
	}
	words = words[at+1:]
	if len(words) > 3 && strings.EqualFold(words[0], "if") {
		words = words[3:]
	}
	return strings.Join(words, "")
}

// nextName is the first name of a text.
func nextName(text string) string {
	scan := sqltext.NewScanner(text)
	for {
		t, ok := scan.Next()
		if !ok {
			return ""
		}
		if t.Kind == sqltext.Word || t.Kind == sqltext.Identifier {
			return text[t.From:t.To]
		}
	}
}
