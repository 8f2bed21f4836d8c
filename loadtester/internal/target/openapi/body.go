package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// boundary parts multipart bodies. It is always the same, so that a run can be
// repeated byte for byte.
const boundary = "loadtester-4f1c8a6e2d"

// encode writes a body's value in its media type, and says what Content-Type it
// has.
func (b *body) encode(v any) (data []byte, contentType string, err error) {
	switch media := essence(b.media); {
	case isJSON(media):
		return []byte(schema.JSON(v)), b.media, nil
	case media == formType:
		o, ok := v.(*schema.Object)
		if !ok {
			return nil, "", fmt.Errorf("its form is no object")
		}
		return []byte(strings.Join(formPairs(o), "&")), b.media, nil
	case media == "multipart/form-data":
		o, ok := v.(*schema.Object)
		if !ok {
			return nil, "", fmt.Errorf("its form is no object")
		}
		data, err = b.multipart(o)
		return data, media + "; boundary=" + boundary, err
	case strings.HasSuffix(media, "xml"):
		if text, ok := v.(string); ok {
			return []byte(text), b.media, nil
		}
		return nil, "", fmt.Errorf("a body of %s is made from an example only", media)
	}
	return []byte(plainText(v)), b.media, nil
}

// formPairs are k=v; lists repeat their name, objects are JSON.
func formPairs(o *schema.Object) []string {
	var pairs []string
	for _, key := range o.Keys {
		list, ok := o.Values[key].([]any)
		if !ok {
			list = []any{o.Values[key]}
		}
		for _, v := range list {
			pairs = append(pairs, escape(key)+"="+escape(plainText(v)))
		}
	}
	return pairs
}

func (b *body) multipart(o *schema.Object) ([]byte, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if err := w.SetBoundary(boundary); err != nil {
		return nil, err
	}
	for _, key := range o.Keys {
		list, ok := o.Values[key].([]any)
		if !ok {
			list = []any{o.Values[key]}
		}
		for _, v := range list {
			part, err := w.CreatePart(b.part(key, v))
			if err != nil {
				return nil, err
			}
			if _, err := part.Write([]byte(plainText(v))); err != nil {
				return nil, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// part is the header of one part: files have a name, objects are JSON.
func (b *body) part(key string, v any) textproto.MIMEHeader {
	contentType, disposition := b.types[key], fmt.Sprintf(`form-data; name="%s"`, quoted(key))
	if b.file(key) {
		disposition += fmt.Sprintf(`; filename="%s.bin"`, quoted(key))
		if contentType == "" {
			contentType = "application/octet-stream"
		}
	}
	if _, ok := v.(*schema.Object); ok && contentType == "" {
		contentType = "application/json"
	}
	h := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if contentType != "" && !strings.Contains(contentType, "*") {
		h.Set("Content-Type", contentType)
	}
	return h
}

func quoted(s string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}

// file says that a property is a file: binary text, or text of a media type.
func (b *body) file(key string) bool { return schema.Binary(b.schema, key) }

// surelyWrong says that no server may take the value for a right one, in the way
// that this body is written.
func (b *body) surelyWrong(v any) bool {
	if isJSON(b.media) {
		return true // Wrongs has seen to it
	}
	if o, ok := v.(*schema.Object); ok {
		for _, key := range o.Keys {
			if o.Values[key] == nil || plainText(o.Values[key]) == "" {
				return false // an empty field: some take it for an absent one
			}
		}
	}
	_, isNumber := v.(json.Number)
	return !isNumber && v != nil && plainText(v) != "" && !readAs(b.schema, v)
}
