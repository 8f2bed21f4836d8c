package h2

import (
	"errors"
	"fmt"

	"golang.org/x/net/http2/hpack"
)

// ErrCompression is a header block that cannot be read.
var ErrCompression = errors.New("malformed header block")

// Field is a header field of a request. The name is in lower case.
type Field struct{ Name, Value string }

// Indices of HPACK's static table.
const (
	indexAuthority = 1
	indexGET       = 2
	indexPOST      = 3
	indexSlash     = 4
	indexPath      = 4
	indexHTTP      = 6
	indexHTTPS     = 7
	indexMethod    = 2
	indexStatus    = 8  // the first of those with :status
	lastStatus     = 14 // the last of them
	indexLength    = 28
	lastStatic     = 61
)

// statusOf are the values of the static entries from indexStatus on.
var statusOf = [...]int{200, 204, 206, 304, 400, 404, 500}

// AppendBlock writes a request's header block, without the dynamic table.
func AppendBlock(dst []byte, method, scheme, authority, path string, fields []Field) []byte {
	switch method {
	case "GET":
		dst = append(dst, 0x80|indexGET)
	case "POST":
		dst = append(dst, 0x80|indexPOST)
	default:
		dst = appendString(append(dst, indexMethod), method)
	}
	if scheme == "https" {
		dst = append(dst, 0x80|indexHTTPS)
	} else {
		dst = append(dst, 0x80|indexHTTP)
	}
	if path == "/" {
		dst = append(dst, 0x80|indexSlash)
	} else {
		dst = appendString(append(dst, indexPath), path)
	}
	dst = appendString(append(dst, indexAuthority), authority)
	for _, f := range fields {
		dst = appendString(append(dst, 0), f.Name)
		dst = appendString(dst, f.Value)
	}
	return dst
}

// appendString writes a string, in Huffman's code where that is shorter.
func appendString(dst []byte, s string) []byte {
	if n := hpack.HuffmanEncodeLength(s); n < uint64(len(s)) {
		return hpack.AppendHuffmanString(appendNumber(dst, 0x80, 7, n), s)
	}
	return append(appendNumber(dst, 0, 7, uint64(len(s))), s...)
}

// appendNumber writes n with a prefix of so many bits under the bits of high.
func appendNumber(dst []byte, high byte, bits uint, n uint64) []byte {
	limit := uint64(1)<<bits - 1
	if n < limit {
		return append(dst, high|byte(n))
	}
	dst = append(dst, high|byte(limit))
	for n -= limit; n >= 128; n >>= 7 {
		dst = append(dst, byte(n)|0x80)
	}
	return append(dst, byte(n))
}

// readNumber is the inverse of appendNumber.
func readNumber(block []byte, bits uint) (n uint64, rest []byte, err error) {
	if len(block) == 0 {
		return 0, nil, ErrCompression
	}
	limit := uint64(1)<<bits - 1
	n = uint64(block[0]) & limit
	block = block[1:]
	if n < limit {
		return n, block, nil
	}
	for shift := uint(0); shift < 56; shift += 7 {
		if len(block) == 0 {
			return 0, nil, ErrCompression
		}
		b := block[0]
		block = block[1:]
		n += uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			return n, block, nil
		}
	}
	return 0, nil, ErrCompression
}

// readString passes over a string.
func readString(block []byte) (text []byte, huffman bool, rest []byte, err error) {
	if len(block) == 0 {
		return nil, false, nil, ErrCompression
	}
	huffman = block[0]&0x80 != 0
	n, rest, err := readNumber(block, 7)
	if err != nil || n > uint64(len(rest)) {
		return nil, false, nil, ErrCompression
	}
	return rest[:n], huffman, rest[n:], nil
}

// Head is what a response's header block says that matters here.
type Head struct {
	Status int   // 0: it has none: trailers
	Length int64 // the content-length; -1: it has none
	Size   int   // at least what the fields take when they are written out, as RFC 9113 counts it (section 6.5.2)
}

// What a field may take of Head.Size beside its text: the overhead that RFC 7541 counts,
// and the longest entry of the static table.
const (
	fieldSize  = 32
	staticSize = 30
)

// meaning is which of a Head's fields a header field gives.
type meaning int

const (
	nothing meaning = iota
	ofStatus
	ofLength
)

// Read reads a response's header block, and checks the rest of the block's form.
func Read(block []byte) (head Head, err error) {
	head.Length = -1
	sizes := 0
	for len(block) > 0 {
		b := block[0]
		var index uint64
		switch {
		case b&0x80 != 0: // indexed
			if index, block, err = readNumber(block, 7); err != nil {
				return head, err
			}
			if index == 0 || index > lastStatic || index == indexLength {
				return head, ErrCompression // the dynamic table is empty, and so is that length
			}
			if index >= indexStatus && index <= lastStatus {
				head.Status = statusOf[index-indexStatus]
			}
			head.Size += fieldSize + staticSize
			continue
		case b&0xe0 == 0x20: // the dynamic table's size
			// Before the first field only (RFC 7541, section 4.2).
			if index, block, err = readNumber(block, 5); err != nil || index != 0 || head.Size > 0 {
				return head, ErrCompression
			}
			if sizes++; sizes > 2 {
				return head, ErrCompression
			}
			continue
		case b&0xc0 == 0x40: // literal, to be indexed: the table has no room
			index, block, err = readNumber(block, 6)
		default: // literal
			index, block, err = readNumber(block, 4)
		}
		if err != nil || index > lastStatic {
			return head, ErrCompression
		}
		if block, err = head.literal(block, index); err != nil {
			return head, err
		}
	}
	return head, nil
}

// literal reads a field whose value is written out; its name is too where index is 0.
func (h *Head) literal(block []byte, index uint64) (rest []byte, err error) {
	means := nothing
	var text []byte
	var huffman bool
	switch {
	case index >= indexStatus && index <= lastStatus:
		means = ofStatus
	case index == indexLength:
		means = ofLength
	case index == 0:
		if text, huffman, block, err = readString(block); err != nil {
			return nil, err
		}
		means = named(text, huffman)
	}
	h.Size += fieldSize + staticSize + written(text, huffman)
	if text, huffman, block, err = readString(block); err != nil {
		return nil, err
	}
	h.Size += written(text, huffman)
	switch means {
	case ofStatus:
		n, digits := number(text, huffman)
		if digits != 3 {
			return nil, ErrCompression
		}
		h.Status = int(n)
	case ofLength:
		n, digits := number(text, huffman)
		if digits == 0 || h.Length >= 0 && h.Length != n {
			return nil, ErrCompression
		}
		h.Length = n
	}
	return block, nil
}

// written is at most what a string takes when it is written out: Huffman's code has no
// symbol below five bits.
func written(text []byte, huffman bool) int {
	if huffman {
		return len(text) * 8 / 5
	}
	return len(text)
}

// named says what a name means that is written out. Few servers do that with
// these.
func named(name []byte, huffman bool) meaning {
	status, length := ":status", "content-length"
	if huffman {
		status, length = huffmanStatus, huffmanLength
	}
	switch string(name) {
	case status:
		return ofStatus
	case length:
		return ofLength
	}
	return nothing
}

// Names in Huffman's code.
const (
	huffmanStatus = "\xb8\x84\x8d\x36\xa3"
	huffmanLength = "\x21\xea\x49\x6a\x4a\xd4\x16\xa9\x93\x3f"
)

// mostDigits bounds a number.
const mostDigits = 18

// number reads decimal digits, and says how many they were; 0: that is no number.
// In Huffman's code 0 to 2 have five bits, from 00000 on, and 3 to 9 six, from
// 011001 on; a one begins the padding.
func number(text []byte, huffman bool) (n int64, digits int) {
	if !huffman {
		for _, c := range text {
			if c < '0' || c > '9' || digits == mostDigits {
				return 0, 0
			}
			n, digits = 10*n+int64(c-'0'), digits+1
		}
		return n, digits
	}
	bits, left := uint32(0), uint(0)
	for {
		for left < 6 && len(text) > 0 {
			bits, left, text = bits<<8|uint32(text[0]), left+8, text[1:]
		}
		if left == 0 || bits>>(left-1)&1 == 1 {
			break
		}
		if left < 5 || digits == mostDigits {
			return 0, 0
		}
		digit := int64(bits >> (left - 5) & 31)
		left -= 5
		if digit > 2 {
			if left < 1 {
				return 0, 0
			}
			left--
			digit = digit<<1 | int64(bits>>left&1)
			digit -= 25 - 3
			if digit < 3 || digit > 9 {
				return 0, 0
			}
		}
		n, digits = 10*n+digit, digits+1
	}
	if len(text) > 0 || left > 7 || bits&(1<<left-1) != 1<<left-1 {
		return 0, 0
	}
	return n, digits
}

// AppendHead writes a header block as HTTP/1.1 would have it.
func AppendHead(dst, block []byte, status int) []byte {
	dst = fmt.Appendf(dst, "HTTP/1.1 %d \r\n", status)
	decoder := hpack.NewDecoder(0, func(f hpack.HeaderField) {
		if !f.IsPseudo() {
			dst = fmt.Appendf(dst, "%s: %s\r\n", f.Name, f.Value)
		}
	})
	// Read has found the block well formed; what this decoder refuses is left out.
	_, _ = decoder.Write(block)
	_ = decoder.Close()
	return append(dst, "\r\n"...)
}
