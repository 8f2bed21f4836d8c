// Package contract writes the test of a generated server: one for each operation, with
// a request that the document allows, one that it does not, and the checks that answers
// must pass.
//
// Its data are operations; requests are made by sample, answers judged by a file of
// checks of their own. What leaves are contract.test.ts and answers.ts.
package contract
