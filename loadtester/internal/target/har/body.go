package har

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"
)

// errBody leaves an entry out whose body the archive has not, or not as it was
// sent: without it, it would be another request.
var errBody = errors.New("with a body that the archive has not")

// bytes is the body, of which length bytes were sent (-1: that is not known).
func (b *postData) bytes(length int64) ([]byte, error) {
	switch {
	case b == nil:
		if length > 0 {
			return nil, errBody
		}
		return nil, nil
	case b.Encoding == "base64":
		body, err := base64.StdEncoding.DecodeString(b.Text)
		if err != nil {
			return nil, errors.New("its body is not base64")
		}
		return body, nil
	case b.Text == "" && len(b.Params) > 0 && strings.HasPrefix(strings.ToLower(b.MIME), "multipart/"):
		for _, p := range b.Params {
			if p.FileName != "" && (p.Value == "" || p.Value == "(binary)") {
				return nil, errBody
			}
		}
		return parts(b.MIME, b.Params)
	case b.Text == "" && len(b.Params) > 0:
		form := make([]string, len(b.Params))
		for i, p := range b.Params {
			form[i] = escaped(p.Name) + "=" + escaped(p.Value)
		}
		return []byte(strings.Join(form, "&")), nil
	case length >= 0 && int64(len(b.Text)) != length:
		return raw(b.Text, length)
	}
	return []byte(b.Text), nil
}

// cutFrom is from which size on browsers keep the beginning of a body only.
const cutFrom = 64 << 10

// raw is a body whose text has another length than was sent: bytes that were
// written as one character each, or text that has lost some. Other text was
// changed by hand, in the archive, and is what is meant.
func raw(text string, length int64) ([]byte, error) {
	if text == "" || strings.ContainsRune(text, utf8.RuneError) || len(text) >= cutFrom && int64(len(text)) < length {
		return nil, errBody
	}
	if int64(utf8.RuneCountInString(text)) != length {
		return []byte(text), nil
	}
	body := make([]byte, 0, length)
	for _, c := range text {
		if c > 0xff {
			return []byte(text), nil
		}
		body = append(body, byte(c))
	}
	return body, nil
}
