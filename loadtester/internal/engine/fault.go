package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// streamError has the fields of net/http's own error of a reset stream, which
// fills any struct of this form that errors.As is given.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (streamError) Error() string { return "stream reset" }

// classify finds the cause of err. timeout is the class of one that came too
// late, other of one that nothing is known of.
func classify(err error, timeout, other record.Class) record.Class {
	var (
		known *dialError
		dns   *net.DNSError
		cert  *tls.CertificateVerificationError
		alert tls.AlertError
		head  tls.RecordHeaderError
		auth  x509.UnknownAuthorityError
		host  x509.HostnameError
		nerr  net.Error
		reset streamError
	)
	if class, ok := classOfQUIC(err, timeout); ok && !errors.As(err, &known) {
		return class
	}
	switch {
	case errors.As(err, &known):
		return known.class
	case errors.As(err, &reset) && reset.Cause != nil && reset.Cause.Error() == "received from peer": // else the client found the stream at fault
		return record.StreamReset
	case errors.As(err, &dns):
		return record.DNS
	case errors.As(err, &cert), errors.As(err, &alert), errors.As(err, &head), errors.As(err, &auth), errors.As(err, &host):
		return record.TLSFailed
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return timeout
	case errors.As(err, &nerr) && nerr.Timeout():
		return timeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return record.Closed
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		return classifyErrno(number, timeout, other)
	}
	return other
}

func classifyErrno(number syscall.Errno, timeout, other record.Class) record.Class {
	switch number {
	case syscall.ECONNREFUSED:
		return record.Refused
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED:
		return record.Reset
	case syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN:
		return record.Unreachable
	case syscall.ETIMEDOUT:
		return timeout
	case syscall.EADDRNOTAVAIL, syscall.EADDRINUSE:
		return record.PortsExhausted
	case syscall.EMFILE, syscall.ENFILE:
		return record.FilesExhausted
	}
	return other
}
