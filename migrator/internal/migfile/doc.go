// Package migfile reads and writes migration files: a plan becomes text, and
// text (ours or anybody's) becomes the segments that apply runs.
//
// Our own file runs as it stands under psql too: transactional segments stand
// between BEGIN and COMMIT, the others outside.
package migfile
