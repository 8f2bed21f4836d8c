package tree

import (
	"bytes"
	"io"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff writes the changes as a unified diff that patch and git apply take.
func (p *Plan) Diff(w io.Writer) error {
	return p.diff(w, func(c Change) bool { return c.Action != Keep })
}

// DiffEdits is the diff of what becomes of user-owned files that are edited.
func (p *Plan) DiffEdits(w io.Writer) error {
	return p.diff(w, func(c Change) bool {
		_, isEdited := p.edits[c.Path]
		return isEdited && c.Owner == User
	})
}

func (p *Plan) diff(w io.Writer, shown func(Change) bool) error {
	for _, c := range p.Changes {
		if !shown(c) {
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
