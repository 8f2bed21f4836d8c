// Package target is WHAT a load test sends.
//
// Importers (the packages below this one, and FromURL) make Specs: requests as
// a user wrote them. Compile checks the Specs and makes a Set of them: wire
// bytes laid out once, so that the engine only writes them.
//
// Request i of a Set is a pure function of the Set and i: which target is taken,
// what {{seq}}, {{uuid}} and {{rand}} give, which row of a feeder is read. So
// shards, machines and retries need no coordination, and a run with the same
// seed sends the same requests. The one exception is {{now}}, the clock.
//
// A target without places to fill is static: its bytes are shared, read-only,
// and sending it allocates nothing. Places are filled into a Scratch that the
// caller owns and that stops growing after the first requests.
//
// The package imports the standard library and shared/problem only.
package target
