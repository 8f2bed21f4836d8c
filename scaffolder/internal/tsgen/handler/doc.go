// Package handler is the function of the user's that answers an operation, as a fresh
// project has it: the shape that whoever writes handlers gives (a stub with an example
// of the document, a call of a data layer).
//
// To write real handlers, give tsgen.Options.Handlers a function from an operation to
// a Handler: its argument, its statements, and what its file imports. The files that it
// imports from are added to the files that tsgen.Generate returns, the packages of npm
// to Options.Dependencies. Handlers are the user's: written once, later ones appended
// to their file together with the imports that it lacks.
package handler
