// Package traffic runs a migration file on a scratch database with many rows,
// beside clients that read and write its tables, and says what they felt: for
// how long a table could not be read or written, which clients failed, and what
// both schemas have and was not there for a while.
//
// What comes in is a file, the catalogs before and after it, and a connection;
// what goes out is an Outcome. It fills no tables: package proof does.
package traffic
