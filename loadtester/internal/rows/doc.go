// Package rows writes one row for each request of a run, as ndjson or csv, for
// those who want the raw data: to judge it by their own means, or to join it with
// a server's log.
//
// Rows come from the engine's loops (record.Outcome) and are written by a
// goroutine of their own. What waits between them is bounded: where the file does
// not keep up, the loops wait too, and their lateness is measured as always. No
// row is lost.
package rows
