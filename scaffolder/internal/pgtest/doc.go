// Package pgtest starts a PostgreSQL server for the tests of this module, with the
// programs of this machine, on a free port of loopback and with a directory that goes
// away with the test. Tests that need one fail where PostgreSQL is not installed. Those
// of another version run where its initdb is the first on PATH.
package pgtest
