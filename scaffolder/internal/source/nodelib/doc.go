// Package nodelib is what node's own modules and a few small packages do to values:
// paths, directories, patterns of files, timers, containers. Of all others the
// evaluator keeps terms, which is enough for what is not needed to find routes.
//
// It asks package project for files, so that a directory of a build that is not there
// is the directory of its sources, and reads no file outside of it.
package nodelib
