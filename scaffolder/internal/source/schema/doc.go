// Package schema reads the schemas that code is written with: zod, Joi, yup, TypeBox,
// plain JSON Schema objects, celebrate, express-validator. It takes values of package
// eval, where a schema is a term (how it was made), and gives api.Schemas; and it says
// which part of a request a call judges.
//
// What JSON Schema cannot say (refine, custom, when) is left out: a schema that was
// read passes at least what the code lets pass. A schema that a variable holds and
// that is used as a whole becomes a component of the variable's name, in Names.
package schema
