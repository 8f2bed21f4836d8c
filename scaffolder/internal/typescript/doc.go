// Package typescript writes TypeScript: documents that are laid out flat or broken
// as prettier does it, statements, literals and comments, types, names, and files
// that know what they import.
//
// It knows no API and no framework. The rooms of tsgen hand it texts, and get code:
// every text of a document passes the one door in literal.go on its way into a
// string, a template or a comment, and becomes a name by the alphabet of names.go.
// What it writes is in its final form: prettier (100 columns, single quotes)
// changes nothing.
package typescript
