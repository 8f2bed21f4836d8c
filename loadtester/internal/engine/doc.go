// Package engine sends: it takes what (a target.Set) and when (a pace.Schedule)
// and fills a record.Record for each group of targets.
//
// On Linux and the BSDs an ordinary run goes through event loops (loop*.go): one
// goroutine locked to its thread per loop, with its own connections, its own slice
// of the schedule and its own Records. Connections are dialled by ordinary Go code
// (dial.go) and handed to a loop when they are ready. Everything else (Windows,
// proxies, redirects) goes through net/http (classic.go), over HTTP/1.1 by a
// transport that reads and sends again as the loops do (serial.go). Path says which
// one a run takes.
//
// Open loop: a request's latency counts from its intended time, also when it had
// to wait for a connection. What waits is not stored anywhere: it is the part of
// the schedule between the loop's place in it and now.
package engine
