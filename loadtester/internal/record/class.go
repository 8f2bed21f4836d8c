package record

import "fmt"

// Class is why a request failed. Answers with a status that is not a success are
// counted by status, not here; in the cells of a series they have classes of their own.
type Class uint8

const (
	OK              Class = iota
	DNS                   // the name has no address
	Refused               // nobody listens there
	Unreachable           // no route to the host
	ConnectTimeout        // no connection in time
	ConnectFailed         // another fault while connecting
	PortsExhausted        // no free local port: connections are opened faster than the system lets them go
	FilesExhausted        // the limit of open files is reached
	TLSTimeout            // no handshake in time
	TLSFailed             // the handshake failed: certificate, protocol
	SendFailed            // the connection broke while the request was written
	NoAnswerTimeout       // sent, but no first byte in time
	BodyTimeout           // the response began, but did not end in time
	Reset                 // the connection was reset
	Closed                // the server closed the connection before the response was whole
	Malformed             // the response is not HTTP
	TooLarge              // the response is longer than the limit
	Saturated             // no connection was free and the run was told not to wait
	UnexpectedBody        // the body is not the expected one
	UnwantedStatus        // a step of a chain was answered with another status than it expects
	NothingSaved          // a response has not what a later step needs of it
	RedirectLoop          // more redirects than a client follows
	ForeignRedirect       // a redirect to a server that the user has not named
	Flooded               // the server asks for more answers (PING, SETTINGS) than it takes
	StreamReset           // the server ended one stream of HTTP/2 or HTTP/3; its connection lives on
	Other

	// In cells only: responses that were not a success, by their status.
	Status429
	Status4xx
	Status5xx
	StatusOther

	NumClasses
)

var classes = [NumClasses]struct{ key, text string }{
	OK:              {"ok", "OK"},
	DNS:             {"dns", "Unknown host"},
	Refused:         {"connection_refused", "Connection refused"},
	Unreachable:     {"unreachable", "Host unreachable"},
	ConnectTimeout:  {"connection_timeout", "Connection timeout"},
	ConnectFailed:   {"connection_failed", "Connection failed"},
	PortsExhausted:  {"ports_exhausted", "No free local port"},
	FilesExhausted:  {"files_exhausted", "Too many open files"},
	TLSTimeout:      {"tls_timeout", "TLS handshake timeout"},
	TLSFailed:       {"tls_failed", "TLS handshake failed"},
	SendFailed:      {"send_failed", "Sending failed"},
	NoAnswerTimeout: {"response_timeout", "Response timeout"},
	BodyTimeout:     {"body_timeout", "Body timeout"},
	Reset:           {"connection_reset", "Connection reset"},
	Closed:          {"connection_closed", "Connection closed early"},
	Malformed:       {"malformed_response", "Malformed response"},
	TooLarge:        {"response_too_large", "Response too large"},
	Saturated:       {"saturated", "No connection free"},
	UnexpectedBody:  {"unexpected_body", "Unexpected body"},
	UnwantedStatus:  {"unwanted_status", "Unwanted status of a step"},
	NothingSaved:    {"nothing_saved", "Nothing to save in the response"},
	RedirectLoop:    {"redirect_loop", "Redirect loop (more than 10)"},
	ForeignRedirect: {"foreign_redirect", "Redirect to another server"},
	Flooded:         {"flooded", "Flood of control frames"},
	StreamReset:     {"stream_reset", "Stream reset"},
	Other:           {"other", "Other error"},
	Status429:       {"status_429", "HTTP 429"},
	Status4xx:       {"status_4xx", "HTTP 4xx"},
	Status5xx:       {"status_5xx", "HTTP 5xx"},
	StatusOther:     {"status_other", "Other status"},
}

// Key is the class's stable name in JSON.
func (c Class) Key() string {
	if c >= NumClasses {
		return fmt.Sprintf("class_%d", uint8(c))
	}
	return classes[c].key
}

// String is the class in a report.
func (c Class) String() string {
	if c >= NumClasses {
		return c.Key()
	}
	return classes[c].text
}

// ParseClass is the inverse of Key.
func ParseClass(key string) (Class, bool) {
	for c, names := range classes {
		if names.key == key {
			return Class(c), true
		}
	}
	return OK, false
}

// StatusClass is the class of a status that was not a success, for a cell.
func StatusClass(status int) Class {
	switch {
	case status == 429:
		return Status429
	case status >= 400 && status < 500:
		return Status4xx
	case status >= 500 && status < 600:
		return Status5xx
	}
	return StatusOther
}

// Answered says whether a whole response came, which was not as expected: it
// counts in the latency and the statuses like any other.
func (c Class) Answered() bool {
	return c == UnexpectedBody || c == UnwantedStatus || c == NothingSaved || c.Redirect()
}

// Redirect says whether the whole response is a redirect that nobody may follow.
func (c Class) Redirect() bool { return c == RedirectLoop || c == ForeignRedirect }

// Timed says whether such a failure counts in the latency: it has an end that is
// the server's.
func (c Class) Timed() bool { return c.Timeout() || c.Answered() || c == TooLarge }

// Timeout says whether the request ended because its time was over: such a
// request counts in the latency with the time that it was waited for.
func (c Class) Timeout() bool {
	switch c {
	case ConnectTimeout, TLSTimeout, NoAnswerTimeout, BodyTimeout:
		return true
	}
	return false
}
