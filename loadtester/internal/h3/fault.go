package h3

import (
	"errors"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// Fault is what an error of the pool means.
type Fault int

// The faults.
const (
	Unknown   Fault = iota // nothing of QUIC's: a fault of the network, a time that is over
	Lookup                 // the name has no address
	TLS                    // the handshake failed
	Silent                 // nobody answered, in a handshake or on a connection that stood
	Reset                  // the server does not know the connection any more
	Closed                 // the server closed the connection
	StreamEnd              // the server ended one stream; its connection lives on
	Malformed              // what came is not HTTP/3, or not QUIC
)

// lookupError is a name without an address.
type lookupError struct{ error }

func (e *lookupError) Unwrap() error { return e.error }

// FaultOf says what err means.
func FaultOf(err error) Fault {
	var (
		lookup    *lookupError
		transport *quic.TransportError
		stream    *quic.StreamError
		app       *quic.ApplicationError
		frame     *http3.Error
		idle      *quic.IdleTimeoutError
		handshake *quic.HandshakeTimeoutError
		stateless *quic.StatelessResetError
		version   *quic.VersionNegotiationError
	)
	switch {
	case errors.As(err, &lookup):
		return Lookup
	case errors.As(err, &transport) && transport.ErrorCode.IsCryptoError(), errors.As(err, &version):
		return TLS
	case errors.As(err, &idle), errors.As(err, &handshake):
		return Silent
	case errors.As(err, &stateless):
		return Reset
	case errors.As(err, &stream):
		return byPeer(stream.Remote, StreamEnd)
	case errors.As(err, &app):
		return byPeer(app.Remote, Closed)
	case errors.As(err, &transport):
		return byPeer(transport.Remote, Closed)
	case errors.As(err, &frame):
		return byPeer(frame.Remote, StreamEnd)
	}
	return Unknown
}

// byPeer is fault where the server said so; what our side ended it found wrong.
func byPeer(remote bool, fault Fault) Fault {
	if remote {
		return fault
	}
	return Malformed
}
