// Package answer writes what an operation may answer: the types of responses, the
// examples that stubs give, the form in which values are sent, and the schemas by which
// Fastify writes them.
//
// Its data are the responses of operations; it asks declare for types and complete for
// plans.
package answer
