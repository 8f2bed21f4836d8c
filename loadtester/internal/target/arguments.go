package target

import (
	"bytes"
	"cmp"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// maxBody bounds what is read as one body: it is held in memory.
const maxBody = 256 << 20

// ParseHeader reads "Name: value", and "Name;" for an empty value as curl has it.
func ParseHeader(s string) (Field, error) {
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		if name, ok = strings.CutSuffix(s, ";"); !ok {
			return Field{}, problem.New(`write "Name: value"`, "the header %q has no colon", short(name))
		}
	}
	name = strings.TrimSpace(name)
	if !token(name) {
		return Field{}, problem.New(`write "Name: value"`, "the header name %q is not valid", name)
	}
	return Field{name, strings.TrimSpace(value)}, nil
}

// ReadBody is the body that an argument stands for: "@file", "-" for stdin, or
// itself.
func ReadBody(arg string, stdin io.Reader) ([]byte, error) {
	switch {
	case arg == "-":
		return readAll(stdin, "standard input")
	case strings.HasPrefix(arg, "@"):
		return ReadFile(arg[1:])
	}
	return []byte(arg), nil
}

// ReadFile reads a whole file; its errors are for users.
func ReadFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, problem.New("name a file in it", "%s is a directory", name)
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem.Wrap(err, "look at the spelling, and at the folder that the command runs in", "the file %s does not exist", name)
	case err != nil:
		return nil, problem.Wrap(err, "", "the file %s cannot be read: %s", name, fileFault(err))
	}
	defer f.Close()
	return readAll(f, "the file "+name)
}

func fileFault(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func readAll(r io.Reader, what string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, problem.Wrap(err, "", "%s cannot be read: %s", what, fileFault(err))
	}
	if len(b) > maxBody {
		return nil, problem.New("bodies are held in memory: up to 256 MiB", "%s is too large", what)
	}
	return b, nil
}

// Form encodes name=value arguments as a form's body. {{…}} stays as it is, to
// be filled and escaped later.
func Form(pairs []string) (body []byte, contentType string, err error) {
	var b strings.Builder
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, "", problem.New("write name=value", "the form field %q has no =", short(pair))
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name) + "=" + escapeAround(value))
	}
	return []byte(b.String()), "application/x-www-form-urlencoded", nil
}

// escapeAround escapes what stands outside of {{…}}.
func escapeAround(s string) string {
	before, rest, ok := strings.Cut(s, "{{")
	inside, after, closed := strings.Cut(rest, "}}")
	if !ok || !closed {
		return url.QueryEscape(s)
	}
	return url.QueryEscape(before) + "{{" + inside + "}}" + escapeAround(after)
}

// Multipart encodes name=value and name=@file arguments as multipart/form-data;
// ";type=image/png" and ";filename=a.png" may follow.
func Multipart(pairs []string) (body []byte, contentType string, err error) {
	var parts []Part
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, "", problem.New("write name=value or name=@file", "the multipart field %q has no name", short(pair))
		}
		p, err := partOf(name, value)
		if err != nil {
			return nil, "", err
		}
		parts = append(parts, p)
	}
	return Parts(parts)
}

// Part is one part of a multipart body. Type and File are empty where it says none.
type Part struct {
	Name    string
	Content []byte
	Type    string
	File    string // its name
}

// Parts writes multipart/form-data. The boundary is made from the parts, so that
// the same command sends the same bytes.
func Parts(parts []Part) (body []byte, contentType string, err error) {
	h := fnv.New128a()
	for _, p := range parts {
		_, _ = io.WriteString(h, p.Name+p.Type+p.File)
		_, _ = h.Write(p.Content)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary("loadtester-" + string(hexBytes(h.Sum(nil)))); err != nil {
		return nil, "", err
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, "%22", "\r", "%0D", "\n", "%0A")
	for _, p := range parts {
		disposition := `form-data; name="` + quote.Replace(p.Name) + `"`
		if p.File != "" {
			disposition += `; filename="` + quote.Replace(p.File) + `"`
		}
		header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
		if p.Type != "" {
			header.Set("Content-Type", p.Type)
		}
		part, err := w.CreatePart(header)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(p.Content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

func hexBytes(raw []byte) []byte {
	var out []byte
	for _, c := range raw {
		out = appendHex(out, uint64(c), 2)
	}
	return out
}

// partOf reads a value, or the file that it names.
func partOf(name, value string) (Part, error) {
	value, options := partOptions(value)
	p := Part{Name: name, Content: []byte(value), Type: options["type"], File: options["filename"]}
	file, ok := strings.CutPrefix(value, "@")
	if !ok {
		return p, nil
	}
	var err error
	if p.Content, err = ReadFile(file); err != nil {
		return p, err
	}
	if p.File == "" {
		p.File = filepath.Base(file)
	}
	if p.Type == "" {
		p.Type = cmp.Or(mime.TypeByExtension(filepath.Ext(file)), "application/octet-stream")
	}
	return p, nil
}

// partOptions takes ;type= and ;filename= off the end of a part's value.
func partOptions(value string) (string, map[string]string) {
	options := map[string]string{}
	for {
		i := strings.LastIndexByte(value, ';')
		if i < 0 {
			return value, options
		}
		key, v, ok := strings.Cut(strings.TrimSpace(value[i+1:]), "=")
		if !ok || key != "type" && key != "filename" {
			return value, options
		}
		options[key] = strings.Trim(v, `"`)
		value = value[:i]
	}
}
