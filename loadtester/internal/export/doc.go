// Package export writes results in forms that other programs read and that are
// not a report: CSV per second, HdrHistogram's percentile table (.hgrm), and
// Prometheus' text.
//
// Data comes from package result (and, while a run goes on, from the engine's
// progress through cli) and goes to a writer.
package export
