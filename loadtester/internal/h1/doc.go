// Package h1 reads HTTP/1.1 responses as they arrive, in any pieces, without
// allocating and without keeping the body.
//
// A Parser is fed bytes (Feed) and the end of the stream (EOF) and says when a
// response is whole. It knows content-length, chunked with trailers, responses
// that end with the connection, 1xx, responses without a body, and HTTP/1.0. It
// is strict where leniency would miscount: two lengths, a length that is no
// number, or bytes after the response are errors.
//
// Data comes from the engine's loops; nothing is imported but the standard library.
package h1
