package redact

import (
	"bytes"
	"io"
	"slices"
)

// Writer replaces secrets in a stream, also one that is cut by two writes. It
// holds back only what may still become a secret; Flush writes that out.
type Writer struct {
	w       io.Writer
	secrets [][]byte // longest first
	held    []byte
}

// NewWriter makes a Writer on w. Secrets of fewer than three bytes are left
// out: they would hide half of the text and are no secrets.
func NewWriter(w io.Writer, secrets ...string) *Writer {
	return &Writer{w: w, secrets: usable(secrets)}
}

func usable(secrets []string) [][]byte {
	var long [][]byte
	for _, s := range secrets {
		if len(s) >= 3 {
			long = append(long, []byte(s))
		}
	}
	slices.SortFunc(long, func(a, b []byte) int { return len(b) - len(a) })
	return long
}

// Write implements io.Writer. It reports len(p) where nothing failed.
func (r *Writer) Write(p []byte) (int, error) {
	text := append(r.held, p...)
	r.held = nil
	var out []byte
	for len(text) > 0 {
		secret, partial := r.at(text)
		switch {
		case partial:
			r.held = bytes.Clone(text)
			text = nil
		case secret > 0:
			out = append(out, Mask...)
			text = text[secret:]
		default:
			out = append(out, text[0])
			text = text[1:]
		}
	}
	if _, err := r.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// at says whether text begins with a secret (its length), or might once more
// of it is there.
func (r *Writer) at(text []byte) (length int, partial bool) {
	for _, s := range r.secrets {
		if len(text) < len(s) && bytes.HasPrefix(s, text) {
			return 0, true
		}
		if bytes.HasPrefix(text, s) {
			return len(s), false
		}
	}
	return 0, false
}

// Flush writes what was held back.
func (r *Writer) Flush() error {
	held := r.held
	r.held = nil
	for len(held) > 0 {
		out := held[:1]
		// A shorter secret may have been held as the beginning of a longer one.
		n := 1
		for _, s := range r.secrets {
			if bytes.HasPrefix(held, s) {
				out, n = []byte(Mask), len(s)
				break
			}
		}
		if _, err := r.w.Write(out); err != nil {
			return err
		}
		held = held[n:]
	}
	return nil
}
