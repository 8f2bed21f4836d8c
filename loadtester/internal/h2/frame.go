package h2

import (
	"encoding/binary"
	"errors"
)

// Type is a frame's type.
type Type byte

const (
	Data         Type = 0
	Headers      Type = 1
	Priority     Type = 2
	RstStream    Type = 3
	Settings     Type = 4
	PushPromise  Type = 5
	Ping         Type = 6
	GoAway       Type = 7
	WindowUpdate Type = 8
	Continuation Type = 9
)

// Flags of frames.
const (
	EndStream  = 0x1
	Ack        = 0x1
	EndHeaders = 0x4
	Padded     = 0x8
	HasPrio    = 0x20
)

// Settings that we read or send.
const (
	SettingTableSize     = 1
	SettingPush          = 2
	SettingMaxStreams    = 3
	SettingInitialWindow = 4
	SettingMaxFrame      = 5
)

// Error codes.
const (
	NoError       = 0
	RefusedStream = 7
	Cancel        = 8
)

const (
	// HeaderSize is the size of a frame's head.
	HeaderSize = 9
	// MaxFrame is the largest frame that we accept: the default, since we ask for no other.
	MaxFrame = 16384
	// MaxID is the last stream of a connection.
	MaxID = 1<<31 - 1
	// DefaultWindow is how much may be sent on a connection or stream before it is said otherwise.
	DefaultWindow = 65535
	// Window is how much we let the server send, per connection and per stream: as
	// much as there can be, so that flow control never holds a response up.
	Window = 1<<31 - 1
)

// ErrMalformed is a frame that breaks the protocol.
var ErrMalformed = errors.New("malformed HTTP/2 frame")

// Frame is a frame. Payload is a part of the buffer that it was read from.
type Frame struct {
	Type    Type
	Flags   byte
	Stream  uint32
	Payload []byte
}

// Next is the first frame of in, and its size there; size 0: it is not whole yet.
func Next(in []byte) (f Frame, size int, err error) {
	if len(in) < HeaderSize {
		return f, 0, nil
	}
	length := int(in[0])<<16 | int(in[1])<<8 | int(in[2])
	if length > MaxFrame {
		return f, 0, ErrMalformed
	}
	if len(in) < HeaderSize+length {
		return f, 0, nil
	}
	f = Frame{Type(in[3]), in[4], binary.BigEndian.Uint32(in[5:]) & MaxID, in[HeaderSize : HeaderSize+length]}
	return f, HeaderSize + length, nil
}

// Body is the payload of a DATA or HEADERS frame without padding and priority.
func (f Frame) Body() ([]byte, error) {
	p := f.Payload
	if f.Flags&Padded != 0 {
		if len(p) == 0 || len(p)-1 < int(p[0]) {
			return nil, ErrMalformed
		}
		p = p[1 : len(p)-int(p[0])]
	}
	if f.Type == Headers && f.Flags&HasPrio != 0 {
		if len(p) < 5 {
			return nil, ErrMalformed
		}
		p = p[5:]
	}
	return p, nil
}

// Code is the 32-bit number that RST_STREAM and WINDOW_UPDATE hold.
func (f Frame) Code() (uint32, error) {
	if len(f.Payload) != 4 {
		return 0, ErrMalformed
	}
	return binary.BigEndian.Uint32(f.Payload), nil
}

// Last is the last stream that the server has looked at, of a GOAWAY frame.
func (f Frame) Last() (uint32, error) {
	if len(f.Payload) < 8 {
		return 0, ErrMalformed
	}
	return binary.BigEndian.Uint32(f.Payload) & MaxID, nil
}

// NoTable begins a header block and says that the dynamic table has no room.
const NoTable = 0x20

// Setting is setting k of a SETTINGS frame; ok is false after the last.
func (f Frame) Setting(k int) (id uint16, value uint32, ok bool) {
	p := f.Payload
	if len(p) < 6*(k+1) {
		return 0, 0, false
	}
	p = p[6*k:]
	return binary.BigEndian.Uint16(p), binary.BigEndian.Uint32(p[2:]), true
}

// AppendFrame writes a frame.
func AppendFrame(dst []byte, t Type, flags byte, stream uint32, payload []byte) []byte {
	n := len(payload)
	dst = append(dst, byte(n>>16), byte(n>>8), byte(n), byte(t), flags)
	dst = binary.BigEndian.AppendUint32(dst, stream)
	return append(dst, payload...)
}

// AppendCode writes a frame that holds one number: RST_STREAM, WINDOW_UPDATE.
func AppendCode(dst []byte, t Type, stream, code uint32) []byte {
	return AppendFrame(dst, t, 0, stream, []byte{byte(code >> 24), byte(code >> 16), byte(code >> 8), byte(code)})
}

// AppendPreface begins a connection.
func AppendPreface(dst []byte) []byte {
	dst = append(dst, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"...)
	var settings []byte
	for _, s := range [][2]uint32{{SettingTableSize, 0}, {SettingPush, 0}, {SettingInitialWindow, Window}} {
		settings = binary.BigEndian.AppendUint16(settings, uint16(s[0]))
		settings = binary.BigEndian.AppendUint32(settings, s[1])
	}
	dst = AppendFrame(dst, Settings, 0, 0, settings)
	return AppendCode(dst, WindowUpdate, 0, Window-DefaultWindow)
}

// AppendHeaders writes a header block: HEADERS and, where it is long, CONTINUATION.
func AppendHeaders(dst []byte, stream uint32, block []byte, endStream bool) []byte {
	t, flags := Headers, byte(0)
	if endStream {
		flags = EndStream
	}
	for {
		piece := block[:min(len(block), MaxFrame)]
		block = block[len(piece):]
		if len(block) == 0 {
			flags |= EndHeaders
		}
		dst = AppendFrame(dst, t, flags, stream, piece)
		if len(block) == 0 {
			return dst
		}
		t, flags = Continuation, 0
	}
}
