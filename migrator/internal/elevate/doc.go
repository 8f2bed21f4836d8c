// Package elevate lets a schema be loaded by a role that is no superuser. What
// PostgreSQL lets only a superuser make (an event trigger, an untrusted
// extension, a function in C, an operator class …) is made for that role,
// statement by statement, from a list of kinds in which no foreign code runs.
//
// Its data are the statements that are sent to a scratch database, from schema
// files and plans; they go to the server through Guard. Setup makes a cluster
// ready for it: the superuser cannot log in, the roles that reach files and
// programs are gone, and a schema of our own (pg_migrator) holds the few
// functions that raise the role, within one transaction and for one statement,
// to whoever knows the token of the run. Nobody else ever sees the raised role:
// that state is never committed. While it lasts event triggers and validators of
// the schema are out of force. What was made and could be a way out (a function
// in C, a file that a foreign table reads) is put out of use at once, and is what
// it was only while a catalog is read.
package elevate
