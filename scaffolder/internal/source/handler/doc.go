// Package handler runs the handlers and middleware of endpoints on a symbolic request
// and response, and keeps what they do as Facts: which parts of the request they read
// and what they take them for, which schemas judge them, what they send and with which
// status, what they throw, and whether they pass the request on.
//
// Handlers are values from package route; they are run by the evaluator that made them,
// so that helpers, wrappers and destructuring need no rules of their own. Each is run
// once, however many endpoints it stands before.
package handler
