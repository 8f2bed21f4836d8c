package engine

import (
	"bytes"
	"errors"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/unpack"
)

// What is kept of a body that somebody looks at: packed, and unpacked. A longer
// one is not as expected.
const (
	packedBody = 8 << 20
	plainBody  = 64 << 20
)

// body looks at a response's body for those who want to: the run's matcher, and
// the step of a chain. A packed one is unpacked at its end, for both.
type body struct {
	match   BodyMatcher // nil: nobody checks
	keep    bool        // a chain needs it
	begun   bool
	packing string // Content-Encoding, where it changes the body
	bytes   []byte // packed: all; plain: as much as a chain may need
}

func (b *body) reset(keep bool) {
	if cap(b.bytes) > chainBody { // what one large body took is not kept for all others
		b.bytes = nil
	}
	b.keep, b.begun, b.packing, b.bytes = keep, false, "", b.bytes[:0]
	if b.match != nil {
		b.match.Reset()
	}
}

// wanted says whether anybody looks.
func (b *body) wanted() bool { return b.match != nil || b.keep }

// begin is told the head before the first piece.
func (b *body) begin(encoding string) {
	b.begun = true
	if unpack.Packed(encoding) {
		b.packing = encoding
	}
}

func (b *body) feed(piece []byte) {
	if b.packing != "" {
		b.bytes = append(b.bytes, piece[:min(len(piece), packedBody-len(b.bytes))]...)
		return
	}
	if b.match != nil {
		b.match.Feed(piece)
	}
	if b.keep {
		b.bytes = append(b.bytes, piece[:min(len(piece), max(chainBody-len(b.bytes), 0))]...)
	}
}

// end says whether the body was as expected: OK, UnexpectedBody, or TooLarge where it
// was so when it was unpacked. What a chain needs of it is plain then.
func (b *body) end() record.Class {
	var err error
	if b.packing != "" {
		packed := b.bytes
		b.bytes = nil
		err = unpack.Body(b.packing, packed, plainBody, func(piece []byte) bool {
			b.bytes = append(b.bytes, piece[:min(len(piece), chainBody-len(b.bytes))]...)
			if b.match == nil {
				return len(b.bytes) < chainBody
			}
			b.match.Feed(piece)
			return true
		})
	}
	switch {
	case b.match == nil:
	case errors.Is(err, unpack.ErrTooLong):
		return record.TooLarge
	case err != nil || !b.match.End():
		return record.UnexpectedBody
	}
	return record.OK
}

// encodingOf reads Content-Encoding in a head of HTTP/1.1.
func encodingOf(head []byte) string {
	_, rest, _ := bytes.Cut(head, []byte("\n"))
	var all []byte
	for line := range bytes.Lines(rest) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok && len(name) == len("content-encoding") && bytes.EqualFold(name, []byte("content-encoding")) {
			if len(all) > 0 {
				all = append(all, ',')
			}
			all = append(all, bytes.TrimSpace(value)...)
		}
	}
	return string(all)
}
