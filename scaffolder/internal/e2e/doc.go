// Package e2e holds the test of the whole module, from the outside: documents in
// testdata/documents become servers for each framework, and what comes out is
// compiled, formatted, linted, started and asked. Pages of docs/scaffolder are followed
// from top to bottom.
//
// It needs node and npm. The packages that the servers depend on are installed once
// into the user's cache directory, by the lock file in testdata/npm.
package e2e
