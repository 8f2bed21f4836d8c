// Package limiter verifies a rate limiter from outside: how many requests it lets
// through in which time, how it refuses the others, whether its headers tell the
// truth, and when it lets requests in again.
//
// Verify makes a run against it and watches every answer (Watch), then stays
// away for as long as the limiter asked and tries again. Learn makes a Model of
// what was seen, and Model.Checks judges it. The engine's Observe hook is where
// the data comes from.
package limiter
