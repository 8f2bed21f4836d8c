// Package operation names what is generated for each operation, and knows its path.
//
// Its data are the operations of an api.API. It leaves out those that cannot be routed,
// groups those that share a route, sorts them by specificity, and writes paths in the
// syntax that frameworks have.
package operation
