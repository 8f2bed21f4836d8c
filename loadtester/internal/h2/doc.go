// Package h2 is the part of HTTP/2 (RFC 9113) and HPACK (RFC 7541) that a load
// generator needs: it makes request frames whose bytes can be laid out once, and
// reads response frames without allocating.
//
// Both directions go without HPACK's dynamic table: our encoder does not use it,
// and our settings forbid it to the server. So a header block means the same on
// every connection, and of a response only the status has to be decoded.
//
// Data comes from the engine's loops. golang.org/x/net/http2/hpack gives the
// Huffman code, and whole heads where somebody wants to see them.
package h2
