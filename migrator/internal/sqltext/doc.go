// Package sqltext reads SQL text as PostgreSQL and psql read it: tokens, and
// statements with their places. It knows the lexical rules only (quotes, dollar
// quotes, nested comments, BEGIN ATOMIC bodies, psql's meta-commands and COPY
// data); what a statement means is the server's business.
//
// Text comes from schema and migration files; statements go to schemafile,
// migfile, apply and lint.
package sqltext
