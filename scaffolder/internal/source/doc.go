// Package source reads existing TypeScript and JavaScript servers: it goes from an entry
// file to the API that the code offers. Its rooms do the parts (see their doc.go); here
// they are put together: which file to begin with, evaluating it, walking the mounts,
// running the handlers, and describing what was found as an api.API.
//
// Nothing is written and nothing of the project is run.
package source
