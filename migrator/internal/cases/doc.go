// Package cases holds the project's own pairs of schemas, one file a case, by
// kind of object: testdata/<kind>/<case>.txtar. Its only code is the test that
// runs them all on a real server (package judge).
//
// A case has a comment that says what it is about, and these files:
//
//	old.sql, new.sql  the two schemas
//	rows.sql          rows of the old schema, where they matter
//	keep.sql          queries whose answers must survive up and down
//	up.sql, down.sql  what the planner writes (go test -update rewrites them)
//
// A line "Since: 16" or "Until: 16" in the comment names the first or the last
// major version of PostgreSQL that has what the case is about; MIGRATOR_TEST_POSTGRES=16
// runs all cases on that version, with a server that is downloaded once.
//
// A line "Known: why" in the comment says that the case does not hold yet; the
// test fails when it does.
package cases
