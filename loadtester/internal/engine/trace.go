package engine

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// walked adds what a walk has found in its last response.
func (t *Trace) walked(session *target.Session) {
	if session == nil {
		return
	}
	if t.Status != 0 {
		t.Taken = session.Taken()
	}
	if t.Reason == nil {
		t.Reason = session.Err()
	}
}

// version is the protocol's name in a request line.
func (o *Options) version() string {
	switch {
	case o.Protocol == HTTP3:
		return "HTTP/3"
	case o.muxed():
		return "HTTP/2"
	}
	return "HTTP/1.1"
}

// wireOf writes a message as HTTP/1.1 would send it.
func wireOf(m *target.Message, version string) []byte {
	text := fmt.Appendf(nil, "%s %s %s\r\nHost: %s\r\n", m.Method, m.Path, version, m.Authority)
	for _, f := range m.Fields {
		if version != "HTTP/1.1" && ofConnection(strings.ToLower(f.Name)) {
			continue
		}
		text = append(text, f.Name+": "+f.Value+"\r\n"...)
	}
	if len(m.Body) > 0 {
		text = append(text, "Content-Length: "+strconv.Itoa(len(m.Body))+"\r\n"...)
	}
	return append(append(text, "\r\n"...), m.Body...)
}

// ofConnection says that a header belongs to a connection of HTTP/1.1.
func ofConnection(name string) bool {
	switch name {
	case "host", "connection", "content-length", "transfer-encoding", "keep-alive", "proxy-connection", "upgrade":
		return true
	}
	return false
}
