// Package report is what the tools have in common in front of their users: one
// model of a report (Report) and its renderers: text, markdown, json, html,
// JUnit XML and GitHub annotations.
//
// A tool fills a Report from its own result and calls Write. The package knows
// nothing of load tests, databases or OpenAPI, and imports nothing of ours.
//
// Admission to the module shared: used by at least two tools today, and about
// what users see. What one tool alone needs lives in that tool.
package report
