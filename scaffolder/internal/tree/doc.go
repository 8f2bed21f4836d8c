// Package tree brings generated files into a directory: it plans what would
// change, and writes, shows or checks that plan. It is the only package of
// scaffolder that writes files.
//
// Two kinds of file are told apart (Owner). Tool-owned files are rewritten on
// each run; one that somebody edited stops the run. User-owned files are written
// once and keep every byte afterwards; only stubs of new operations are appended.
// The manifest .scaffolder.json in the output directory records both kinds, with
// hashes of what was written.
//
// Nothing is ever written outside the output directory, and each file appears
// whole or not at all.
package tree
