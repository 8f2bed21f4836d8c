package h1

import (
	"bytes"
	"errors"
)

// What can be wrong with a response. Errors of Feed are or wrap one of these.
var (
	ErrMalformed = errors.New("malformed response")
	ErrTooLarge  = errors.New("response too large")
)

// Limits bound a response, in bytes.
type Limits struct {
	Head int
	Body int64
}

// Parser reads one response after the other. Set Limits and the hooks once, call
// Reset before each response, then Feed.
type Parser struct {
	Limits *Limits
	// OnBody sees the pieces of the body, without the chunks' framing; nil: none.
	OnBody func([]byte)
	// KeepHead keeps the head for Head.
	KeepHead bool

	Status int // 0 until the head is whole

	state     state
	noBody    bool // the request was HEAD
	close     bool // the connection ends after this response
	interim   int8 // 1xx heads so far
	digits    int8 // of a chunk's size so far
	bare      bool // a chunk's size was followed by CR: its LF should come next
	remaining int64
	size      int64  // body so far
	carry     []byte // the beginning of a head that came in pieces
	scanned   int    // so much of it is parsed
	blank     int    // and so much of that are empty lines before the head
	head      []byte // kept
	framing   framing
}

// state is where in a response the next byte belongs.
type state uint8

const (
	inHead state = iota
	inBody
	untilEOF
	inChunkSize
	inChunkExt
	inChunkData
	afterChunk
	inTrailer
	done
)

// framing is what the head has said so far about the body's length.
type framing struct {
	length    int64 // -1: not given
	chunked   bool
	otherTE   bool // a transfer encoding that does not end in chunked
	version10 bool
	keepAlive bool // asked for in HTTP/1.0
	framed    bool // the line before was one of these: it must not be folded
}

// Reset prepares for the next response. head says that its request was HEAD.
func (p *Parser) Reset(head bool) {
	p.Status, p.state, p.noBody, p.close, p.interim, p.size = 0, inHead, head, false, 0, 0
	p.carry, p.scanned, p.blank, p.head = p.carry[:0], 0, 0, p.head[:0]
	p.framing = framing{length: -1}
}

// Close says, after a whole response, that the connection is at its end.
func (p *Parser) Close() bool { return p.close }

// Head is the kept head: status line, header lines and the empty line.
func (p *Parser) Head() []byte { return p.head }

// Feed takes the next bytes. It returns how many belong to this response, and
// whether it is whole now; bytes beyond it are not looked at.
func (p *Parser) Feed(data []byte) (n int, whole bool, err error) {
	for {
		switch p.state {
		case done:
			return n, true, nil
		case inHead:
			used, err := p.feedHead(data[n:])
			if err != nil {
				return n, false, err
			}
			if n += used; p.state == inHead && n == len(data) {
				return n, false, nil
			}
		default:
			if n == len(data) {
				return n, false, nil
			}
			used, err := p.feedBody(data[n:])
			n += used
			if err != nil {
				return n, false, err
			}
		}
	}
}

// EOF says that the stream has ended. It returns whether that makes the response
// whole.
func (p *Parser) EOF() (whole bool) {
	if p.state == untilEOF {
		p.state = done
	}
	return p.state == done
}

// Begun says whether any byte of the response has come.
func (p *Parser) Begun() bool { return p.state != inHead || p.interim > 0 || len(p.carry) > 0 }

// InHead says that the head is not whole yet.
func (p *Parser) InHead() bool { return p.state == inHead }

// Blank says that data is nothing but line ends. Some servers send one after a
// response (RFC 9112, section 2.2); it means nothing.
func Blank(data []byte) bool {
	for _, c := range data {
		if c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// feedHead parses a head, straight from data where it is whole there.
func (p *Parser) feedHead(data []byte) (used int, err error) {
	text, before := data, 0
	if len(p.carry) > 0 {
		before = len(p.carry)
		p.carry = append(p.carry, data...)
		text = p.carry
	}
	for {
		end := bytes.IndexByte(text[p.scanned:], '\n')
		if end < 0 {
			if len(text) > p.Limits.Head {
				return 0, ErrTooLarge
			}
			if before == 0 {
				p.carry = append(p.carry, data...)
			}
			return len(data), nil
		}
		line := text[p.scanned : p.scanned+end]
		first := p.scanned == p.blank
		p.scanned += end + 1
		if p.scanned > p.Limits.Head {
			return 0, ErrTooLarge
		}
		if len(line) > 0 && line[len(line)-1] == '\r' {
			line = line[:len(line)-1]
		}
		switch {
		case first && len(line) == 0: // the end of what came before
			p.blank = p.scanned
		case first:
			err = p.statusLine(line)
		case len(line) == 0:
			if p.KeepHead {
				p.head = append(p.head[:0], text[p.blank:p.scanned]...)
			}
			used = p.scanned - before
			p.carry, p.scanned, p.blank = p.carry[:0], 0, 0
			return used, p.headDone()
		default:
			err = p.headerLine(line)
		}
		if err != nil {
			return 0, err
		}
	}
}

// statusLine reads "HTTP/1.1 200 OK". The reason may be missing, and the space
// before it too.
func (p *Parser) statusLine(line []byte) error {
	if len(line) < len("HTTP/1.1 200") || string(line[:7]) != "HTTP/1." || line[8] != ' ' || len(line) > 12 && line[12] != ' ' {
		return ErrMalformed
	}
	switch line[7] {
	case '0':
		p.framing.version10 = true
	case '1':
	default:
		return ErrMalformed
	}
	status := 0
	for _, c := range line[9:12] {
		if c < '0' || c > '9' {
			return ErrMalformed
		}
		status = 10*status + int(c-'0')
	}
	if status < 100 {
		return ErrMalformed
	}
	p.Status = status
	return nil
}

// headerLine looks for what frames the body and passes over everything else.
func (p *Parser) headerLine(line []byte) error {
	if line[0] == ' ' || line[0] == '\t' { // folded: part of the line before
		if p.framing.framed {
			return ErrMalformed
		}
		return nil
	}
	p.framing.framed = false
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || line[colon-1] == ' ' || line[colon-1] == '\t' {
		return ErrMalformed
	}
	switch colon {
	case len("connection"):
		if fold(line[:colon], "connection") {
			p.connection(line[colon+1:])
		}
	case len("content-length"):
		if fold(line[:colon], "content-length") {
			p.framing.framed = true
			return p.contentLength(line[colon+1:])
		}
	case len("transfer-encoding"):
		if fold(line[:colon], "transfer-encoding") {
			p.framing.framed = true
			return p.transferEncoding(line[colon+1:])
		}
	}
	return nil
}

func (p *Parser) contentLength(value []byte) error {
	value = trim(value)
	if p.framing.length >= 0 || len(value) == 0 || len(value) > 18 {
		return ErrMalformed
	}
	n := int64(0)
	for _, c := range value {
		if c < '0' || c > '9' {
			return ErrMalformed
		}
		n = 10*n + int64(c-'0')
	}
	p.framing.length = n
	return nil
}

// transferEncoding looks at the last coding: chunked frames the body.
func (p *Parser) transferEncoding(value []byte) error {
	if p.framing.chunked { // chunked is the last, and only once
		return ErrMalformed
	}
	last := value
	if comma := bytes.LastIndexByte(value, ','); comma >= 0 {
		last = value[comma+1:]
	}
	p.framing.chunked = fold(trim(last), "chunked")
	p.framing.otherTE = !p.framing.chunked
	return nil
}

func (p *Parser) connection(value []byte) {
	for len(value) > 0 {
		token := value
		if comma := bytes.IndexByte(value, ','); comma >= 0 {
			token, value = value[:comma], value[comma+1:]
		} else {
			value = nil
		}
		switch token = trim(token); {
		case fold(token, "close"):
			p.close = true
		case fold(token, "keep-alive"):
			p.framing.keepAlive = true
		}
	}
}

// InterimLimit is how many 1xx heads may come before a response.
const InterimLimit = 100

// headDone decides how the body ends.
func (p *Parser) headDone() error {
	f := &p.framing
	if p.Status < 200 {
		if p.Status == 101 || p.interim >= InterimLimit { // nobody asked to switch protocols
			return ErrMalformed
		}
		p.interim++
		p.Status, p.framing, p.close = 0, framing{length: -1}, false
		return nil
	}
	p.close = p.close || f.version10 && !f.keepAlive
	switch {
	case p.noBody || p.Status == 204 || p.Status == 304:
		p.state = done
	case f.chunked:
		// With a length besides, somebody on the way may have seen another end.
		p.close = p.close || f.length >= 0 || f.version10
		p.state, p.remaining = inChunkSize, -1
	case f.length == 0 && !f.otherTE:
		p.state = done
	case f.length > 0 && !f.otherTE:
		if f.length > p.Limits.Body {
			return ErrTooLarge
		}
		p.state, p.remaining = inBody, f.length
	default:
		p.state, p.close = untilEOF, true
	}
	return nil
}

// fold compares ASCII without regard to case; lower is in lower case.
func fold(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// trim cuts blanks off both ends.
func trim(text []byte) []byte {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}
