package schemafile

// Options say where files are loaded.
type Options struct {
	// Owned: the whole server is ours, so that files may make roles, and roles
	// that they only name are made for them.
	Owned bool
	// KnownRoles are the roles of the live database; nil means that there is no
	// live database, and that any role will do.
	KnownRoles []string
	// Variables are set before each file is read, as psql -v does.
	Variables map[string]string
	// Lenient goes on without extensions that the server does not have, as long as
	// nothing needs them.
	Lenient bool
}

// Loaded says what was done beyond running the files.
type Loaded struct {
	Notes []string
	// Roles were named by the files and made, since the server is ours.
	Roles []string
	// Renames are the annotations "-- migrator:rename old new".
	Renames []Rename
	// Usings and Backfills are "-- migrator:using t.c = expression" and
	// "-- migrator:backfill t: UPDATE …".
	Usings    []Using
	Backfills []Backfill
	// Lacking are the extensions that the files ask for and the server does not have.
	Lacking []Extension
	// Left are the statements that want one of those, in vain.
	Left []Left
	// Versioned are the extensions for which a file names a version.
	Versioned []string
}
