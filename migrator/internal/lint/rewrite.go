package lint

import "github.com/seniorbackend/tools/migrator/internal/sqltext"

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
	if !f.inside {
		at := f.at.Offset + afterWord(f.at.SQL, n)
		d.Fix = []Edit{{at, at, " " + word}}
	}
}

// replace suggests another text for the statement, and writes it where no
// transaction is open.
func (f *file) replace(d *Finding, sql string) {
	d.Rewrite = sql
	if !f.inside {
		d.Fix = []Edit{{f.at.Offset, f.at.Offset + len(f.at.SQL), sql}}
	}
}

// Fixed is the text with the edits of the findings, and how many were made. Of
// two that touch each other the first is made; another run makes the next.
func Fixed(text string, findings []Finding) (string, int) {
	out, at, n := "", 0, 0
	for _, d := range findings {
		if len(d.Fix) == 0 || d.Fix[0].From < at || d.Fix[0].From == at && at > 0 {
			continue
		}
		for _, e := range d.Fix {
			out += text[at:e.From] + e.Text
			at = e.To
		}
		n++
	}
	return out + text[at:], n
}
