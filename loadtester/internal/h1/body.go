package h1

import "bytes"

// feedBody takes bytes of the body and its framing. data is not empty.
func (p *Parser) feedBody(data []byte) (used int, err error) {
	switch p.state {
	case inBody:
		n := int(min(p.remaining, int64(len(data))))
		p.body(data[:n])
		if p.remaining -= int64(n); p.remaining == 0 {
			p.state = done
		}
		return n, nil
	case untilEOF:
		p.body(data)
		if p.size > p.Limits.Body {
			return len(data), ErrTooLarge
		}
		return len(data), nil
	case inChunkSize:
		return p.chunkSize(data)
	case inChunkExt:
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			p.bare = false
			return len(data), p.extra(len(data))
		}
		p.afterSize()
		if end == 0 && p.bare { // there is none, and the end of a line costs nothing, of however many chunks
			return 1, nil
		}
		return end + 1, p.extra(end + 1)
	case inChunkData:
		n := int(min(p.remaining, int64(len(data))))
		p.body(data[:n])
		if p.remaining -= int64(n); p.remaining == 0 {
			p.state = afterChunk
		}
		return n, nil
	case afterChunk: // CR LF, or LF alone
		switch {
		case data[0] == '\r' && p.remaining == 0:
			p.remaining = -2 // only LF may follow
		case data[0] == '\n':
			p.state, p.remaining = inChunkSize, -1
		default:
			return 0, ErrMalformed
		}
		return 1, nil
	default:
		return p.trailer(data)
	}
}

// body hands a piece on and counts it.
func (p *Parser) body(piece []byte) {
	p.size += int64(len(piece))
	if p.OnBody != nil {
		p.OnBody(piece)
	}
}

// extra bounds extensions and trailers with the limit of the head.
func (p *Parser) extra(n int) error {
	if p.scanned += n; p.scanned > p.Limits.Head {
		return ErrTooLarge
	}
	return nil
}

// mostDigits bounds the zeros before a size, too.
const mostDigits = 16

// chunkSize reads hexadecimal digits. remaining is -1 before the first.
func (p *Parser) chunkSize(data []byte) (used int, err error) {
	for i, c := range data {
		if p.remaining < 0 {
			p.digits = 0
		}
		digit := int64(0)
		switch {
		case c >= '0' && c <= '9':
			digit = int64(c - '0')
		case c >= 'a' && c <= 'f':
			digit = int64(c-'a') + 10
		case c >= 'A' && c <= 'F':
			digit = int64(c-'A') + 10
		case p.remaining < 0:
			return i, ErrMalformed
		case c == '\n':
			p.afterSize()
			return i + 1, nil
		case c == ';' || c == '\r' || c == ' ' || c == '\t':
			p.state, p.bare = inChunkExt, c == '\r'
			return i + 1, nil
		default:
			return i, ErrMalformed
		}
		p.digits++
		if p.remaining = max(p.remaining, 0)<<4 | digit; p.size+p.remaining > p.Limits.Body || p.digits > mostDigits {
			return i, ErrTooLarge
		}
	}
	return len(data), nil
}

// afterSize goes to the chunk's data, or after the last chunk to the trailers.
func (p *Parser) afterSize() {
	if p.remaining == 0 {
		p.state = inTrailer // remaining counts the bytes of the line that we are in
	} else {
		p.state = inChunkData
	}
}

// trailer passes over header lines up to the empty one.
func (p *Parser) trailer(data []byte) (used int, err error) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		if p.remaining == 0 && data[0] == '\r' && len(data) == 1 {
			p.remaining = -1 // an empty line, unless more than LF follows
			return 1, nil
		}
		p.remaining = 1
		return len(data), p.extra(len(data))
	}
	empty := end == 0 && p.remaining <= 0 || end == 1 && data[0] == '\r' && p.remaining == 0
	if empty {
		p.state = done
		return end + 1, nil
	}
	p.remaining = 0
	return end + 1, p.extra(end + 1)
}
