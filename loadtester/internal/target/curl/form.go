package curl

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// addForm takes -F: name=value, name=@file and name=<file, with ;type= and
// ;filename= behind, by curl's own rules.
func (r *reader) addForm(value string) error {
	name, content, ok := strings.Cut(value, "=")
	if !ok || name == "" {
		return problem.New("write name=value or name=@file", "a form field of the curl command has no name")
	}
	sign := byte(0)
	if content != "" && strings.IndexByte("@<()", content[0]) >= 0 {
		sign, content = content[0], content[1:]
	}
	end := byte(0)
	switch sign {
	case '(', ')':
		return problem.New("give the body as --data-binary with its Content-Type", "the curl option --form nests parts with %c", sign)
	case '@':
		end = ','
	}
	p, err := formPart(content, end)
	if err != nil {
		return err
	}
	p.Name = name
	if sign == '@' || sign == '<' {
		file := string(p.Content)
		if p.Content, err = r.file(file); err != nil {
			return err
		}
		if sign == '@' {
			p.File = cmp.Or(p.File, filepath.Base(file))
			p.Type = cmp.Or(p.Type, typeOf(p.File), typeOf(file), "application/octet-stream")
		}
	}
	r.form = append(r.form, p)
	return nil
}

// formPart reads the value of a field and what stands behind it. end ends it: a
// comma begins another file.
func formPart(text string, end byte) (target.Part, error) {
	var p target.Part
	content, rest := formWord(strings.TrimLeft(text, " \t"), end)
	p.Content = []byte(content)
	typed := false // the key before was type, which parameters may follow
	for strings.HasPrefix(rest, ";") {
		rest = strings.TrimLeft(rest[1:], " \t")
		switch lower := strings.ToLower(rest); {
		case strings.HasPrefix(lower, "type="):
			p.Type, rest = until(rest[len("type="):], end)
			typed = true
		case strings.HasPrefix(lower, "filename="):
			p.File, rest = formWord(strings.TrimLeft(rest[len("filename="):], " \t"), end)
			typed = false
		case strings.HasPrefix(lower, "headers="), strings.HasPrefix(lower, "encoder="):
			return p, problem.New("give the body as --data-binary with its Content-Type", "the curl option --form has %s, which loadtester does not send", lower[:len("headers")])
		case typed:
			var parameter string
			parameter, rest = until(rest, end)
			p.Type += ";" + parameter
		default: // curl passes over what it does not know
			_, rest = formWord(rest, end)
		}
	}
	if rest != "" {
		return p, problem.New("name each file by a field of its own", "the curl option --form has several files in one field")
	}
	return p, nil
}

// until is the text before ; or end, without blanks behind it.
func until(text string, end byte) (word, rest string) {
	i := strings.IndexFunc(text, func(c rune) bool { return c == ';' || end != 0 && c == rune(end) })
	if i < 0 {
		i = len(text)
	}
	return strings.TrimRight(text[:i], " \t\r\n"), text[i:]
}

// formWord reads a word, which may stand in quotes.
func formWord(text string, end byte) (word, rest string) {
	if !strings.HasPrefix(text, `"`) {
		return until(text, end)
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '"'):
			i++
			b.WriteByte(text[i])
		case c == '"':
			_, rest = until(text[i+1:], end)
			return b.String(), rest
		default:
			b.WriteByte(c)
		}
	}
	return until(text, end) // the quote is never closed: it is a character like others
}

// typeOf is the type that curl gives a file of a form. It knows these.
func typeOf(file string) string {
	return map[string]string{
		".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
		".txt": "text/plain", ".htm": "text/html", ".html": "text/html", ".pdf": "application/pdf", ".xml": "application/xml",
	}[strings.ToLower(filepath.Ext(file))]
}

// addFormString takes name=value, in which nothing has a meaning of its own.
func (r *reader) addFormString(value string) error {
	name, content, ok := strings.Cut(value, "=")
	if !ok || name == "" {
		return problem.New("write name=value", "a form field of the curl command has no name")
	}
	r.form = append(r.form, target.Part{Name: name, Content: []byte(content)})
	return nil
}

// multipart is the body of a form. A Content-Type of the user's own gets the
// boundary, as curl does it.
func (r *reader) multipart() ([]byte, error) {
	body, kind, err := target.Parts(r.form)
	if err != nil {
		return nil, err
	}
	_, boundary, _ := strings.Cut(kind, ";")
	for k, f := range r.header {
		if strings.EqualFold(f.Name, "Content-Type") {
			if kind := strings.ToLower(f.Value); strings.HasPrefix(kind, "multipart/") && !strings.HasPrefix(kind, "multipart/form-data") {
				return nil, problem.New("give the body as --data-binary with its Content-Type", "the curl command sends a form as %s, whose parts loadtester does not write", f.Value)
			}
			r.header[k].Value += ";" + boundary
		}
	}
	r.set("Content-Type", kind)
	return body, nil
}
