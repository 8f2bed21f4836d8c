// Package schemafile loads .sql files into a scratch database: what the files
// mean is what PostgreSQL makes of them. The files may lie in any order, come
// from pg_dump, or be the migrations of another tool.
package schemafile
