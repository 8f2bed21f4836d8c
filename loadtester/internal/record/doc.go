// Package record is what a run saw: histograms of times, a cell for each second,
// counts by status and by cause of failure.
//
// A Record has one writer and no lock. Each loop of the engine fills its own, and
// Merge adds them up: loops, machines and files are all merged by addition. Its
// size does not depend on the number of requests, and recording allocates nothing;
// the seconds are folded in pairs when a run gets long.
//
// Data comes from package engine and goes to package result. hdrhistogram-go is
// imported here only.
package record
