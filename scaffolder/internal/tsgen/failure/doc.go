// Package failure writes the forms in which errors leave a server: those that a document
// declares for 4xx, 5xx and default, as functions of the errors that the server knows.
//
// Its data are the responses of operations. What leaves are the text of errors.ts, which
// is the user's from then on, and for each operation which form its errors have.
package failure
