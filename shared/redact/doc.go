// Package redact takes secrets out of what the tools print: connection
// strings, URLs, headers, and any stream.
//
// It reads texts lexically, so that malformed ones are covered too, and prefers
// to hide too much: Mask stands for whatever might be a secret.
package redact

// Mask stands where a secret was.
const Mask = "***"
