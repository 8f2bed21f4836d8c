// Package runreport makes a report.Report of a result.Result: the text that
// people read and the JSON that programs are promised (data.go).
//
// Data comes from package result (and findings from package advice, verdicts
// from package expect, through cli) and goes to shared/report. It measures and
// judges nothing but the generator itself (verdict.go).
package runreport
