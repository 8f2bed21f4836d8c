// Package apply runs migration files on a database in use.
//
// A file's transactional part and its row in the history table commit in one
// transaction, so whatever happens leaves nothing or everything. Statements
// that PostgreSQL refuses inside of a transaction are recorded one by one, and
// a run that was cut off goes on where it stopped. One run at a time holds an
// advisory lock; locks on tables are waited for briefly and tried again.
package apply
