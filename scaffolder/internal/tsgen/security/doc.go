// Package security writes what a server knows of its security schemes: where each has
// its secret, what proves it, and what an operation asks for.
//
// Its data are the schemes and requirements of an api.API; what leaves are tables for
// security.ts, auth.ts and the contract test.
package security
