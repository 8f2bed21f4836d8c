package lint

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// afterWord is the offset behind the nth word of a statement.
func afterWord(sql string, n int) int {
	scan := sqltext.NewScanner(sql)
	for {
		t, ok := scan.Next()
		if !ok {
			return len(sql)
		}
		if t.Kind == sqltext.Word {
			if n--; n == 0 {
				return t.To
			}
		}
	}
}

// after writes a word behind the nth one.
func after(sql string, n int, word string) string {
	at := afterWord(sql, n)
	return sql[:at] + " " + word + sql[at:]
}

// insert suggests a word behind the nth one, and writes it where no transaction is
// open.
func (f *file) insert(d *Finding, n int, word string) {
	d.Rewrite = after(f.at.SQL, n, word)
	f.concurrently(d, f.at.Offset+afterWord(f.at.SQL, n), word)
}

// add suggests a word at the end, and writes it where no transaction is open.
func (f *file) add(d *Finding, word string) {
	d.Rewrite = f.at.SQL + " " + word
	f.concurrently(d, f.at.Offset+len(f.at.SQL), word)
}

// concurrently writes a word that PostgreSQL refuses in a transaction. Statements
// that are sent in one piece are one.
func (f *file) concurrently(d *Finding, at int, word string) {
	if !f.inside && !(f.whole && f.several) {
		d.Fix = []Edit{{at, at, " " + word}}
	}
}

// replace suggests several statements, and writes them where each is a transaction
// of its own.
func (f *file) replace(d *Finding, sql string) {
	d.Rewrite = sql
	if !f.inside && !f.whole {
		d.Fix = []Edit{{f.at.Offset, f.at.Offset + len(f.at.SQL), sql}}
		d.Alone = !f.bare
	}
}

// Script is what a finding suggests, with a semicolon behind its last statement, also
// where a comment follows.
func (d Finding) Script() string {
	sql := strings.TrimSpace(d.Rewrite)
	scan, end, last := sqltext.NewScanner(sql), 0, sqltext.Semicolon
	for {
		t, ok := scan.Next()
		if !ok {
			break
		}
		if t.Kind != sqltext.Space && t.Kind != sqltext.Comment {
			end, last = t.To, t.Kind
		}
	}
	if last != sqltext.Semicolon {
		sql = sql[:end] + ";" + sql[end:]
	}
	return sql
}

// plain is a part of a statement without the comments and blanks around it.
func plain(sql string) string {
	scan := sqltext.NewScanner(sql)
	var b strings.Builder
	for {
		t, ok := scan.Next()
		if !ok {
			return strings.TrimSpace(b.String())
		}
		if t.Kind == sqltext.Comment {
			b.WriteByte(' ')
		} else {
			b.WriteString(sql[t.From:t.To])
		}
	}
}

// alone is the mark that has a runner open no transaction around a file.
const alone = "-- migrator:no-transaction\n"

// Fixed is the text with the edits of the findings, and how many were made. Of
// two that touch each other the first is made; another run makes the next. Where the
// statements of an edit must not be in one transaction, the file gets the mark for that.
func Fixed(text string, findings []Finding) (string, int) {
	out, at, n, head := "", 0, 0, ""
	for _, d := range findings {
		if len(d.Fix) == 0 || d.Fix[0].From < at || d.Fix[0].From == at && at > 0 {
			continue
		}
		for _, e := range d.Fix {
			out += text[at:e.From] + e.Text
			at = e.To
		}
		n++
		if d.Alone {
			head = alone
		}
	}
	return head + out + text[at:], n
}
