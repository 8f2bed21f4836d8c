// Package reconcile puts an API that was read from code and a document of it together.
// The code decides what there is; the document gives what only people write: titles,
// descriptions, examples, servers, names. Where they disagree it says so.
//
// Keep is for a document that stands where the new one goes. Carried is for a project
// that scaffolder generated, which carries the document that it was generated from:
// there the document is the base, and the code says which of its operations are still
// there. Compare says how two models differ. All of it works on package api.
package reconcile
