package tree

import (
	"bytes"
	"io"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff writes the changes as a unified diff that patch and git apply take.
func (p *Plan) Diff(w io.Writer) error {
	for _, c := range p.Changes {
		if c.Action == Keep {
			continue
		}
		from, to := "a/"+c.Path, "b/"+c.Path
		switch c.Action {
		case Create:
			from = "/dev/null"
		case Remove:
			to = "/dev/null"
		}
		text := diff.Diff(from, c.Before, to, c.After)
		// The library puts a line "diff from to" on top.
		if _, rest, ok := bytes.Cut(text, []byte("\n")); ok && bytes.HasPrefix(text, []byte("diff ")) {
			text = rest
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}
