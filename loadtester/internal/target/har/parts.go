package har

import (
	"bytes"
	"errors"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// errParts leaves an entry out whose parts cannot be put together.
var errParts = errors.New("with parts of a form and no boundary")

// quoted writes names as browsers do.
var quoted = strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")

// parts makes a multipart body of its fields, with the boundary that the recorded
// Content-Type names.
func parts(kind string, params []param) ([]byte, error) {
	_, options, err := mime.ParseMediaType(kind)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err != nil || w.SetBoundary(options["boundary"]) != nil {
		return nil, errParts
	}
	for _, p := range params {
		disposition := `form-data; name="` + quoted.Replace(p.Name) + `"`
		if p.FileName != "" {
			disposition += `; filename="` + quoted.Replace(p.FileName) + `"`
		}
		head := textproto.MIMEHeader{"Content-Disposition": {disposition}}
		if p.ContentType != "" {
			head.Set("Content-Type", strings.NewReplacer("\r", "", "\n", "").Replace(p.ContentType))
		}
		part, err := w.CreatePart(head)
		if err != nil {
			return nil, errParts
		}
		_, _ = part.Write([]byte(p.Value)) // to memory
	}
	_ = w.Close()
	return body.Bytes(), nil
}
