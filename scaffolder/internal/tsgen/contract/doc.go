// Package contract writes what holds a server to its document: a test for each operation,
// with a request that the document allows and one that it does not, and the checks that
// answers must pass, in the test and where RESPONSE_CHECK asks for them.
//
// Its data are operations; requests are made by sample, answers judged by a file of
// checks of their own. What leaves are contract.test.ts and answers.ts.
package contract
