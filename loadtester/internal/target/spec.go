package target

import "time"

// Field is one header field. Order and case are kept as they were given.
type Field struct {
	Name  string
	Value string
}

// Spec is a request as its author wrote it, before it is checked and compiled.
type Spec struct {
	Name   string // for reports; empty: "METHOD /path" without secrets
	Method string // empty: GET, or POST where there is a body
	URL    string // absolute; a fragment is dropped
	Header []Field
	Body   []byte

	// Weight is this target's share of the requests among all of a Set. When no
	// target has one, they are taken in turn.
	Weight float64

	// Template says that {{…}} in URL, header values and body are places to
	// fill. Recorded requests (HAR, logs) are sent as they are.
	Template bool

	// Exact says that the header is whole: no Content-Type is guessed.
	Exact bool
	// Verbatim says that another tool has written the request: its path is sent as
	// it stands, and no length is given for a body that is nil.
	Verbatim bool

	// NoAgent says that no User-Agent is sent where the Spec has none.
	NoAgent bool

	// At is when a recorded request was sent, from the recording's start.
	At time.Duration

	// Save takes values from the response into the session, for later steps of
	// the chain. Expect is the step's wanted statuses; empty: below 400.
	Save   []Save
	Expect []int

	// Where the spec was written, for error messages.
	File string
	Line int
}

// Save names a value of a response that later steps use as {{$name}}.
type Save struct {
	Name string
	From Source
	Path string // a header's or cookie's name; a path into a JSON body: data.items.0.token
}

// Source is the part of a response that a Save reads.
type Source int

const (
	FromBody Source = iota
	FromHeader
	FromCookie
)

// Options are what a Set is compiled with.
type Options struct {
	Seed      uint64
	UserAgent string   // sent where the Spec has none; empty: none is sent
	Close     bool     // ask the server to close the connection after each response
	Feeders   []Feeder // rows for {{feeder.column}}

	// Recorded keeps the Specs' times: the Set gets Offsets, and its targets
	// are sent in turn, each at its time.
	Recorded bool

	// Paired says that the second half of the Specs are those of another server,
	// in the same order: requests 2k and 2k+1 are the same one to both, with the
	// same values in its places, in an order that is drawn.
	Paired bool

	// Chain makes the Specs the steps of one session instead of independent
	// targets. Cookies keeps a cookie jar in each session.
	Chain   bool
	Cookies bool

	// Env answers {{env NAME}}; nil refuses it.
	Env func(name string) (value string, ok bool)
}
