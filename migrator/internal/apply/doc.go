// Package apply runs migration files on a database.
package apply
